"""The sums of the summaries, against the facts by which the cases are counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from cases.data_checks.registry import REFRESH_ALL, Finding, Options, checks
from cases.facts import CaseFacts, Count, Key
from cases.models import StoredFacts, Tally
from cases.summaries import NUMBERS, total

SHOWN = 20


def check_tallies(options: Options) -> Iterator[Finding]:
    expected, stored = from_facts(), summed()
    wrong = sorted(
        key for key in expected.keys() | stored.keys() if expected.get(key) != stored.get(key)
    )
    for key in wrong[:SHOWN]:
        counts = stored.get(key, Count()).total, expected.get(key, Count()).total
        yield Finding(
            f"summary {' '.join(filter(None, key))}",
            f"says {counts[0]:,} of {counts[1]:,}, or decisions that the cases don't have",
            REFRESH_ALL,
        )


def from_facts() -> dict[Key, Count]:
    facts = StoredFacts.objects.values_list("facts", flat=True).iterator(chunk_size=500)
    return total(map(CaseFacts.of_json, facts))


def summed() -> dict[Key, Count]:
    rows = (
        Tally.objects.values_list(*Key._fields)
        .annotate(**{f"sum_{name}": Sum(name) for name in NUMBERS})
        .order_by()
    )
    return {Key(*row[:4]): Count(*row[4:]) for row in rows if any(row[4:])}


checks.append(check_tallies)

"""Keeps the index in which precedents are looked for; `cases.derived` calls it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from cases.bulk import insert_values
from cases.facts import CaseFacts, IssueFacts
from cases.models import Issue, PastRequest, RequestWord


def record_requests(issues: Sequence[Issue], facts: CaseFacts) -> None:
    """Brings the rows of one case's issues up to date; what did not change is left alone."""
    stored = PastRequest.objects.in_bulk([issue.pk for issue in issues])
    changed = [
        (issue, one)
        for issue, one in zip(issues, facts.issues, strict=True)
        if not same(stored.get(issue.pk), issue, one)
    ]
    if changed:
        gone = [issue.pk for issue, _ in changed]
        RequestWord.objects.filter(issue__in=gone).delete()
        PastRequest.objects.filter(issue__in=gone).delete()
        add_rows(changed)


NAMES = ("category", "subcategory", "body_parts", "decision", "words", "guidelines")


def same(row: PastRequest | None, issue: Issue, facts: IssueFacts) -> bool:
    return row is not None and tuple(getattr(row, name) for name in NAMES) == asked(issue, facts)


def asked(issue: Issue, facts: IssueFacts) -> tuple:
    """The values of the row, as NAMES has them."""
    return (
        facts.category,
        facts.subcategory,
        issue.body_parts,
        facts.decision,
        " ".join(facts.words),
        guidelines_of(facts),
    )


def record_new_requests(cases: Iterable[tuple[Sequence[Issue], CaseFacts]]) -> None:
    add_rows([pair for issues, facts in cases for pair in zip(issues, facts.issues, strict=True)])


def add_rows(pairs: Sequence[tuple[Issue, IssueFacts]]) -> None:
    rows = [(issue.pk, *asked(issue, facts)) for issue, facts in pairs]
    insert_values(PastRequest, ("issue_id", *NAMES), [as_columns(row) for row in rows])
    insert_values(
        RequestWord,
        ("issue_id", "category", "word"),
        [
            (issue.pk, facts.category, word)
            for issue, facts in pairs
            for word in (*facts.words, *map(part_word, dict.fromkeys(issue.body_parts)))
        ],
    )


def as_columns(row: tuple) -> tuple:
    return tuple(json.dumps(one) if isinstance(one, list) else one for one in row)


def part_word(part: str) -> str:
    """Stands among a request's words for a part of the body; no word of a text has a colon."""
    return f"body:{part}"


def guidelines_of(facts: IssueFacts) -> list[str]:
    return sorted({*facts.claims, *facts.maximus})

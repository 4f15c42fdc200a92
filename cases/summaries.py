"""Counts of all cases and issues, kept up to date so that no page counts rows.

`record_facts` is called wherever a case changes, in its transaction; `counted` reads. Between them
stands `Tally`, to which rows are only ever added; see docs/decisions/0010-summaries.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import islice
from operator import or_

from django.db import transaction
from django.db.models import Count as HowMany
from django.db.models import Q, Sum
from django.db.models.signals import post_delete
from django.dispatch import receiver

from cases.bulk import insert_values
from cases.facts import (
    CaseFacts,
    Count,
    Counts,
    Key,
    Mark,
    change,
    facts_of,
    marks_of,
    tallied,
)
from cases.models import Case, StoredFacts, Tally

NUMBERS = Count._fields
BATCH = 2000


def record_facts(case: Case, facts: CaseFacts) -> None:
    """Counts a case by its new facts instead of those it was counted by before."""
    stored = StoredFacts.objects.filter(case=case).first()
    before = CaseFacts.of_json(stored.facts) if stored else None
    if facts == before:
        return
    StoredFacts.objects.update_or_create(case=case, defaults={"facts": facts.as_json()})
    add_tallies(change(before, facts))


def record_new(cases: Sequence[tuple[Case, CaseFacts]]) -> None:
    """Counts many cases that were not counted yet."""
    rows = [(case.pk, json.dumps(facts.as_json())) for case, facts in cases]
    insert_values(StoredFacts, ("case_id", "facts"), rows)
    add_tallies(total(facts for _, facts in cases))


def total(many: Iterable[CaseFacts]) -> Counts:
    marks: Counter[Mark] = Counter()
    for facts in many:
        marks.update(marks_of(facts))
    return tallied(marks)


@receiver(post_delete, sender=StoredFacts, dispatch_uid="a deleted case counts no more")
def uncount(instance: StoredFacts, **_: object) -> None:
    add_tallies(change(CaseFacts.of_json(instance.facts), None))


def add_tallies(counts: Counts) -> None:
    insert_values(Tally, (*Key._fields, *NUMBERS), [(*key, *n) for key, n in counts.items()])


def counted(dimension: str, scopes: Iterable[str] = ("",)) -> dict[tuple[str, str], Count]:
    """What stands under a dimension, summed over scopes that don't overlap; in no order.

    One statement, so that a fold going on beside it is seen whole or not at all.
    """
    rows = (
        Tally.objects.filter(scope__in=list(scopes), dimension=dimension)
        .values_list("first", "second")
        .annotate(**{name: Sum(name) for name in NUMBERS})
        .order_by()
    )
    return {(first, second): Count(*n) for first, second, *n in rows if any(n)}


def fold(most: int = BATCH) -> int:
    """Puts one row in place of the many of a key; how many keys it did.

    Rows that another fold has in hand are left to it, so no two ever count a row twice.
    """
    fields = Key._fields
    crowded = (
        Tally.objects.values_list(*fields)
        .annotate(rows=HowMany("pk"))
        .filter(rows__gt=1)
        .order_by("-rows")[:most]
    )
    keys = [Key(*row[:-1]) for row in crowded]
    for start in range(0, len(keys), 50):
        fold_keys(keys[start : start + 50])
    return len(keys)


@transaction.atomic
def fold_keys(keys: Sequence[Key]) -> None:
    wanted = reduce(or_, (Q(**key._asdict()) for key in keys))
    rows = Tally.objects.select_for_update(skip_locked=True).filter(wanted)
    taken: list[int] = []
    sums: dict[Key, list[int]] = {}
    for row in rows:
        taken.append(row.pk)
        key = Key(row.scope, row.dimension, row.first, row.second)
        numbers = [getattr(row, name) for name in NUMBERS]
        sums[key] = [a + b for a, b in zip(sums.get(key, Count()), numbers, strict=True)]
    Tally.objects.filter(pk__in=taken).delete()
    add_tallies({key: Count(*numbers) for key, numbers in sums.items() if any(numbers)})


@transaction.atomic
def retally() -> None:
    """Counts anew from the stored facts, where a migration emptied the tallies: what follows from
    the facts may have become more."""
    if Tally.objects.exists():
        return
    stored = StoredFacts.objects.values_list("facts", flat=True).iterator(chunk_size=BATCH)
    while facts := [CaseFacts.of_json(data) for data in islice(stored, BATCH)]:
        add_tallies(total(facts))
    fold()


def recount() -> Counts:
    """What the summaries should say, from the cases themselves: slow, for tests and repairs."""
    return total(facts for _, facts in all_facts())


def all_facts() -> Iterable[tuple[Case, CaseFacts]]:
    cases = Case.objects.prefetch_related("issues__citations", "flags").order_by("pk")
    for case in cases.iterator(chunk_size=500):
        issues = sorted(case.issues.all(), key=lambda issue: issue.position)
        citations = [row for issue in issues for row in issue.citations.all()]
        yield case, facts_of(case, issues, citations, case.flags.all())


@transaction.atomic
def rebuild() -> None:
    """Counts everything anew."""
    Tally.objects.all().delete()
    StoredFacts.objects.all()._raw_delete(StoredFacts.objects.db)
    batch: list[tuple[Case, CaseFacts]] = []
    for one in all_facts():
        batch.append(one)
        if len(batch) == BATCH:
            record_new(batch)
            batch.clear()
    record_new(batch)
    fold()

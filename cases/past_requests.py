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
        if not same(stored.get(issue.pk), one)
    ]
    if changed:
        gone = [issue.pk for issue, _ in changed]
        RequestWord.objects.filter(issue__in=gone).delete()
        PastRequest.objects.filter(issue__in=gone).delete()
        add_rows(changed)


def same(row: PastRequest | None, facts: IssueFacts) -> bool:
    return row is not None and (row.category, row.decision, row.words, row.guidelines) == (
        facts.category,
        facts.decision,
        " ".join(facts.words),
        guidelines_of(facts),
    )


def record_new_requests(cases: Iterable[tuple[Sequence[Issue], CaseFacts]]) -> None:
    add_rows([pair for issues, facts in cases for pair in zip(issues, facts.issues, strict=True)])


def add_rows(pairs: Sequence[tuple[Issue, IssueFacts]]) -> None:
    insert_values(
        PastRequest,
        ("issue_id", "category", "decision", "words", "guidelines"),
        [
            (
                issue.pk,
                facts.category,
                facts.decision,
                " ".join(facts.words),
                json.dumps(guidelines_of(facts)),
            )
            for issue, facts in pairs
        ],
    )
    insert_values(
        RequestWord,
        ("issue_id", "category", "word"),
        [(issue.pk, facts.category, word) for issue, facts in pairs for word in facts.words],
    )


def guidelines_of(facts: IssueFacts) -> list[str]:
    return sorted({*facts.claims, *facts.maximus})

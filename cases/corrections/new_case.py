"""A case as its letter is first read: made without the database, then inserted at once.

`refresh_case` would change nothing of it. What takes time (comparing the sides, cutting texts into
words) is done in `build_case`, before the transaction that inserts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.corrections.claim_facts import Receipt, insert_claim_facts
from cases.corrections.missing_flags import empty_values, is_obsolete
from cases.corrections.queue import needs_correction
from cases.corrections.record_values import (
    SIDES,
    case_values,
    category_rule,
    citation_values,
    issue_values,
)
from cases.corrections.refresh import CaseRows, decision_of, derived_values
from cases.index.texts import PackedTexts, pack_texts, put_texts
from cases.models import Case, Citation, Flag, Issue, Reading
from cases.models.bulk_insert import insert_rows
from cases.signals import case_changed, case_was_stored


@dataclass(frozen=True, slots=True)
class NewCase:
    """The rows of a case, which have no keys yet, and its texts for the search."""

    rows: CaseRows
    texts: PackedTexts


def build_case(record: dict[str, Any]) -> NewCase:
    """The case that a record gives."""
    case = Case(**case_values(record), provenance=record["provenance"])
    rows = CaseRows(case)
    for position, issue in enumerate(record["issues"], 1):
        add_issue(rows, position, issue)
    rows.flags = build_flags(rows, record["flags"])
    case.decision = decision_of(rows.issues)
    case.needs_correction = any(map(needs_correction, rows.flags))
    return NewCase(rows, pack_texts(case, rows.issues, rows.citations))


def add_issue(rows: CaseRows, position: int, record: dict[str, Any]) -> None:
    issue = Issue(
        case=rows.case,
        position=position,
        category_rule=category_rule(record),
        provenance=record["provenance"],
        **issue_values(record),
    )
    citations = [
        Citation(issue=issue, side=side, position=number, **stored_citation(one))
        for side, name in SIDES.items()
        for number, one in enumerate(record[name], 1)
    ]
    for name, value in derived_values(issue, citations).items():
        setattr(issue, name, value)
    rows.issues.append(issue)
    rows.citations += citations


def stored_citation(record: dict[str, Any]) -> dict[str, Any]:
    values = citation_values(record)
    return values | {"pages": [list(pages) for pages in values["pages"]]}


def build_flags(rows: CaseRows, records: Sequence[dict[str, Any]]) -> list[Flag]:
    """One of each kind at a place, without those of values that are there."""
    empty = empty_values(rows.case, rows.issues)
    issues = {issue.position: issue for issue in rows.issues}
    read = {(flag["code"], flag["field"], flag["issue"]): flag for flag in records}
    return [
        Flag(case=rows.case, **flag | {"issue": issues.get(flag["issue"])})
        for flag in read.values()
        if not is_obsolete(place_of(flag["issue"], issues), flag["code"], empty)
    ]


def place_of(position: int | None, issues: dict[int, Issue]) -> str:
    return f"issue-{position}" if position in issues else "case"


def insert_case(new: NewCase, reading: Reading, receipt: Receipt) -> Case:
    """Inserts a case whose number is free, in the caller's transaction."""
    rows, case = new.rows, new.rows.case
    case.reading, case.document_id = reading, reading.document_id
    for made in ([case], rows.issues, rows.citations, rows.flags):
        insert_rows(made)
    insert_claim_facts(case, receipt)
    put_texts(new.texts, (case, rows.issues, rows.citations))
    case_changed.send(Case, case=case, created=True)
    case_was_stored.send(Case, case=case, again=False)
    return case

"""Which values of a case a person corrected: those that differ from what its letter was read as.

Kept on the case by `refresh.refresh_case`, so that lists and exports need no reading.
"""

from __future__ import annotations

from typing import Any

from cases.corrections.record_values import SIDES, issue_values
from cases.corrections.snapshot import json_value, place_in_words
from cases.letters.citations.locators import ranges_in_words
from cases.models import Case, Citation, Issue
from cases.models.field_names import CASE_FIELDS, CITATION_FIELDS, ISSUE_FIELDS


def corrected_values(case: Case, issues: list[Issue], record: dict[str, Any]) -> dict[str, Any]:
    """Name → value as read: `decision_date`, `issue-1-rationale`, `issue-1-maximus-2`.

    A citation counts as a whole, with its words as the value. An issue or a citation that the
    letter was not read to have is None; one that was taken away keeps what was read.
    """
    return {
        **{
            name: value_as_read(record, name)
            for name in CASE_FIELDS
            if values_differ(getattr(case, name), value_as_read(record, name))
        },
        **corrected_in_issues({issue.position: issue for issue in issues}, record["issues"]),
    }


def value_as_read(record: dict[str, Any], name: str) -> Any:
    return record["reviewer"][name] if name in record["reviewer"] else record.get(name)


def values_differ(value: Any, read: Any) -> bool:
    return (json_value(value) or None) != (read or None)


def corrected_in_issues(issues: dict[int, Issue], read: list[dict[str, Any]]) -> dict[str, Any]:
    was = {one["position"]: one for one in read}
    found: dict[str, Any] = {}
    for position in sorted(issues.keys() | was.keys()):
        issue, record = issues.get(position), was.get(position)
        if issue is None or record is None:
            found[f"issue-{position}"] = record and record["treatment_request"]
            continue
        values = issue_values(record)
        found |= {
            f"issue-{position}-{name}": values.get(name)
            for name in ISSUE_FIELDS
            if values_differ(getattr(issue, name), values.get(name))
        }
        found |= corrected_in_citations(issue, record)
    return found


def corrected_in_citations(issue: Issue, record: dict[str, Any]) -> dict[str, Any]:
    rows = {(one.side, one.position): one for one in issue.citations.all()}
    was: dict[tuple[str, int], dict[str, Any]] = {
        (side, number): one
        for side, name in SIDES.items()
        for number, one in enumerate(record[name], 1)
    }
    return {
        f"issue-{issue.position}-{side}-{number}": citation_in_words(was.get((side, number)))
        for side, number in sorted(rows.keys() | was.keys())
        if citations_differ(rows.get((side, number)), was.get((side, number)))
    }


def citations_differ(row: Citation | None, read: dict[str, Any] | None) -> bool:
    if row is None or read is None:
        return True
    return any(values_differ(getattr(row, name), read.get(name)) for name in CITATION_FIELDS)


def citation_in_words(read: dict[str, Any] | None) -> str | None:
    if read is None:
        return None
    pages = ranges_in_words(read["pages"])
    names = (read[name] for name in ("source", "guideline"))
    parts = (*names, read.get("edition"), read["section"], pages and f"p. {pages}")
    return " ".join(part for part in parts if part)


def corrected_names(case: Case) -> list[str]:
    """What was corrected in words: "UR denial date", "Issue 1: decision"."""
    return [name_in_words(name) for name in case.corrected]


def name_in_words(name: str) -> str:
    """`issue-1-decision` → "Issue 1: decision"; `issue-1-maximus-2` is a place itself."""
    place, dash, field = name.rpartition("-")
    if dash and field in ISSUE_FIELDS:
        return place_in_words(place, field)
    return place_in_words(name) if dash else place_in_words("case", name)

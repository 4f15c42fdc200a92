"""What the record of a reading says of a case, in the form in which rows hold it.

The only place that reads these keys of a record, so that one from an earlier version of the program
is understood in one place: a value that such a record can't hold is left out, which means "not
known before". A new reading then sets it, and nobody takes its absence for a correction.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.letters.record import DATES
from cases.models import Citation
from cases.models.field_names import ISSUE_FIELDS, PARTIAL_FIELDS

SIDES = {
    Citation.Side.CLAIMS: "claims_citations",
    Citation.Side.MAXIMUS: "maximus_citations",
    Citation.Side.RATIONALE: "rationale_citations",
}
EMPTY: dict[str, Any] = {"body_parts": [], "retrospective": False}


def case_values(record: dict[str, Any]) -> dict[str, Any]:
    """Field of `cases.models.field_names.CASE_FIELDS` → value."""
    reviewer = record["reviewer"]
    return {
        "case_number": record["case_number"] or "",
        "format": record["format"],
        "first_page": record["first_page"],
        "last_page": record["last_page"],
        "priority": record["priority"] or "",
        **{name: record[name] and dt.date.fromisoformat(record[name]) for name in DATES},
        "specialties": list(reviewer["specialties"]),
        "licensed_states": list(reviewer["licensed_states"]),
        "clinical_summary": record["clinical_summary"] or "",
    }


def citation_values(record: dict[str, Any]) -> dict[str, Any]:
    """Field of a citation → value, of one of an issue's citations."""
    values = {name: record[name] for name in ("source", "guideline", "pages", "raw", "spans")}
    return values | {name: record.get(name) or "" for name in ("edition", "section")}


def category_rule(record: dict[str, Any]) -> str:
    """By which rule an issue has its category, as long as the row can hold."""
    return record["category_rule"][:120]


def issue_values(record: dict[str, Any]) -> dict[str, Any]:
    """Field of `cases.models.field_names.ISSUE_FIELDS` → value, for those that the record knows."""
    known = record | partial_values(record)
    return {name: stored_value(name, known[name]) for name in ISSUE_FIELDS if name in known}


def partial_values(record: dict[str, Any]) -> dict[str, Any]:
    if "partial_authorization" not in record:
        return {}
    return record["partial_authorization"] or dict.fromkeys(PARTIAL_FIELDS)


def stored_value(name: str, value: Any) -> Any:
    if value is None or value == "":
        empty = EMPTY.get(name, "")
        return list(empty) if isinstance(empty, list) else empty
    return value

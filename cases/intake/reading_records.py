"""What the record of a reading says of an issue, in the form in which rows hold it.

The only place that reads these keys of a record, so that one from an earlier version of the program
is understood in one place: a value that such a record can't hold is left out, which means "not
known before". A new reading then sets it, and nobody takes its absence for a correction.
"""

from __future__ import annotations

from typing import Any

from cases.models import Citation
from cases.models.field_names import ISSUE_FIELDS, PARTIAL_FIELDS

SIDES = {
    Citation.Side.CLAIMS: "claims_citations",
    Citation.Side.MAXIMUS: "maximus_citations",
    Citation.Side.RATIONALE: "rationale_citations",
}
EMPTY: dict[str, Any] = {"body_parts": [], "retrospective": False}


def issue_values(record: dict[str, Any]) -> dict[str, Any]:
    """Field of `cases.models.field_names.ISSUE_FIELDS` → value, for those that the record knows."""
    known = record | partial_values(record)
    return {name: as_stored(name, known[name]) for name in ISSUE_FIELDS if name in known}


def partial_values(record: dict[str, Any]) -> dict[str, Any]:
    if "partial_authorization" not in record:
        return {}
    return record["partial_authorization"] or dict.fromkeys(PARTIAL_FIELDS)


def as_stored(name: str, value: Any) -> Any:
    if value is None or value == "":
        empty = EMPTY.get(name, "")
        return list(empty) if isinstance(empty, list) else empty
    return value

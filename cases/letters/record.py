"""Letters ↔ the JSON that `manage.py parse` prints, that the reading process sends and that
`Reading.record` stores.

The keys of CONTRACT stand as they are. Added to them: `provenance` of a letter and of an issue
(field name → status and spans), `spans` of a citation, and of an issue `category_rule`, the two
guideline texts as written and `rationale_citations`. A span is
{"page": 1, "start": 0, "end": 9, "boxes": [[x0, top, x1, bottom], …]}.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.letters.model import (
    Citation,
    Field,
    Flag,
    Issue,
    Letter,
    PageText,
    ReadError,
    Reading,
    Span,
)

Json = dict[str, Any]

DATES = (
    "date_assigned",
    "date_of_injury",
    "decision_date",
    "ur_denial_date",
    "application_received",
)
LETTER_FIELDS = (
    "case_number",
    "priority",
    *DATES,
    "specialties",
    "licensed_states",
    "clinical_summary",
)
PARTIAL = ("requested", "authorized", "in_dispute")
ISSUE_FIELDS = (
    "treatment_request",
    *PARTIAL,
    "retrospective",
    "body_parts",
    "decision",
    "rationale",
    "claims_guideline",
    "maximus_guideline",
)
PRINTED = tuple(name for name in ISSUE_FIELDS if name not in PARTIAL)
PLACES = (2, 2, 2, 2)  # of the edges of a box
SIDES = ("claims_citations", "maximus_citations", "rationale_citations")


def dump_span(span: Span) -> Json:
    return {
        "page": span.page,
        "start": span.start,
        "end": span.end,
        "boxes": [list(map(round, box, PLACES)) for box in span.boxes],
    }


def load_span(data: Json) -> Span:
    boxes = tuple(tuple(box) for box in data["boxes"])
    return Span(data["page"], data["start"], data["end"], boxes)


def dump_value(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def dump_provenance(source: Letter | Issue, names: tuple[str, ...]) -> Json:
    return {
        name: {"status": field.status, "spans": [dump_span(span) for span in field.spans]}
        for name in names
        for field in [getattr(source, name)]
    }


def load_field(value: Any, provenance: Json, name: str) -> Field:
    kept = provenance[name]
    return Field(value, kept["status"], tuple(load_span(span) for span in kept["spans"]))


def dump_citation(citation: Citation) -> Json:
    return {
        "source": citation.source,
        "guideline": citation.guideline,
        "edition": citation.edition,
        "section": citation.section,
        "pages": [list(pages) for pages in citation.pages],
        "raw": citation.raw,
        "spans": [dump_span(span) for span in citation.spans],
    }


def load_citation(data: Json) -> Citation:
    return Citation(
        data["source"],
        data["guideline"],
        data["edition"],
        data["section"],
        tuple((first, last) for first, last in data["pages"]),
        data["raw"],
        tuple(load_span(span) for span in data["spans"]),
    )


def load_citations(data: list[Json]) -> tuple[Citation, ...]:
    return tuple(load_citation(one) for one in data)


def dump_issue(issue: Issue) -> Json:
    return {
        "position": issue.position,
        **{name: dump_value(getattr(issue, name).value) for name in PRINTED},
        "partial_authorization": dump_partial(issue),
        "category": issue.category,
        "subcategory": issue.subcategory,
        "category_rule": issue.category_rule,
        **{side: [dump_citation(one) for one in getattr(issue, side)] for side in SIDES},
        "provenance": dump_provenance(issue, ISSUE_FIELDS),
    }


def dump_partial(issue: Issue) -> Json | None:
    if issue.requested.value is None:
        return None
    return {name: getattr(issue, name).value for name in PARTIAL}


def load_issue(data: Json) -> Issue:
    partial = data["partial_authorization"] or dict.fromkeys(PARTIAL)
    values = {**data, **partial, "body_parts": tuple(data["body_parts"])}
    fields = {name: load_field(values[name], data["provenance"], name) for name in ISSUE_FIELDS}
    return Issue(
        position=data["position"],
        category=data["category"],
        subcategory=data["subcategory"],
        category_rule=data["category_rule"],
        claims_citations=load_citations(data["claims_citations"]),
        maximus_citations=load_citations(data["maximus_citations"]),
        rationale_citations=load_citations(data["rationale_citations"]),
        **fields,
    )


def dump_flag(flag: Flag) -> Json:
    return {
        "code": flag.code,
        "field": flag.field,
        "message": flag.message,
        "level": flag.level,
        "issue": flag.issue,
    }


def dump_letter(letter: Letter) -> Json:
    return {
        "format": letter.format,
        "first_page": letter.first_page,
        "last_page": letter.last_page,
        "case_number": letter.case_number.value,
        "priority": letter.priority.value,
        **{name: dump_value(getattr(letter, name).value) for name in DATES},
        "reviewer": {
            "specialties": list(letter.specialties.value),
            "licensed_states": list(letter.licensed_states.value),
        },
        "clinical_summary": letter.clinical_summary.value,
        "issues": [dump_issue(issue) for issue in letter.issues],
        "flags": [dump_flag(flag) for flag in letter.flags],
        "provenance": dump_provenance(letter, LETTER_FIELDS),
    }


def load_letter(data: Json) -> Letter:
    values = {
        "case_number": data["case_number"],
        "priority": data["priority"],
        **{name: data[name] and dt.date.fromisoformat(data[name]) for name in DATES},
        "specialties": tuple(data["reviewer"]["specialties"]),
        "licensed_states": tuple(data["reviewer"]["licensed_states"]),
        "clinical_summary": data["clinical_summary"],
    }
    return Letter(
        format=data["format"],
        first_page=data["first_page"],
        last_page=data["last_page"],
        **{name: load_field(value, data["provenance"], name) for name, value in values.items()},
        issues=tuple(load_issue(issue) for issue in data["issues"]),
        flags=tuple(Flag(**flag) for flag in data["flags"]),
    )


def dump_page(page: PageText) -> Json:
    return {"number": page.number, "width": page.width, "height": page.height, "text": page.text}


def dump_error(error: ReadError) -> Json:
    return {"code": error.code, "message": error.message}


def dump_reading(reading: Reading) -> Json:
    """The whole reading, as the reading process sends it to the one that asked."""
    return {
        "page_count": reading.page_count,
        "error": reading.error and dump_error(reading.error),
        "letters": [dump_letter(letter) for letter in reading.letters],
        "pages": [dump_page(page) for page in reading.pages],
    }


def load_reading(data: Json) -> Reading:
    return Reading(
        pages=tuple(PageText(**page) for page in data["pages"]),
        letters=tuple(load_letter(letter) for letter in data["letters"]),
        error=data["error"] and ReadError(**data["error"]),
        page_count=data["page_count"],
    )

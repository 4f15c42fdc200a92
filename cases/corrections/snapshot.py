"""A case's values in one flat mapping, so that two states of it can be compared.

A *place* names a row: `case`, `issue-2`, `issue-2-maximus-1`, `flag-unknown-format`. Positions
are never given to another row, so a place means the same row before and after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from cases.models import Case, Citation, ClaimFacts, Flag, Issue
from cases.models.field_names import CASE_FIELDS, CITATION_FIELDS, ISSUE_FIELDS

Values = dict[str, Any]
Snapshot = dict[str, Values]

FLAG_FIELDS = ("code", "field", "message", "level")
CLAIM = "claim"  # the place of claim facts in the history of a case


@dataclass(frozen=True, slots=True)
class Difference:
    """`field` is "" where a whole row came (old is None) or went (new is None)."""

    place: str
    field: str
    old: Any
    new: Any


def snapshot(case: Case) -> Snapshot:
    """As the database has it now."""
    issues: dict[int | None, Issue] = {row.pk: row for row in Issue.objects.filter(case=case)}
    citations = Citation.objects.filter(issue__case=case)
    return (
        {"case": row_values(Case.objects.get(pk=case.pk), CASE_FIELDS)}
        | {place_of_issue(issue): row_values(issue, ISSUE_FIELDS) for issue in issues.values()}
        | {
            place_of_citation(issues[citation.issue_id], citation): row_values(
                citation, CITATION_FIELDS
            )
            for citation in citations
        }
        | {
            place_of_flag(flag, issues.get(flag.issue_id)): row_values(flag, FLAG_FIELDS)
            for flag in Flag.objects.filter(case=case)
        }
    )


def row_values(row: models.Model, fields: tuple[str, ...]) -> Values:
    return {name: json_value(getattr(row, name)) for name in fields}


def json_value(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def place_of_issue(issue: Issue) -> str:
    return f"issue-{issue.position}"


def place_of_citation(issue: Issue, citation: Citation) -> str:
    return f"issue-{issue.position}-{citation.side}-{citation.position}"


def place_of_flag(flag: Flag, issue: Issue | None) -> str:
    of = f"-{flag.field}" if flag.field else ""
    return f"flag-{flag.code}{of}" + (f"-issue-{issue.position}" if issue else "")


def differences(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    for place in sorted(before.keys() | after.keys(), key=place_sort_key):
        old, new = before.get(place), after.get(place)
        if old is None or new is None:
            yield Difference(place, "", old, new)
            continue
        for field, value in new.items():
            if value != old[field]:
                yield Difference(place, field, old[field], value)


def place_sort_key(place: str) -> tuple:
    parts = place.split("-")
    return (parts[0], [part.zfill(6) for part in parts[1:]])


SIDES = {"claims": "claims administrator’s", "maximus": "MAXIMUS’s", "rationale": "rationale’s"}


def place_in_words(place: str, field: str = "") -> str:
    """`issue-2-maximus-1`, `pages` → "Issue 2, MAXIMUS’s citation 1: pages"."""
    kind, *rest = place.split("-")
    model: type[models.Model] = Case
    match kind, rest:
        case "issue", [position]:
            words, model = f"Issue {position}", Issue
        case "issue", [position, side, number]:
            words, model = f"Issue {position}, {SIDES.get(side, side)} citation {number}", Citation
        case "flag", _:
            words, model = "Flag", Flag
        case "annotation", _:
            words = "Annotation"
        case "claim", _:
            words, model = "", ClaimFacts
        case _:
            words = ""
    name = field_name(model, field) if field else ""
    return ": ".join(part for part in (words, name) if part) if words else name


def field_name(model: type[models.Model], field: str) -> str:
    fields = {one.name: one for one in model._meta.fields}
    if field not in fields:
        return field.replace("_", " ")
    words = str(fields[field].verbose_name)
    return words[:1].upper() + words[1:] if model in (Case, ClaimFacts) else words

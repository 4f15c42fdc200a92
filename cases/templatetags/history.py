"""Template tags for changes of values and for corrected values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.db import models
from django.utils.formats import date_format

from cases.corrections.corrected_fields import corrected_names
from cases.corrections.snapshot import place_in_words
from cases.letters.citations.locators import range_in_words
from cases.models import Case, Change, Citation, Flag, Issue
from cases.models.taxonomy import body_parts_in_words

register = template.Library()
LONGEST = 400


@register.filter
def change_name(change: Change) -> str:
    return place_in_words(change.place, change.field) or "The case"


@register.filter
def value_words(value: Any, field: str = "") -> str:
    """A stored value as pages write it: dates, choices, lists, page ranges."""
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "body_parts":
        return body_parts_in_words(value)
    if isinstance(value, list):
        return ", ".join(range_words(one) for one in value)
    for model in (Case, Issue, Citation, Flag):
        if choice := choice_words(model, field, value):
            return choice
    if isinstance(value, str) and (date := as_date(value)):
        return date_format(date)
    text = str(value)
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text


def range_words(one: Any) -> str:
    if isinstance(one, list) and len(one) == 2:
        return range_in_words(*one).replace("-", "–")
    return str(one)


def choice_words(model: type[models.Model], field: str, value: Any) -> str:
    found = next((one for one in model._meta.fields if one.name == field), None)
    if found is None or not isinstance(value, str):
        return ""
    return str(dict(found.flatchoices).get(value, ""))


def as_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


@register.filter
def row_words(values: dict[str, Any]) -> str:
    """A row that came or went, by what tells it from others."""
    for name in ("message", "treatment_request", "comment", "case_number"):
        if values.get(name):
            return value_words(values[name])
    words = [values.get(name, "") for name in ("source", "guideline", "edition", "section")]
    return " ".join(filter(None, words)) or ", ".join(map(str, filter(None, values.values())))


@register.inclusion_tag("cases/_corrected.html")
def corrected(case: Case | str, name: str) -> dict[str, Any]:
    """Marks a value that a person corrected, with what was read: `{% corrected case "priority" %}`.

    Names are those of `cases.corrections.corrected_fields`; nothing is shown for a value that
    stands as read.
    """
    values = getattr(case, "corrected", {})  # a partial may be shown where no case is at hand
    if name not in values:
        return {"is_corrected": False}
    return {"is_corrected": True, "read_as": value_words(values[name], name.split("-")[-1])}


@register.inclusion_tag("cases/_corrected_fields.html")
def corrected_fields(case: Case) -> dict[str, Any]:
    """Says of a case in a list that, and in which values, it was corrected."""
    return {"names": corrected_names(case)}


@register.simple_tag
def place_name(*parts: Any) -> str:
    """`{% place_name "issue" issue.position "decision" as name %}` → issue-1-decision."""
    return "-".join(map(str, parts))

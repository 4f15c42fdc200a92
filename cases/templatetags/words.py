"""How values of a case stand on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django import template
from django.forms import ChoiceField
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.formats import date_format

from cases.letters.citations.locators import ranges_in_words
from cases.lists.flag_labels import flag_words

register = template.Library()

SHAPES = {"upheld": "●", "overturned": "○", "partially_overturned": "◐"}


@register.inclusion_tag("cases/_decision.html")
def decision(value: str, words: str) -> dict[str, str]:
    """A decision by word and shape: `{% decision case.decision case.get_decision_display %}`."""
    return {"value": value, "words": words or "No decision", "shape": SHAPES.get(value, "–")}


@register.filter
def page_ranges(pages: list[list[int]]) -> str:
    """[[125, 126], [130, 130]] → "pp. 125–126, 130"."""
    if not pages:
        return ""
    words = ranges_in_words(pages).replace("-", "–")
    one = len(pages) == 1 and pages[0][0] == pages[0][1]
    return f"{'p.' if one else 'pp.'} {words}"


@register.filter
def words_of_flag(code: str) -> str:
    """ "ur-date-disagrees" → "UR date disagrees"."""
    return flag_words(code)


@register.filter
def plain(value: object) -> str:
    """A cell of the CSV as a page shows it: dates the page's way, nothing as a dash."""
    if isinstance(value, dt.date):
        return date_format(value)
    return "–" if value in (None, "") else str(value)


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Ticks that stand together, "" for those in no group; open where one of them is ticked."""

    label: str
    options: list[BoundWidget]

    @property
    def open(self) -> bool:
        return any(option.data["selected"] for option in self.options)


@register.filter
def option_groups(field: BoundField) -> list[OptionGroup]:
    assert isinstance(field.field, ChoiceField)  # others have no options to put into groups
    # However choices were given, a field holds pairs.
    choices = cast("Iterable[tuple[Any, Any]]", field.field.choices)
    labels = {
        str(value): str(label)
        for label, inner in choices
        if isinstance(inner, list | tuple)
        for value, _ in inner
    }
    by_group = groupby(field, key=lambda option: labels.get(str(option.data["value"]), ""))
    return [OptionGroup(label, list(options)) for label, options in by_group]


@register.filter
def cell(row: object, column) -> str:
    return plain(column.value(row)) if column.value else ""

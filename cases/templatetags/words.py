"""Template tags and filters for values of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

from django import template
from django.db.models import Model
from django.forms import ChoiceField
from django.forms.boundfield import BoundField, BoundWidget
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from cases.letters.citations.locators import ranges_in_words
from cases.lists.columns import Column
from cases.lists.flag_labels import flag_label
from cases.models import Format, Issue

register = template.Library()

SHAPES = {"upheld": "●", "overturned": "○", "partially_overturned": "◐"}


@register.simple_tag
def decision(value: str, words: str) -> SafeString:
    """A decision by word and shape: `{% decision case.decision case.get_decision_display %}`."""
    return decision_html(value, str(words or "No decision"))


@lru_cache(maxsize=64)  # there are five, and a page shows dozens
def decision_html(value: str, words: str) -> SafeString:
    context = {"value": value, "words": words, "shape": SHAPES.get(value, "–")}
    return render_to_string("cases/_decision.html", context)


@register.simple_tag
def decision_mark(value: str, words: str) -> SafeString:
    """The shape of a decision alone, with the word for those who don't see it."""
    return decision_mark_html(value, str(words or "No decision"))


@lru_cache(maxsize=64)
def decision_mark_html(value: str, words: str) -> SafeString:
    return format_html(
        '<span class="decision-mark {}" title="{}" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}: </span>',
        *(value, words, SHAPES.get(value, "–"), words),
    )


@register.filter
def format_words(value: str) -> str:
    """ "final-2015" → "Final determination, 2015"."""
    return str(dict(Format.choices).get(value, value))


@register.filter
def shortened(text: str, length: int) -> str:
    """The same as `truncatechars`, which goes through every character of short texts too."""
    return text if len(text) <= length else Truncator(text).chars(length)


@register.filter
def request_in_brief(issue: Issue) -> SafeString:
    """What is in dispute, in the length that a list has room for."""
    words = conditional_escape(shortened(issue.disputed, 110))
    if not issue.is_partial:
        return words
    partly = '{} <span class="partly" title="{}">partially authorized</span>'
    return format_html(partly, words, issue.partial_words)


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
    return flag_label(code)


@register.filter
def plain(value: object) -> str:
    """A cell of the CSV as a page shows it: dates the page's way, nothing as a dash."""
    if isinstance(value, dt.date):
        return day_in_words(value)
    return "–" if value in (None, "") else str(value)


@lru_cache(maxsize=10_000)  # all days of thirty years; a page shows dozens of them
def day_in_words(day: dt.date) -> str:
    return date_format(day)


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
def cell(row: Model, column: Column) -> str:
    return plain(column.value(row)) if column.value else ""

"""Template filters for rates and the names of what they are rates of."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from cases.analysis.rates import Interval
from cases.lists.guideline_names import short_name
from cases.models import Category
from cases.models.taxonomy import Subcategory, body_parts_in_words

register = template.Library()
CATEGORIES = dict(Category.choices)
SUBCATEGORIES = dict(Subcategory.choices)


@register.filter
def percent(share: float | None) -> str:
    """0.0963 → "9.6%"."""
    return "–" if share is None else f"{100 * share:.1f}%"


@register.filter
def interval_words(interval: Interval | None) -> str:
    """ "4.3–9.1%"."""
    return "–" if interval is None else f"{100 * interval.low:.1f}–{100 * interval.high:.1f}%"


@register.filter
def of(share: float | None, whole: float) -> str:
    """A share of a length, as SVG writes it."""
    return f"{(share or 0) * whole:.1f}"


@register.filter
def category_words(value: str) -> str:
    return CATEGORIES.get(value, value)


@register.filter
def subcategory_words(value: str) -> str:
    return SUBCATEGORIES.get(value, value)


@register.filter
def body_part_words(parts: Iterable[str]) -> str:
    """("low_back", "knee") → "Low back, Knee"."""
    return body_parts_in_words(list(parts))


@register.filter
def guideline_names(names: Iterable[str]) -> str:
    return ", ".join(short_name(name) for name in names)

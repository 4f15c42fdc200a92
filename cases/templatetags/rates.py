"""Template filters for rates and the names of what they are rates of."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from cases.analysis.rates import Difference, Interval
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
def points(difference: Difference | None) -> str:
    """0.031 → "+3.1 points", of two shares in percent."""
    if difference is None:
        return "–"
    return f"{100 * difference.value:+.1f} points".replace("-", "−")


@register.filter
def signed_points(difference: Difference) -> str:
    """ "+3.1", where a column says of what."""
    return f"{100 * difference.value:+.1f}".replace("-", "−")


@register.filter
def points_interval(difference: Difference | None) -> str:
    """ "−1.0 to +7.2"."""
    if difference is None or difference.interval is None:
        return "–"
    interval = difference.interval
    return f"{100 * interval.low:+.1f} to {100 * interval.high:+.1f}".replace("-", "−")


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

"""How shares and what they are of stand on a page."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from cases.guideline_names import short_name
from cases.models import Category
from cases.rates import Interval

register = template.Library()
CATEGORIES = dict(Category.choices)


@register.filter
def percent(share: float | None) -> str:
    """0.0963 → "9.6 %"."""
    return "–" if share is None else f"{100 * share:.1f}\u00a0%"


@register.filter
def interval_words(interval: Interval | None) -> str:
    """ "4.3–9.1 %"."""
    return "–" if interval is None else f"{100 * interval.low:.1f}–{100 * interval.high:.1f}\u00a0%"


@register.filter
def of(share: float | None, whole: float) -> str:
    """A share of a length, as SVG writes it."""
    return f"{(share or 0) * whole:.1f}"


@register.filter
def category_words(value: str) -> str:
    return CATEGORIES.get(value, value)


@register.filter
def guideline_names(names: Iterable[str]) -> str:
    return ", ".join(short_name(name) for name in names)

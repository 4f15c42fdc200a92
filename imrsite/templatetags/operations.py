"""Durations in words."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def duration(seconds: float) -> str:
    """As "14 s", "3 min", "5 h", "2 days"; rounded down."""
    whole = int(seconds)
    for unit, size in (("day", 86_400), ("h", 3600), ("min", 60)):
        if whole >= (2 * size if unit != "h" else size):
            number = whole // size
            return f"{number} days" if unit == "day" else f"{number} {unit}"
    return f"{whole} s"

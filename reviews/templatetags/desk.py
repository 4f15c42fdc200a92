"""Words of memos."""

from __future__ import annotations

import datetime as dt

from django import template

from cases.models import Decision
from cases.templatetags.words import day_in_words
from reviews.desk.outcome import LEVELS

register = template.Library()


@register.filter
def level_words(level: str) -> str:
    return LEVELS.get(level, level)


@register.filter
def decision_words(value: str) -> str:
    return str(dict(Decision.choices).get(value, value))


@register.filter
def iso_day(value: str) -> str:
    """ "2026-11-20" as pages show days."""
    return day_in_words(dt.date.fromisoformat(value)) if value else "on a day not found"

"""When a review is due, and that in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cases.models import Case


def due_on(case: Case, assigned: Iterable[datetime] = ()) -> date:
    """So many days after the case came in; or after a reviewer was last assigned, where the
    setting says so and somebody was."""
    start = case.created_at
    if settings.IMR_REVIEW_DUE_FROM == "assigned":
        start = max(assigned, default=start)
    return timezone.localdate(start) + timedelta(days=settings.IMR_REVIEW_DAYS)


def due_in_words(due: date, today: date) -> str:
    """ "due in 3 days", "due today", "2 days overdue"."""
    days = (due - today).days
    if days < 0:
        return f"{count_days(-days)} overdue"
    return {0: "due today", 1: "due tomorrow"}.get(days) or f"due in {count_days(days)}"


def count_days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"

"""Words of deadlines."""

from __future__ import annotations

from django import template
from django.utils import timezone

from reviews.models import Obligation
from reviews.reviewing.due_dates import due_in_words

register = template.Library()


@register.filter
def deadline_words(obligation: Obligation) -> str:
    """ "due in 3 days", "2 days overdue"; nothing for what is done, withdrawn or paused."""
    today = timezone.localdate()
    if obligation.state != Obligation.State.OPEN:
        return ""
    if obligation.is_window:
        return "" if obligation.due_on < today else "open until then"
    return due_in_words(obligation.due_on, today)

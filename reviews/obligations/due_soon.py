"""What is overdue or soon due, of what somebody has to do."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from reviews.models import Obligation
from reviews.obligations.duties import ASKED

SOON = dt.timedelta(days=3)  # and nothing is said of later ones


def due_soon(today: dt.date) -> QuerySet[Obligation]:
    """The longest overdue first."""
    todo = Obligation.objects.filter(
        state=Obligation.State.OPEN, kind__in=ASKED, due_on__lte=today + SOON
    )
    return todo.select_related("case", "issue").order_by("due_on", "pk")


def list_query(today: dt.date) -> dict[str, object]:
    """The parameters of the list that has the same."""
    return {
        "state": Obligation.State.OPEN,
        "kind": list(ASKED),
        "due_before": (today + SOON).isoformat(),
    }

"""What goes out to people and programs: mail and messages to webhooks that wait, and that were not
taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.utils import timezone

from imrsite.models import Delivery
from imrsite.operations.ages import seconds_since
from reviews.models import MailSettings, OutgoingMail

NOT_TAKEN_DAYS = 7
REFUSED = {"since": "refused_at", "due": "refused_at", "problem": "refused_words"}


@dataclass(slots=True)
class Outgoing:
    """`problem` is what the other side said of one that waits, "" where none was tried in vain;
    `due` is when the first was to be sent.

    `not_taken` counts what is not tried again by itself: addresses that the mail server refuses,
    and messages to webhooks that were given up in the last days.
    """

    waiting: int = 0
    oldest: datetime | None = None
    due: datetime | None = None
    problem: str = ""
    not_taken: int = 0

    @property
    def seconds(self) -> float:
        """How long the oldest has waited."""
        return seconds_since(self.oldest)

    @property
    def overdue_seconds(self) -> float:
        return seconds_since(self.due)


def outgoing_by_kind() -> dict[str, Outgoing]:
    """Of "mail" and "webhooks", by one query."""
    mails = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING)
    messages = Delivery.objects.filter(state=Delivery.State.WAITING)
    own_address = Q(refused_address=F("person__email"), person__is_active=True)
    refused = MailSettings.objects.exclude(refused_address="").filter(own_address)
    since = timezone.now() - timedelta(days=NOT_TAKEN_DAYS)
    given_up = Delivery.objects.filter(state=Delivery.State.FAILED, ended_at__gte=since)

    found = {"mail": Outgoing(), "webhooks": Outgoing()}
    rows = counted("mail", mails, due="next_try_at").union(
        counted("webhooks", messages, due="due_at"),
        counted("mail", refused, waits=False, **REFUSED),
        counted("webhooks", given_up, waits=False, due="due_at"),
        all=True,
    )
    for kind, waits, number, oldest, due, problem in rows:
        one = found[kind]
        if waits:
            one.waiting, one.oldest, one.due, one.problem = number, oldest, due, problem or ""
        else:
            one.not_taken = number
    return found


def counted(
    kind: str,
    rows: QuerySet[Any],
    *,
    due: str,
    waits: bool = True,
    since: str = "created_at",
    problem: str = "problem",
) -> QuerySet[Any]:
    """One row: the kind, whether it waits, how many, the oldest, the first that is due, and what
    was said of one."""
    facts = {"number": Count("pk"), "oldest": Min(since), "due": Min(due), "said": Max(problem)}
    of_one = rows.order_by().values(kind=Value(kind), waits=Value(waits)).annotate(**facts)
    return of_one.values_list("kind", "waits", *facts)

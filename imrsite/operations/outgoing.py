"""What goes out to people and programs: mail and messages to webhooks that wait, and that were not
taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.utils import timezone

from imrsite.models import Delivery
from reviews.models import MailSettings, OutgoingMail

NOT_TAKEN_DAYS = 7


@dataclass(slots=True)
class Outgoing:
    """`problem` is what the other side said of one that waits, "" where none was tried in vain.

    `not_taken` counts what is not tried again by itself: addresses that the mail server refuses,
    and messages to webhooks that were given up in the last days.
    """

    waiting: int = 0
    oldest: datetime | None = None
    problem: str = ""
    not_taken: int = 0

    @property
    def seconds(self) -> float:
        """How long the oldest has waited."""
        return max(0.0, (timezone.now() - self.oldest).total_seconds()) if self.oldest else 0.0


def outgoing_by_kind() -> dict[str, Outgoing]:
    """Of "mail" and "webhooks", by one question."""
    mails = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING)
    messages = Delivery.objects.filter(state=Delivery.State.WAITING)
    own_address = Q(refused_address=F("person__email"), person__is_active=True)
    refused = MailSettings.objects.exclude(refused_address="").filter(own_address)
    since = timezone.now() - timedelta(days=NOT_TAKEN_DAYS)
    given_up = Delivery.objects.filter(state=Delivery.State.FAILED, ended_at__gte=since)

    found = {"mail": Outgoing(), "webhooks": Outgoing()}
    rows = counted("mail", mails).union(
        counted("webhooks", messages),
        counted("mail", refused, waits=False, since="refused_at", problem="refused_words"),
        counted("webhooks", given_up, waits=False),
        all=True,
    )
    for kind, waits, number, oldest, problem in rows:
        one = found[kind]
        if waits:
            one.waiting, one.oldest, one.problem = number, oldest, problem or ""
        else:
            one.not_taken = number
    return found


def counted(
    kind: str,
    rows: QuerySet[Any],
    *,
    waits: bool = True,
    since: str = "created_at",
    problem: str = "problem",
) -> QuerySet[Any]:
    """One row: the kind, whether it waits, how many, the oldest, and what was said of one."""
    facts = {"number": Count("pk"), "oldest": Min(since), "said": Max(problem)}
    of_one = rows.order_by().values(kind=Value(kind), waits=Value(waits)).annotate(**facts)
    return of_one.values_list("kind", "waits", *facts)

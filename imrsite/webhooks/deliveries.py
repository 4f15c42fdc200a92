"""Sends what waits, again and again for a day; after that a person decides.

A webhook has one sender at a time, and one that did not answer is left alone for a while, so that
a receiver that hangs holds up one worker for some seconds, and no letter.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from imrsite.models import Delivery, Webhook
from imrsite.webhooks.events import KEEP_TRYING
from imrsite.webhooks.sender import Outcome, post
from imrsite.webhooks.signing import headers

State = Delivery.State
MINUTE = 60
# Between the tries of one message, in seconds; the last one for all that follow.
PAUSES = (5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 2 * 60 * MINUTE)
LONGEST_REST = timedelta(minutes=5)  # of a webhook that did not answer
TURN_SECONDS = 20.0  # of one worker with one webhook
LEASE = timedelta(seconds=90)
KEPT = timedelta(days=30)  # what was delivered, or failed


def deliver_due(webhook_id: int) -> int:
    """Sends what is due for one webhook; returns how many messages arrived."""
    arrived, over = 0, time.monotonic() + TURN_SECONDS
    with turn_of(webhook_id) as hook:
        while hook and time.monotonic() < over and (delivery := next_due(hook)):
            outcome = send(hook, delivery)
            record_outcome(delivery, outcome)
            arrived += outcome.is_good
            if outcome.status is None:
                rest(hook, pause_after(delivery.attempts))
                break
    return arrived


@contextmanager
def turn_of(webhook_id: int) -> Iterator[Webhook | None]:
    """None while somebody else sends, or the webhook rests."""
    mine = timezone.now() + LEASE
    free = Webhook.objects.filter(not_busy(), pk=webhook_id)
    if not free.update(busy_until=mine):
        yield None
        return
    try:
        yield Webhook.objects.get(pk=webhook_id)
    finally:  # unless it rests by now
        Webhook.objects.filter(pk=webhook_id, busy_until=mine).update(busy_until=None)


def not_busy() -> Q:
    return Q(busy_until=None) | Q(busy_until__lte=timezone.now())


def rest(hook: Webhook, pause: timedelta) -> None:
    until = timezone.now() + min(pause, LONGEST_REST)
    Webhook.objects.filter(pk=hook.pk).update(busy_until=until)


def waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=State.WAITING, due_at__lte=timezone.now())


def next_due(hook: Webhook) -> Delivery | None:
    return waiting().filter(webhook=hook).order_by("due_at", "pk").first()


def send(hook: Webhook, delivery: Delivery) -> Outcome:
    body = delivery.body.encode()
    signed = headers(hook.secret, delivery.message_id, int(time.time()), body)
    private, plain = settings.IMR_WEBHOOKS_PRIVATE, settings.LOCAL
    return post(hook.url, body, signed, plain=plain, private=private)


def record_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """A message that a person asked to send again meanwhile is left as it is."""
    now = timezone.now()
    delivery.attempts += 1
    following = now + pause_after(delivery.attempts)
    ended = outcome.is_good or following > delivery.retry_until
    state = State.DELIVERED if outcome.is_good else State.FAILED if ended else State.WAITING
    own = Delivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at, state=State.WAITING)
    own.update(
        attempts=F("attempts") + 1,
        state=state,
        due_at=following,
        ended_at=now if ended else None,
        status=outcome.status,
        problem=outcome.problem,
    )


def pause_after(attempts: int) -> timedelta:
    return timedelta(seconds=PAUSES[min(attempts, len(PAUSES)) - 1])


def resend(delivery: Delivery) -> bool:
    """Sends a message once more, for another day; False while it waits anyway."""
    now = timezone.now()
    ended = Delivery.objects.filter(pk=delivery.pk).exclude(state=State.WAITING)
    found = ended.update(
        state=State.WAITING, due_at=now, retry_until=now + KEEP_TRYING, ended_at=None
    )
    if found:
        Webhook.objects.filter(pk=delivery.webhook_id).update(busy_until=None)
    return bool(found)


def due_webhooks() -> list[int]:
    """Those for which something waits and that nobody sends to."""
    due = waiting().filter(webhook=OuterRef("pk"))
    return list(Webhook.objects.filter(not_busy(), Exists(due)).values_list("pk", flat=True))


def forget_old() -> int:
    old = Delivery.objects.filter(ended_at__lt=timezone.now() - KEPT).exclude(state=State.WAITING)
    return old.delete()[0]

"""What the workers do by the clock. `now` is passed down from here."""

from __future__ import annotations

import datetime as dt
import time
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from cases.intake.turns import turn_at
from reviews.alerts.composing import (
    compose_at_once,
    compose_digests,
    look_at_once,
    people_with_mail,
)
from reviews.alerts.failed_batches import look_at_batches
from reviews.alerts.saved_view_alerts import alerts_at_once, look_at_view
from reviews.alerts.sending import send_due
from reviews.models import Notice, Obligation, OutgoingMail

TURN_SECONDS = 120  # after which another worker goes on for one that died
SLICE_SECONDS = 10.0  # of looking at saved views
KEPT = dt.timedelta(days=90)  # what was sent
NOT_SENT = dt.timedelta(days=30)  # what waits for somebody who gets no mail


def local_now() -> dt.datetime:
    return timezone.localtime()


def load_lists() -> None:
    """With the addresses come the lists of every app."""
    import_module(settings.ROOT_URLCONF)


def look(now: dt.datetime | None = None) -> None:
    """Writes notices of what nobody does, but what comes about: deadlines, failures, new rows."""
    now = now or local_now()
    load_lists()
    with turn_at("look for notices", seconds=TURN_SECONDS) as is_mine:
        if not is_mine:
            return
        look_at_batches(now)
        over_at = time.monotonic() + SLICE_SECONDS
        for alert in alerts_at_once():
            look_at_view(alert, now)
            if time.monotonic() > over_at:
                break
        for person in people_with_mail().select_related("mail_settings"):
            look_at_once(person, now)


def send(now: dt.datetime | None = None) -> int:
    """Composes what is due and sends it; returns how many mails the server took."""
    now = now or local_now()
    load_lists()
    with turn_at("send mail", seconds=TURN_SECONDS) as is_mine:
        if not is_mine:
            return 0
        compose_at_once(now)
        compose_digests(now)
        return send_due(now)


def forget_old(now: dt.datetime | None = None) -> None:
    """What was told long ago, but for deadlines that are open still: these are told once."""
    now = now or local_now()
    open_ones = Obligation.objects.filter(state__in=Obligation.UNDONE).values("pk")
    waiting = Notice.objects.filter(mail=None, dropped_at=None, created_at__lt=now - NOT_SENT)
    waiting.exclude(kind__in=Notice.DEADLINES).delete()
    old = Notice.objects.filter(created_at__lt=now - KEPT)
    old = old.exclude(mail__state=OutgoingMail.State.WAITING)
    old.exclude(kind__in=Notice.DEADLINES, about__in=open_ones).delete()
    OutgoingMail.objects.filter(ended_at__lt=now - KEPT, notices=None).delete()

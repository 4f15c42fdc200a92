"""From notices to mails: what one person hears at once, and one digest a day.

A mail is a fixed set of notices from the moment that it is composed, so that sending it again says
the same. Who may not read cases any more, or has no account, gets none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from reviews.alerts.choices import CHOSEN, Choices, How, choices_in, may_hear, settings_of
from reviews.alerts.deadlines import look_at_deadlines, look_at_deadlines_of_today
from reviews.alerts.links import mail_host
from reviews.alerts.notices import drop_notices, still_true, waiting_notices
from reviews.alerts.saved_view_alerts import alerts_for_digest, look_at_view
from reviews.models import MailSettings, Notice, OutgoingMail


def people_with_mail() -> QuerySet[User]:
    return get_user_model().objects.filter(is_active=True).exclude(email="").order_by("pk")


def is_refused(person: User, row: MailSettings) -> bool:
    """Whether a server refused the address that the person has now."""
    return bool(row.refused_address) and row.refused_address == person.email


# -- at once -----------------------------------------------------------------------------------


def compose_at_once(now: dt.datetime) -> int:
    """For each person one mail of all that they want to hear at once; how many there are."""
    waiting = Notice.objects.filter(mail=None, dropped_at=None).order_by()
    people = people_with_mail().filter(pk__in=waiting.values("person"))
    return sum(compose_now(person, now) is not None for person in people)


def compose_now(person: User, now: dt.datetime) -> OutgoingMail | None:
    row = settings_of(person)
    if is_refused(person, row):
        return None
    choices = choices_in(row)
    with transaction.atomic():
        at_once = waiting_notices(person).filter(wanted_now(choices))
        return compose(person, list(at_once.select_for_update()), choices, now)


def wanted_now(choices: Choices) -> Q:
    """Alerts from saved views say themselves whether they are urgent."""
    return Q(urgent=True) | Q(kind__in=[one for one in CHOSEN if choices.how(one) == How.NOW])


# -- the digest --------------------------------------------------------------------------------


def compose_digests(now: dt.datetime) -> int:
    """For everybody whose hour has come and whose digest of today was not looked for yet."""
    today = now.date()
    looked = MailSettings.objects.filter(digest_looked_on__gte=today).values("person")
    people = people_with_mail().exclude(pk__in=looked).select_related("mail_settings")
    return sum(compose_digest(person, now) is not None for person in people)


def compose_digest(person: User, now: dt.datetime) -> OutgoingMail | None:
    """None before their hour, or where there is nothing to tell."""
    row, today = settings_of(person), now.date()
    choices = choices_in(row)
    moment = choices.digest_moment(today)
    if now < moment or is_refused(person, row):
        return None
    look_for_digest(person, choices, now, today)
    with transaction.atomic():
        MailSettings.objects.get_or_create(person=person)
        mine = MailSettings.objects.filter(person=person)
        if not mine.exclude(digest_looked_on__gte=today).update(digest_looked_on=today):
            return None  # another worker was faster
        waiting = waiting_notices(person).filter(told_from__lte=moment)
        return compose(person, list(waiting.select_for_update()), choices, now, digest_on=today)


def look_for_digest(person: User, choices: Choices, now: dt.datetime, today: dt.date) -> None:
    for alert in alerts_for_digest(person, now):
        look_at_view(alert, now, told_from=choices.digest_moment(today))
    look_at_deadlines(person, choices, now, today)


def look_at_once(person: User, now: dt.datetime) -> None:
    """What must not wait for the next digest."""
    row, today = settings_of(person), now.date()
    choices = choices_in(row)
    if any(choices.how(kind) == How.NOW for kind in Notice.DEADLINES):
        look_at_deadlines(person, choices, now, today)
    elif row.digest_looked_on and row.digest_looked_on >= today:
        look_at_deadlines_of_today(person, choices, now, today)


# -- one mail ----------------------------------------------------------------------------------


def compose(
    person: User,
    notices: Sequence[Notice],
    choices: Choices,
    now: dt.datetime,
    *,
    digest_on: dt.date | None = None,
) -> OutgoingMail | None:
    """Of those that are true still and that the person wants; the others are dropped."""
    true = still_true(notices)
    wanted = [one for one in notices if one.pk in true and is_wanted(person, one, choices)]
    kept = {one.pk for one in wanted}
    drop_notices((one for one in notices if one.pk not in kept), now)
    if not wanted:
        return None
    mail = OutgoingMail.objects.create(
        person=person,
        message_id=message_id_of(wanted),
        digest_on=digest_on,
        created_at=now,
        next_try_at=now,
    )
    Notice.objects.filter(pk__among=kept).update(mail=mail)
    return mail


def is_wanted(person: User, notice: Notice, choices: Choices) -> bool:
    if notice.kind == Notice.Kind.VIEW:
        return may_hear(person, notice.kind)
    return choices.how(notice.kind) != How.OFF and may_hear(person, notice.kind)


def message_id_of(notices: Iterable[Notice]) -> str:
    keys = "\n".join(sorted(one.key for one in notices))
    return f"<imr.{sha256(keys.encode()).hexdigest()[:40]}@{mail_host()}>"[:80]

"""How each person wants to hear of things: off, at once, or in the daily digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from reviews.models import MailSettings, Notice, ViewAlert

Kind, How = Notice.Kind, Notice.How
READ, OBLIGE, LEAD = "cases.view_case", "reviews.change_obligation", "reviews.lead_reviews"
UPLOAD = "cases.add_document"
# Kinds of which only people with this right hear.
NEEDS = {
    Kind.DEADLINE: UPLOAD,
    Kind.ALL_DEADLINES: OBLIGE,
    Kind.OVERDUE: LEAD,
    Kind.BATCH: UPLOAD,
}
# Saved views have a choice each (ViewAlert).
CHOSEN = tuple(kind for kind in Kind if kind != Kind.VIEW)


@dataclass(frozen=True, slots=True)
class Choices:
    """What one person chose, as far as it differs from what is usual."""

    told: Mapping[str, str]
    digest_hour: int = MailSettings.DIGEST_HOUR

    def how(self, kind: str) -> Notice.How:
        chosen = self.told.get(kind, "")
        return How(chosen) if chosen in How.values else Notice.USUAL[Kind(kind)]

    def digest_moment(self, day: dt.date) -> dt.datetime:
        """When the digest of that day goes out."""
        return dt.datetime.combine(day, dt.time(self.digest_hour), timezone.get_current_timezone())


def settings_of(person: User) -> MailSettings:
    """Unsaved, where they never chose anything."""
    return getattr(person, "mail_settings", None) or MailSettings(person=person)


def choices_of(person: User) -> Choices:
    return choices_in(settings_of(person))


def choices_in(row: MailSettings) -> Choices:
    return Choices(row.choices, row.digest_hour)


def may_hear(person: User, kind: str) -> bool:
    """Whether the person has the rights that things of this kind take."""
    needed = NEEDS.get(Kind(kind))
    return person.has_perm(READ) and (needed is None or person.has_perm(needed))


def kinds_for(person: User) -> list[Notice.Kind]:
    return [kind for kind in CHOSEN if may_hear(person, kind)]


def save_choices(person: User, told: Mapping[str, str], digest_hour: int) -> None:
    """Of these kinds; of others what was chosen before stays."""
    with transaction.atomic():
        row, _ = MailSettings.objects.select_for_update().get_or_create(person=person)
        row.choices = {**row.choices, **told}
        row.digest_hour = digest_hour
        row.save(update_fields=["choices", "digest_hour"])


@dataclass(frozen=True, slots=True)
class Silence:
    """What an unsubscribe link turns off: kinds of notices, and alerts from saved views."""

    person: int
    kinds: tuple[str, ...] = ()
    alerts: tuple[int, ...] = ()


def turn_off(silence: Silence) -> None:
    """Also of somebody whose account is closed; of one who is gone there is nothing to do."""
    person = get_user_model().objects.filter(pk=silence.person).first()
    if person is None:
        return
    known: Iterable[str] = (kind for kind in silence.kinds if kind in Kind.values)
    save_choices(person, dict.fromkeys(known, How.OFF), choices_of(person).digest_hour)
    ViewAlert.objects.filter(person=person, pk__in=silence.alerts).delete()

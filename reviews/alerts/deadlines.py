"""Which deadlines to tell whom: each once as it comes near, and once when it has passed.

Those of a letter concern whoever uploaded it, whoever chose to hear of all letters, and leads once
they have passed. Of letters that nobody uploaded who could act, leads hear from the beginning.
Each is told again only if its day changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format

from reviews.alerts.choices import Choices, How, Kind, may_hear
from reviews.alerts.notices import add_notices, build_notice
from reviews.models import Notice, Obligation
from reviews.obligations.duties import ASKED
from reviews.obligations.rules import current_rules
from reviews.obligations.working_days import WorkingCalendar

NEAR, PAST = "near", "past"
AT_ONCE = 1000  # notices that are written together
NOBODY_UPLOADED = Q(case__document__uploader=None) | Q(case__document__uploader__is_active=False)


def told_until(today: dt.date, days: int, calendar: WorkingCalendar) -> dt.date:
    """The last day of which a deadline is near: so many working days lie before it."""
    day = today
    while days:
        day += dt.timedelta(days=1)
        days -= calendar.is_working_day(day)
    return day


def look_at_deadlines(person: User, choices: Choices, now: dt.datetime, today: dt.date) -> None:
    """Notices of all deadlines that are near or past by that day, for the digest or at once."""
    horizon = told_until(today, settings.IMR_NOTICE_WORKING_DAYS, current_rules().calendar)
    midnight = dt.datetime.combine(today, dt.time(0), now.tzinfo)
    write_all(notices_for(person, choices, (None, horizon), today, now=now, told_from=midnight))


def look_at_deadlines_of_today(
    person: User, choices: Choices, now: dt.datetime, today: dt.date
) -> None:
    """What came up after the digest and would have passed by the next one does not wait for it."""
    write_all(notices_for(person, choices, (today, today), today, now=now, urgent=True))


def write_all(notices: Iterator[Notice]) -> None:
    while some := list(islice(notices, AT_ONCE)):
        add_notices(some)


def notices_for(
    person: User,
    choices: Choices,
    span: tuple[dt.date | None, dt.date],
    today: dt.date,
    *,
    now: dt.datetime,
    told_from: dt.datetime | None = None,
    urgent: bool = False,
) -> Iterator[Notice]:
    first, last = span
    due = Q(due_on__lte=last) if first is None else Q(due_on__range=(first, last))
    for kind, concerns in concerning(person, choices, today):
        open_ones = Obligation.objects.filter(
            due, concerns, state=Obligation.State.OPEN, kind__in=ASKED
        )
        for one in list(not_told(open_ones, person, today)):
            stage = PAST if one.due_on < today else NEAR
            yield build_notice(
                person.pk,
                kind,
                one.pk,
                words=words_of(one, stage),
                path=one.get_absolute_url(),
                now=now,
                part=f"{one.due_on}:{stage}",
                told_from=told_from,
                case=one.case,
                due_on=one.due_on,
                stage=stage,
                urgent=urgent,
            )


def words_of(one: Obligation, stage: str) -> str:
    where = f"{one.case.case_number}, issue {one.issue.position}" if one.issue else one.case
    verb = "was due" if stage == PAST else "due"
    return f"{one.get_kind_display()}: {where}, {verb} {date_format(one.due_on)}"


def concerning(person: User, choices: Choices, today: dt.date) -> Iterator[tuple[Notice.Kind, Q]]:
    """The kinds of which this person hears, each with its deadlines. What is told at once goes
    before what waits for the digest."""
    of_kind = {
        Kind.DEADLINE: Q(case__document__uploader=person),
        Kind.OVERDUE: Q(due_on__lt=today) | NOBODY_UPLOADED,
        Kind.ALL_DEADLINES: Q(),
    }
    wanted = [kind for kind in of_kind if choices.how(kind) != How.OFF and may_hear(person, kind)]
    for kind in sorted(wanted, key=lambda kind: choices.how(kind) != How.NOW):
        yield kind, of_kind[kind]


def not_told(rows: QuerySet[Obligation], person: User, today: dt.date) -> QuerySet[Obligation]:
    told = Notice.objects.filter(
        about=OuterRef("pk"), person=person, kind__in=Notice.DEADLINES, due_on=OuterRef("due_on")
    )
    passed = Q(due_on__lt=today) & Exists(told.filter(stage=PAST))
    near = Q(due_on__gte=today) & Exists(told.filter(stage=NEAR))
    whole = rows.exclude(passed | near).select_related("case", "issue").order_by("due_on", "pk")
    return whole.defer(
        "case__clinical_summary", "case__provenance", "issue__rationale", "issue__provenance"
    )

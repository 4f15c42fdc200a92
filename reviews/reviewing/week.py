"""How far people are with their reviews: this week, by week, and now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from cases.lists.filter_types import start_of_day
from reviews.models import Assignment
from reviews.names import name_fields, name_from

WEEKS: Final = 8
BAR_HEIGHT: Final = 32
BAR_STEP: Final = 14  # from one bar to the next


OPEN = Q(submitted_at=None, review__closed_at=None)
REVIEWER = ("reviewer", "submitted_at", *name_fields("reviewer"))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def since(day: date) -> Q:
    """Of assignments that were submitted on this day or later."""
    return Q(submitted_at__gte=start_of_day(day))


@dataclass(frozen=True, slots=True)
class PersonsWeek:
    """What somebody submitted this week, and what they still have."""

    name: str
    submitted: int
    open: int
    is_own: bool = False

    @property
    def total(self) -> int:
        return self.submitted + self.open


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """`people` are those with any part in it; a reviewer sees their own and the total."""

    monday: date
    submitted: int
    total: int
    people: tuple[PersonsWeek, ...]


def team_week(user: User, *, everybody: bool) -> TeamWeek:
    monday = monday_of(timezone.localdate())
    rows = Assignment.objects.filter(OPEN | since(monday))
    submitted: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    names: dict[int, str] = {}
    for key, at, *name in rows.order_by().values_list(*REVIEWER):
        (submitted if at else waiting)[key] += 1
        names[key] = name_from(*name)
    people = [
        PersonsWeek(name, submitted[key], waiting[key], is_own=key == user.pk)
        for key, name in names.items()
        if everybody or key == user.pk
    ]
    people.sort(key=lambda one: (not one.is_own, -one.total, one.name))
    total = submitted.total() + waiting.total()
    return TeamWeek(monday, submitted.total(), total, tuple(people))


# -- the last weeks ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """One week in a small chart."""

    monday: date
    number: int
    x: int
    height: int

    @property
    def y(self) -> int:
        return BAR_HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class PersonsWeeks:
    """What somebody submitted in each of the last weeks, the earliest first."""

    name: str
    bars: tuple[Bar, ...]

    @property
    def total(self) -> int:
        return sum(bar.number for bar in self.bars)


@dataclass(frozen=True, slots=True)
class LastWeeks:
    """`most` is what the highest bar stands for; all people have one scale."""

    mondays: tuple[date, ...]
    people: tuple[PersonsWeeks, ...]
    most: int


def last_weeks() -> LastWeeks:
    this = monday_of(timezone.localdate())
    mondays = tuple(this - timedelta(weeks=back) for back in reversed(range(WEEKS)))
    counts: Counter[tuple[int, date]] = Counter()
    rows = Assignment.objects.filter(since(mondays[0])).order_by()
    names: dict[int, str] = {}
    for key, at, *name in rows.values_list(*REVIEWER):
        counts[key, monday_of(timezone.localdate(at))] += 1
        names[key] = name_from(*name)
    most = max(counts.values(), default=0)
    people = [
        PersonsWeeks(
            name,
            tuple(
                bar_of(monday, place, counts[key, monday], most)
                for place, monday in enumerate(mondays)
            ),
        )
        for key, name in sorted(names.items(), key=lambda one: one[1])
    ]
    return LastWeeks(mondays, tuple(people), most)


def bar_of(monday: date, place: int, number: int, most: int) -> Bar:
    """In proportion; what is not nothing is seen."""
    height = max(2, round(BAR_HEIGHT * number / most)) if number else 0
    return Bar(monday, number, place * BAR_STEP, height)

"""From the day of receipt to the day something is due. No Django in it.

The day of receipt is not counted, the last day is (Civil Code 10). Where a deadline is paused, its
days stop counting on the day of the pause and go on with the day on which the pause ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviews.obligations.working_days import WorkingCalendar

ONE_DAY = dt.timedelta(days=1)


class Unit(StrEnum):
    WORKING = "working days"
    CALENDAR = "days"


@dataclass(frozen=True, slots=True)
class Period:
    """So many days, of this unit."""

    days: int
    unit: Unit

    def __str__(self) -> str:
        name = str(self.unit)
        return f"{self.days} {name.removesuffix('s') if self.days == 1 else name}"


@dataclass(frozen=True, slots=True)
class Pause:
    """From its first day up to the day on which the deadline runs again; None while it lasts."""

    start: dt.date
    end: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def due_date(
    start: dt.date, period: Period, calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> dt.date | None:
    """The last day of the period that begins on the day after `start`; None while it is paused
    before the period has run out."""
    pauses = sorted(pauses, key=lambda pause: pause.start)
    day, left = start, period.days
    while left:
        following = after_pauses(day + ONE_DAY, pauses)
        if following is None:
            return None
        day = following
        if period.unit == Unit.CALENDAR or calendar.is_working_day(day):
            left -= 1
    return day


def after_pauses(day: dt.date, pauses: Sequence[Pause]) -> dt.date | None:
    """That day, or the first one after the pauses that cover it; None if one has no end."""
    for pause in pauses:
        if pause.covers(day):
            if pause.end is None:
                return None
            day = pause.end
    return day

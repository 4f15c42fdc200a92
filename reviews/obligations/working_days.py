"""Working days in California.

Saturdays, Sundays and holidays are none (WCAB, Pa'u v. Department of Forestry, 2019). The holidays
are those of the package `holidays`, less two kinds on which state offices and courts are open: so a
deadline never comes out later than by the stricter reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

SATURDAY, SUNDAY = 5, 6
# A day to remember, on which schools hold exercises and offices are open (Education Code 37222).
NO_DAY_OFF = frozenset({"Susan B. Anthony Day"})
# A holiday that falls on a Sunday is kept on Monday; of those on a Saturday only this one on
# Friday (Government Code 6701). Federal practice, which the package follows, moves each.
MOVES_TO_FRIDAY = "Veterans Day"
OBSERVED = " (observed)"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`extra` are days that are no working days besides, `worked` days that are in spite of being
    a holiday."""

    extra: frozenset[dt.date] = field(default_factory=frozenset)
    worked: frozenset[dt.date] = field(default_factory=frozenset)

    @classmethod
    def of(cls, extra: Iterable[dt.date] = (), worked: Iterable[dt.date] = ()) -> WorkingCalendar:
        return cls(frozenset(extra), frozenset(worked))

    def is_working_day(self, day: dt.date) -> bool:
        if day in self.worked:
            return True
        return (
            day.weekday() not in (SATURDAY, SUNDAY)
            and day not in self.extra
            and not holiday_name(day)
        )

    def first_from(self, day: dt.date) -> dt.date:
        """That day, or the first working day after it."""
        while not self.is_working_day(day):
            day += dt.timedelta(days=1)
        return day


def holiday_name(day: dt.date) -> str:
    """The name of California's holiday on that day; "" if it is none."""
    return california(day.year).get(day, "")


@lru_cache(maxsize=64)
def california(year: int) -> dict[dt.date, str]:
    import holidays  # takes a while, and most commands need none

    listed = holidays.country_holidays("US", subdiv="CA", years=year)
    days = {day: listed.get_list(day) for day in listed if day.year == year}
    kept = {day: [name for name in names if is_kept(day, name)] for day, names in days.items()}
    return {day: "; ".join(names) for day, names in kept.items() if names}


def is_kept(day: dt.date, name: str) -> bool:
    if name in NO_DAY_OFF:
        return False
    moved_to_friday = name.endswith(OBSERVED) and day.weekday() == SATURDAY - 1
    return not moved_to_friday or name.startswith(MOVES_TO_FRIDAY)

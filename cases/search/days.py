"""Days as facts, so that the index answers for ranges of them. Pure.

A day is known by its year, its month and itself: a range is then a few whole years, a few whole
months and a few days, however long it is.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from functools import lru_cache

from cases.search.language import Fact, Or

# Few years, since PostgreSQL expects a match of each one that is asked for. An injury from before
# is found by the row.
FIRST, LAST = dt.date(1980, 1, 1), dt.date(2039, 12, 31)
EARLY, LATE = "early", "late"  # all that lies outside, which no letter is expected to


@lru_cache(maxsize=8192)
def day_facts(name: str, day: dt.date | None) -> frozenset[tuple[str, str]]:
    if day is None:
        return frozenset()
    if not FIRST <= day <= LAST:
        return frozenset({(name, EARLY if day < FIRST else LATE)})
    return frozenset((name, format(day, form)) for form in ("%Y", "%Y%m", "%Y%m%d"))


def within_days(name: str, first: dt.date | None, last: dt.date | None) -> Or | Fact | None:
    """The question for days from `first` to `last`, both included, None for no bound; None where
    the facts can't tell."""
    if any(day and not FIRST <= day <= LAST for day in (first, last)):
        return None
    values = [] if first else [EARLY]
    day, end = first or FIRST, last or LAST
    while day <= end:
        value, day = largest(day, end)
        values.append(value)
    if last is None:
        values.append(LATE)
    facts = tuple(Fact(name, value) for value in values)
    return Or(facts) if len(facts) > 1 else facts[0] if facts else Fact(name, "")


def largest(day: dt.date, end: dt.date) -> tuple[str, dt.date]:
    """The year, month or day that begins here and ends by `end`, and the day after it."""
    next_year = dt.date(day.year + 1, 1, 1)
    if (day.month, day.day) == (1, 1) and next_year - dt.timedelta(1) <= end:
        return f"{day:%Y}", next_year
    next_month = day + dt.timedelta(monthrange(day.year, day.month)[1])
    if day.day == 1 and next_month - dt.timedelta(1) <= end:
        return f"{day:%Y%m}", next_month
    return f"{day:%Y%m%d}", day + dt.timedelta(1)

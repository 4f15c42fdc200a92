"""Days on which something is due, each counted by hand on a calendar of California."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.obligations.deadlines import Pause, Period, Unit, due_date
from reviews.obligations.working_days import WorkingCalendar, holiday_name

CALENDAR = WorkingCalendar()
FIVE, TWENTY = Period(5, Unit.WORKING), Period(20, Unit.CALENDAR)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def pauses(*spans: tuple[str, str | None]) -> list[Pause]:
    return [Pause(day(start), day(end) if end else None) for start, end in spans]


# fmt: off
AUTHORIZE = [
    # one week without a holiday
    ("2025-03-03", "2025-03-10"),  # Monday
    ("2025-03-04", "2025-03-11"),
    ("2025-03-05", "2025-03-12"),
    ("2025-03-06", "2025-03-13"),
    ("2025-03-07", "2025-03-14"),  # Friday
    ("2025-03-08", "2025-03-14"),  # Saturday
    ("2025-03-09", "2025-03-14"),  # Sunday
    # the holidays of 2025
    ("2024-12-31", "2025-01-08"),  # New Year's Day
    ("2025-01-01", "2025-01-08"),
    ("2025-01-17", "2025-01-27"),  # Martin Luther King Jr. Day
    ("2025-01-20", "2025-01-27"),
    ("2025-02-12", "2025-02-20"),  # Presidents' Day
    ("2025-02-15", "2025-02-24"),
    ("2025-03-28", "2025-04-07"),  # Cesar Chavez Day
    ("2025-03-31", "2025-04-07"),
    ("2025-05-22", "2025-05-30"),  # Memorial Day
    ("2025-06-16", "2025-06-24"),  # Juneteenth
    ("2025-06-19", "2025-06-26"),
    ("2025-06-30", "2025-07-08"),  # Independence Day
    ("2025-07-04", "2025-07-11"),
    ("2025-08-29", "2025-09-08"),  # Labor Day
    ("2025-11-06", "2025-11-14"),  # Veterans Day
    ("2025-11-21", "2025-12-02"),  # Thanksgiving and the day after
    ("2025-11-26", "2025-12-05"),
    ("2025-12-19", "2025-12-29"),  # Christmas
    ("2025-12-24", "2026-01-02"),  # Christmas and New Year's Day
    # the holidays of 2026
    ("2025-12-31", "2026-01-08"),
    ("2026-01-15", "2026-01-23"),
    ("2026-02-13", "2026-02-23"),
    ("2026-02-15", "2026-02-23"),
    ("2026-03-30", "2026-04-07"),
    ("2026-03-31", "2026-04-07"),
    ("2026-05-22", "2026-06-01"),
    ("2026-06-17", "2026-06-25"),
    ("2026-06-30", "2026-07-07"),  # July 4 is a Saturday: Friday is worked
    ("2026-07-03", "2026-07-10"),
    ("2026-07-04", "2026-07-10"),
    ("2026-09-03", "2026-09-11"),
    ("2026-11-08", "2026-11-16"),  # Diwali, a Sunday
    ("2026-11-11", "2026-11-18"),
    ("2026-11-20", "2026-12-01"),
    ("2026-11-26", "2026-12-04"),
    ("2026-12-18", "2026-12-28"),
    ("2026-12-24", "2027-01-04"),
    # holidays that are kept on another day, or on none
    ("2027-07-02", "2027-07-12"),  # July 4 is a Sunday: Monday is kept
    ("2028-11-09", "2028-11-17"),  # Veterans Day is a Saturday: Friday is kept
    ("2027-06-17", "2027-06-24"),  # Juneteenth is a Saturday: Friday is worked
    ("2024-02-14", "2024-02-22"),  # Susan B. Anthony Day is worked, Presidents' Day is not
]
REIMBURSE = [
    ("2025-03-03", "2025-03-23"),  # a Sunday stays
    ("2025-02-10", "2025-03-02"),
    ("2024-02-10", "2024-03-01"),  # a leap year
    ("2025-12-25", "2026-01-14"),
    ("2026-11-20", "2026-12-10"),
    ("2025-11-07", "2025-11-27"),  # Thanksgiving stays
]
PAUSED = [
    (FIVE, [("2025-03-05", "2025-03-17")], "2025-03-20"),
    (FIVE, [("2025-03-04", "2025-03-05")], "2025-03-11"),
    (FIVE, [("2025-03-08", "2025-03-10")], "2025-03-10"),  # a weekend
    (FIVE, [("2025-03-04", "2025-03-06"), ("2025-03-10", "2025-03-12")], "2025-03-14"),
    (FIVE, [("2025-03-04", "2025-03-10"), ("2025-03-06", "2025-03-13")], "2025-03-19"),
    (FIVE, [("2025-03-05", None)], None),
    (FIVE, [("2025-03-11", None)], "2025-03-10"),  # was due before
    (TWENTY, [("2025-03-10", "2025-03-20")], "2025-04-02"),
    (TWENTY, [("2025-03-23", None)], None),  # its last day
]
# fmt: on


@pytest.mark.parametrize(("received", "due"), AUTHORIZE)
def test_five_working_days(received, due):
    assert due_date(day(received), FIVE, CALENDAR) == day(due)


@pytest.mark.parametrize(("received", "due"), REIMBURSE)
def test_twenty_days(received, due):
    assert due_date(day(received), TWENTY, CALENDAR) == day(due)


@pytest.mark.parametrize(("period", "spans", "due"), PAUSED)
def test_received_on_a_monday_and_paused(period, spans, due):
    found = due_date(day("2025-03-03"), period, CALENDAR, pauses(*spans))
    assert found == (day(due) if due else None)


def test_days_off_of_ones_own_and_holidays_that_are_worked():
    calendar = WorkingCalendar.of(extra=[day("2026-12-24")], worked=[day("2026-11-27")])
    assert due_date(day("2026-12-18"), FIVE, calendar) == day("2026-12-29")
    assert due_date(day("2026-11-20"), FIVE, calendar) == day("2026-11-30")


def test_holidays_by_name():
    assert holiday_name(day("2026-11-27")) == "Day After Thanksgiving"
    assert holiday_name(day("2026-07-03")) == ""
    assert holiday_name(day("2024-02-15")) == ""


DAYS = st.dates(dt.date(2013, 1, 1), dt.date(2035, 12, 31))


@given(DAYS)
def test_is_a_working_day_with_five_of_them_after_receipt(received):
    due = due_date(received, FIVE, CALENDAR)
    between = [received + dt.timedelta(days=n) for n in range(1, (due - received).days + 1)]
    assert sum(map(CALENDAR.is_working_day, between)) == 5
    assert CALENDAR.is_working_day(due)


@given(DAYS, st.integers(0, 30), st.integers(0, 40))
def test_a_pause_never_brings_a_deadline_forward(received, until, length):
    start = received + dt.timedelta(days=until)
    paused = due_date(received, FIVE, CALENDAR, [Pause(start, start + dt.timedelta(days=length))])
    assert paused >= due_date(received, FIVE, CALENDAR)

"""Dates as letters write them: 9/26/2013, 09-26-2013, September 26, 2013, 2013-09-26."""

from __future__ import annotations

import datetime as dt
import re

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + "|sept"
INITIALS = "".join(sorted({name[0] for name in MONTHS}))
NTH = "(?:st|nd|rd|th)?"
DATE = re.compile(
    rf"""
    \b(?:
    (?P<month>\d{{1,2}})\s?(?P<mark>[/.-])\s?(?P<day>\d{{1,2}})\s?(?P=mark)\s?(?P<year>\d{{4}}|\d{{2}})(?!\d)
    | (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})\b
    | (?=[{INITIALS}])
      (?P<name>{MONTH})\.?\s*(?P<name_day>\d{{1,2}}){NTH}\s*,?\s*(?P<name_year>\d{{4}})\b
    | (?P<first_day>\d{{1,2}}){NTH}\s+(?P<first_name>{MONTH})\.?,?\s+(?P<first_year>\d{{4}})\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def date_of(match: re.Match[str]) -> dt.date | None:
    """The date a DATE match stands for; None when the calendar has no such day."""
    try:
        if match["iso"]:
            return dt.date.fromisoformat(match["iso"])
        if match["month"]:
            return dt.date(full_year(match["year"]), int(match["month"]), int(match["day"]))
        if match["name"]:
            name, day, year = match.group("name", "name_day", "name_year")
        else:
            name, day, year = match.group("first_name", "first_day", "first_year")
        return dt.date(int(year), month_number(name), int(day))
    except ValueError:
        return None


def month_number(name: str) -> int:
    return MONTH_NUMBERS[name[:3].lower()]


def full_year(digits: str) -> int:
    """Two-digit years are of 1950–2049: injuries reach back decades, decisions do not."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= 50 else 2000)


def find_dates(text: str) -> list[tuple[int, int, dt.date]]:
    """All dates of a text with their offsets."""
    found = []
    for match in DATE.finditer(text):
        date = date_of(match)
        if date:
            found.append((match.start(), match.end(), date))
    return found

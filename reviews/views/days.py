"""Days as forms send them."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest


class NotADay(Exception):
    """The message says how a day is entered."""


def day_in(request: HttpRequest, name: str = "day") -> dt.date:
    """
    Raises:
        NotADay
    """
    try:
        return dt.date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise NotADay("Enter the date as YYYY-MM-DD, such as 2026-11-20.") from error

"""Failures that are nobody's fault and pass: a full disk, a database that is locked or away."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Shortage:
    """What happened, what to do, and after how many seconds to retry."""

    title: str
    words: str
    retry_after: int


DISK_FULL = Shortage(
    "The disk is full",
    "What you sent is not saved. Ask your administrator to make room on the server’s disk, then"
    " send it again.",
    60,
)
DATABASE_LOCKED = Shortage(
    "The database is locked",
    "Another program holds it for long, a backup perhaps. What you sent is not saved: send it"
    " again in a moment, and tell your administrator if this goes on.",
    10,
)
DATABASE_AWAY = Shortage(
    "The database does not answer",
    "What you sent is not saved. Send it again in a minute, and tell your administrator if this"
    " goes on.",
    30,
)
BY_SQLITE_NAME = {
    "SQLITE_BUSY": DATABASE_LOCKED,
    "SQLITE_LOCKED": DATABASE_LOCKED,
    "SQLITE_FULL": DISK_FULL,
    "SQLITE_IOERR": DATABASE_AWAY,
    "SQLITE_CANTOPEN": DATABASE_AWAY,
    "SQLITE_READONLY": DATABASE_AWAY,
}
BY_SQL_STATE = {"53100": DISK_FULL, "55P03": DATABASE_LOCKED, "40P01": DATABASE_LOCKED}
AWAY_CLASSES = ("08", "53", "57")  # connection, resources, operator intervention


def shortage_in(error: BaseException | None) -> Shortage | None:
    """What ran out, if that is why; None for faults of the program."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return DISK_FULL
        if isinstance(error, OperationalError | InterfaceError):
            return database_shortage(error)
        error = error.__cause__
    return None


def database_shortage(error: Exception) -> Shortage | None:
    cause = error.__cause__
    if name := getattr(cause, "sqlite_errorname", None):
        return next(
            (short for start, short in BY_SQLITE_NAME.items() if name.startswith(start)), None
        )
    if cause is not None and hasattr(cause, "sqlstate"):
        state = cause.sqlstate or "08000"  # no connection, so no state
        away = DATABASE_AWAY if state.startswith(AWAY_CLASSES) else None
        return BY_SQL_STATE.get(state, away)
    return DATABASE_LOCKED if "locked" in str(error) else None

"""Writes lines of the access log, also while the database can't be written to.

A line that can't be written within a moment goes to a private file under var/log, and from there
into the database with the next line that can be.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

log = logging.getLogger(__name__)
WAIT_MILLISECONDS = 1500  # for another writer
INSERT = """
    INSERT INTO imrsite_access ("at", who_id, who_name, action, what, query, "rows", address, token)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class AuditLine:
    who_id: int
    who_name: str
    action: str
    what: str
    query: str = ""
    rows: int | None = None
    address: str = ""
    token: str | None = None
    at: dt.datetime = field(default_factory=timezone.now)


def write_line(line: AuditLine) -> None:
    try:
        with brief_transaction():
            insert_line(line)
    except DatabaseError:
        log.warning("The database took no line of the access log; it is kept in %s", pending_file())
        append_pending(line)
        return
    if not connection.in_atomic_block:
        with suppress(DatabaseError):  # they go with the next line
            flush_pending()


def insert_line(line: AuditLine) -> None:
    """By hand: the model gives every line the present time."""
    at = connection.ops.adapt_datetimefield_value(line.at)
    values = [at, line.who_id, line.who_name, line.action, line.what, line.query, line.rows]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*values, line.address, line.token])


@contextmanager
def brief_transaction() -> Iterator[None]:
    """SQLite waits long for its turn to write, PostgreSQL for as long as another program holds the
    table; for a line of the log nobody should."""
    with ExitStack() as within:
        inside = connection.in_atomic_block
        if not inside and connection.vendor == "sqlite":
            usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
            run(f"PRAGMA busy_timeout = {WAIT_MILLISECONDS}")
            within.callback(run, f"PRAGMA busy_timeout = {usual}")
        within.enter_context(transaction.atomic())
        if not inside and connection.vendor == "postgresql":
            run(f"SET LOCAL lock_timeout = {WAIT_MILLISECONDS}")
        yield


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# -- lines that wait in a file --------------------------------------------------------------------


def pending_file() -> Path:
    return settings.VAR_DIR / "log" / "access-waiting.jsonl"


@contextmanager
def locked_pending_file(*, wait: bool = True) -> Iterator[IO[str]]:
    """The file, for nobody else meanwhile; BlockingIOError where that would take waiting."""
    path = pending_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield file


def append_pending(line: AuditLine) -> None:
    with locked_pending_file() as file:
        file.write(json.dumps(asdict(line) | {"at": line.at.isoformat()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def flush_pending() -> None:
    """Writes the waiting lines to the database; the file is emptied once they are there."""
    path = pending_file()
    if not path.exists() or not path.stat().st_size:
        return
    with suppress(BlockingIOError), locked_pending_file(wait=False) as file:
        with brief_transaction():
            for text in file:
                values = json.loads(text)
                insert_line(AuditLine(**values | {"at": dt.datetime.fromisoformat(values["at"])}))
        file.truncate(0)

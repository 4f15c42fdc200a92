"""Copies a SQLite database while others write to it, and loads a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.backup.manifest import BackupError

FILE_NAME = "database.sqlite3"
PAGES_A_STEP = 5000
Say = Callable[[str], None]


def size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return cursor.fetchone()[0]


@contextmanager
def copied(target: Path, say: Say) -> Iterator[BaseDatabaseWrapper]:
    """Writes the copy, and yields a connection to it."""
    copy_database(target, say)
    copy = connection.copy("backup")
    copy.settings_dict |= {"NAME": str(target), "OPTIONS": {}}
    try:
        check(copy)
        yield copy
    finally:
        copy.close()


def copy_database(target: Path, say: Say) -> None:
    """By SQLite's backup API, within one read transaction: without it, the copy would begin anew
    at each change that another process commits."""
    source = connection.copy()
    source.ensure_connection()
    try:
        with closing(source.connection) as live, closing(sqlite3.connect(target)) as copy:
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()
            live.backup(
                copy,
                pages=PAGES_A_STEP,
                progress=lambda _, left, pages: say(f"Database: {pages - left} of {pages} pages"),
            )
            live.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite3.Error as error:
        raise BackupError(f"The database can't be copied: {error}.") from error


def check(copy: BaseDatabaseWrapper) -> None:
    with copy.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(3)")
        found = [line for (line,) in cursor.fetchall()]
    if found != ["ok"]:
        raise BackupError(
            f"The database is damaged: {'; '.join(found)}. Restore an earlier backup, or ask"
            " somebody who knows SQLite to recover it."
        )


def load(source: Path) -> None:
    """Puts the copy in place of what the database holds, in one transaction."""
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?immutable=1", uri=True)) as copy:
        replace_by(copy)


def clear() -> None:
    """Takes away all tables."""
    with closing(sqlite3.connect(":memory:")) as nothing:
        replace_by(nothing)


def replace_by(copy: sqlite3.Connection) -> None:
    connection.close()
    target = connection.copy()
    target.ensure_connection()
    try:
        with closing(target.connection) as live:
            copy.backup(live)
    except sqlite3.Error as error:
        raise BackupError(f"The database can't be written: {error}.") from error

"""Copies a PostgreSQL database by pg_dump, and loads a copy by pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.backup.manifest import BackupError

FILE_NAME = "database.pgdump"
OPTIONS = ("--no-owner", "--no-privileges")
Say = Callable[[str], None]
# What the schema holds, but not what extensions have put there.
FUNCTIONS = """
    SELECT format('DROP FUNCTION %s CASCADE', p.oid::regprocedure) FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
TABLES = """
    SELECT format('DROP TABLE %I CASCADE', tablename) FROM pg_tables
    WHERE schemaname = current_schema()
"""


def size() -> int:
    """What a dump takes at most: it is compressed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


@contextmanager
def copied(target: Path, say: Say) -> Iterator[BaseDatabaseWrapper]:
    """Writes the dump, and yields a connection that reads the very state that was dumped."""
    require("pg_dump")
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        say("Database: pg_dump is writing it")
        run("pg_dump", "--format=custom", *OPTIONS, f"--snapshot={snapshot}", f"--file={target}")
        yield reader
    finally:
        reader.close()


def load(source: Path) -> None:
    """In one transaction, into an empty schema."""
    require("pg_restore")
    clear()
    connection.close()
    run("pg_restore", *OPTIONS, "--exit-on-error", "--single-transaction", str(source))


def clear() -> None:
    """Takes away all tables and functions of ours."""
    with connection.cursor() as cursor:
        for statements in (TABLES, FUNCTIONS):
            cursor.execute(statements)
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)


def require(program: str) -> None:
    if not shutil.which(program):
        raise BackupError(
            f"{program} was not found. Install PostgreSQL's client programs, of the server's"
            " version or a later one (on Debian: apt install postgresql-client)."
        )


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [program, "--no-password", f"--dbname={address()}", *arguments],
        env=os.environ | password(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-600:]}")


def address() -> str:
    """Where the database is, as libpq takes it; the password is not for everybody to see."""
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"password"}
    given = connection.get_connection_params()
    return make_conninfo(**{name: given[name] for name in given if name in known})


def password() -> dict[str, str]:
    given = connection.settings_dict["PASSWORD"]
    return {"PGPASSWORD": given} if given else {}

"""A database with all tables, made once in a run of the tests and copied by all others: of SQLite
a file, and where the tests themselves run on PostgreSQL, a template there as well.

To migrate an empty database costs five seconds of processor time, a copy none.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.product import ROOT, clean_environment

VARIABLE = "IMR_TEST_MIGRATED"  # its path, for the processes that a test starts
TEMPLATE = "imr_tests_template"


def make_migrated(shared: Path) -> Path:
    """The first process to come here makes it, the others wait."""
    done = shared / "migrated.sqlite3"
    with (shared / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder = shared / "migrating"
            env = clean_environment(folder)
            # The tables are those of the settings under test (single sign-on has more).
            env["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"]
            env["IMR_TEST_VAR_DIR"] = str(folder)
            env.pop("PYTEST_XDIST_WORKER", None)
            folder.mkdir(exist_ok=True)
            command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(command, cwd=ROOT, env=env, check=True)
            (folder / "db.sqlite3").rename(done)
    os.environ[VARIABLE] = str(done)
    return done


def copy_migrated(database: Path) -> None:
    """Puts a copy where there is no database yet. Outside of the tests `migrate` has to do."""
    if VARIABLE in os.environ and not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.environ[VARIABLE], database)


def start_test_databases_from(done: Path) -> None:
    """Lets Django's test database begin with the tables, so that `migrate` finds nothing to do."""
    from django.db.backends.sqlite3.creation import DatabaseCreation

    create = DatabaseCreation._create_test_db

    def create_with_tables(self: DatabaseCreation, *args: Any, **options: Any) -> str:
        name = create(self, *args, **options)
        self.connection.settings_dict["NAME"] = name
        self.connection.ensure_connection()
        copy_rows_apart(done, self.connection.connection)
        return name

    DatabaseCreation._create_test_db = create_with_tables


def copy_rows_apart(done: Path, into: sqlite3.Connection) -> None:
    """The keys of each table begin elsewhere, so that no test passes because a row has by chance
    the key of a row of another table."""
    with closing(sqlite3.connect(done)) as made:
        made.backup(into)
    keys = dict(into.execute("SELECT name, seq FROM sqlite_sequence"))
    numbered = into.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    starts = enumerate(sorted(name for (name,) in numbered), 1)
    rows = [(name, keys.get(name, 0) + 1000 * number) for number, name in starts]
    into.execute("DELETE FROM sqlite_sequence")
    into.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", rows)


def copy_test_databases_from_template(shared: Path) -> None:
    """The same for tests that run on PostgreSQL: the first process to come here makes it."""
    from django.db import connection

    done = shared / "migrated.postgres"
    with (shared / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            new_database(TEMPLATE, "template1")
            server, _, rest = os.environ["DATABASE_URL"].rpartition("/")
            options = f"?{rest.partition('?')[2]}" if "?" in rest else ""
            env = os.environ | {"DATABASE_URL": f"{server}/{TEMPLATE}{options}"}
            command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(command, cwd=ROOT, env=env, check=True)
            done.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def new_database(name: str, template: str) -> None:
    """In place of one of that name, whoever uses it."""
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def restore_migrated_rows() -> None:
    """Puts back what migrations store (labels, roles), which a test with real transactions ends by
    emptying; whichever test comes next counts on it."""
    from django.db import connection

    if connection.vendor == "postgresql" and connection.settings_dict["TEST"].get("TEMPLATE"):
        connection.close()
        new_database(connection.settings_dict["NAME"], TEMPLATE)
    elif connection.vendor == "sqlite" and connection.is_in_memory_db() and VARIABLE in os.environ:
        connection.ensure_connection()
        copy_rows_apart(Path(os.environ[VARIABLE]), connection.connection)

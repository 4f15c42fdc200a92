"""Real databases of either kind, on which several connections commit at once, and processes that
each keep an index of one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from cases.data_checks.index import differences
from cases.index import current
from cases.index.current import IndexKeeper
from cases.index.index import Index
from cases.index.words import WordSets
from tests.conftest import connect, instead_of_default
from tests.migrated import VARIABLE
from tests.postgres import new_database

SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
}


@dataclass(slots=True)
class Process:
    """A connection of its own and an index of its own, as each process of the product has."""

    connection: BaseDatabaseWrapper
    keeper: IndexKeeper = field(default_factory=IndexKeeper)
    inside: list[AbstractContextManager[None]] = field(default_factory=list)

    def __enter__(self) -> Process:
        """Until it is left, all that is read and written goes through its connection."""
        self.inside.append(instead_of_default(self.connection))
        self.inside[-1].__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        self.inside.pop().__exit__(None, None, None)

    @contextmanager
    def look(self) -> Iterator[Index]:
        with self, self.keeper.current() as index:
            yield index

    def faults(self) -> list[str]:
        """Where its index is other than one that is read at this moment."""
        with self.look() as index:
            return faults_of(index)


def faults_of(index: Index) -> list[str]:
    fresh = IndexKeeper()
    fresh.read_all()
    facts = [
        f"{name}: {what}"
        for name, space in index.spaces.items()
        for what in differences(space, fresh.index.spaces[name])
    ]
    kept = index.words.kept.items()
    return facts + [str(one) for one, rows in kept if rows != WordSets.gathered(one)]


@dataclass(slots=True)
class Database:
    """`address` as DATABASE_URL has it."""

    address: str
    opened: list[BaseDatabaseWrapper] = field(default_factory=list)

    @property
    def is_postgresql(self) -> bool:
        return self.address.startswith("postgres")

    @property
    def path(self) -> Path:
        return Path(self.address.removeprefix("sqlite:///"))

    def process(self) -> Process:
        self.opened.append(self.connect())
        self.opened[-1].inc_thread_sharing()  # closed by another thread than may have used it
        return Process(self.opened[-1])

    def connect(self) -> BaseDatabaseWrapper:
        if self.is_postgresql:
            return connect(self.address)
        settings = connections["default"].settings_dict
        return load_backend("django.db.backends.sqlite3").DatabaseWrapper(
            settings | {"NAME": str(self.path), "OPTIONS": SQLITE}, "default"
        )

    def close(self) -> None:
        for connection in self.opened:
            connection.close()


@pytest.fixture(scope="session")
def migrated_sqlite(django_db_setup: None) -> Path:
    """The file of a migrated database that others are copies of, whatever the tests run on."""
    return Path(os.environ[VARIABLE])


@pytest.fixture(autouse=True)
def own_var_dir(settings, tmp_path: Path) -> Path:
    """Where the index is saved."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def sqlite(db: None, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "db.sqlite3"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgresql(db: None, postgres_server: str, migrated_postgres: str) -> Iterator[Database]:
    database = Database(new_database(postgres_server, migrated_postgres))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, migrated_sqlite: Path, db: None) -> Database:
    # Both are asked for here: the tests' database is made for those that say they need it, and it
    # can't be copied once a test's transaction has begun.
    return request.getfixturevalue(request.param)


@pytest.fixture
def process(database: Database) -> Process:
    return database.process()


@pytest.fixture
def other(database: Database) -> Process:
    return database.process()


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two changed cases are worth a new file, and rows are read two cases at a time."""
    monkeypatch.setattr(current, "CHANGES_BEFORE_SAVE", 1)
    monkeypatch.setattr(current, "CHUNK", 2)

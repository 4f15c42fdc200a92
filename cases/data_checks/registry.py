"""What a check of the data is, and the checks there are.

Every app keeps its checks in a module (or package) `data_checks`, which `run_checks` imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.utils.module_loading import autodiscover_modules

from cases.models import Case

BATCH = 200
REFRESH_ALL = "Run: manage.py refresh --all"


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage: where, what, and what to do about it."""

    place: str
    problem: str
    advice: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}. {self.advice}"


@dataclass(frozen=True, slots=True)
class Options:
    read_files: bool = True


Check = Callable[[Options], Iterator[Finding]]
CaseCheck = Callable[[list[Case]], Iterator[Finding]]
# Each is called once.
checks: list[Check] = []
# Each is called with every batch of cases, whose issues, citations, flags, readings and derived
# rows are at hand.
case_checks: list[CaseCheck] = []
# What `manage.py refresh --all` calls besides, to make again what other apps derive.
rebuilders: list[Callable[[], object]] = []


def refresh(case_number: str) -> str:
    return f"Run: manage.py refresh {case_number}"


def run_checks(options: Options) -> Iterator[Finding]:
    """All findings, of one state of the database, which is only read."""
    autodiscover_modules("data_checks")
    with consistent_snapshot():
        for check in checks:
            yield from check(options)
        for cases in batches_of_cases():
            for of_cases in case_checks:
                yield from of_cases(cases)


def batches_of_cases() -> Iterator[list[Case]]:
    rows = (
        Case.objects.select_related("document", "reading")
        .prefetch_related("issues__citations", "flags")
        .order_by("pk")
    )
    after = 0
    while cases := list(rows.filter(pk__gt=after)[:BATCH]):
        yield cases
        after = cases[-1].pk


@contextmanager
def consistent_snapshot() -> Iterator[None]:
    """Others may write meanwhile; what they write is not seen, and nothing is written here."""
    if connection.in_atomic_block:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        execute_sql("PRAGMA query_only=ON", "BEGIN")
    else:
        execute_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        execute_sql("ROLLBACK")
        if sqlite:
            execute_sql("PRAGMA query_only=OFF")


def execute_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

"""Which cases changed, and since when: how every process's index follows the database.

A change is numbered in the transaction that makes it. On SQLite, which has one writer at a time,
numbers go up in the order of commits. PostgreSQL numbers changes by transaction; those before the
horizon, the oldest transaction still under way, are all settled, and the others are looked at
again each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from secrets import randbits

from django.db import connection

from cases.models import CaseChange

TABLE = CaseChange._meta.db_table
NEXT = {
    "sqlite": f"(SELECT coalesce(max(number), 0) + 1 FROM {TABLE} WHERE number > 0)",  # noqa: S608
    "postgresql": "pg_current_xact_id()::text::bigint",
}
HORIZON = {
    "sqlite": NEXT["sqlite"],
    "postgresql": "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
}
# The number that further changes of the transaction which looks will have, where it has one.
OWN = {"sqlite": "NULL", "postgresql": "pg_current_xact_id_if_assigned()::text::bigint"}
BATCH = 500


# No case has this key: the row's number, which is below all others, tells the database apart.
IDENTITY = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """The numbers of changed cases in the database of this identity; all before `horizon` are
    settled. `own` is that of the transaction which looks: what it changes next has it as well."""

    identity: int
    horizon: int
    numbers: dict[int, int]
    own: int | None = None

    @property
    def told_apart(self) -> dict[int, int]:
        """Those that a later change of the same case differs from."""
        return {case: number for case, number in self.numbers.items() if number != self.own}


def record_changes(cases: Iterable[int]) -> None:
    """Says, in the transaction that changes them, that these cases are other than they were."""
    keys = sorted(set(cases))
    number = NEXT[connection.vendor]
    with connection.cursor() as cursor:
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            rows = ", ".join([f"(%s, {number})"] * len(some))
            cursor.execute(
                f"INSERT INTO {TABLE} (case_id, number) VALUES {rows}"  # noqa: S608
                " ON CONFLICT (case_id) DO UPDATE SET number = excluded.number",
                some,
            )


def changes_since(horizon: int) -> Changes:
    """Those from this number on, as this connection sees the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {HORIZON[connection.vendor]}, {OWN[connection.vendor]},"  # noqa: S608
            " case_id, number FROM"
            f" (SELECT 1 AS one) AS one LEFT JOIN {TABLE} ON number >= %s OR case_id = %s",
            [horizon, IDENTITY],
        )
        rows = cursor.fetchall()
    horizon, own, *_ = rows[0]
    numbers = {case: number for *_, case, number in rows if case is not None}
    return Changes(numbers.pop(IDENTITY, 0), horizon, numbers, own)


def set_database_identity(*, anew: bool = False) -> None:
    """Gives the database an identity where it has none; `anew`, where it was put back from a copy,
    so that nobody takes it for what it was."""
    if anew:
        CaseChange.objects.filter(case_id=IDENTITY).delete()
    CaseChange.objects.get_or_create(case_id=IDENTITY, defaults={"number": -randbits(62)})


def settle_changes() -> None:
    """Renumbers changes that came from another database, as a dump brings them: on PostgreSQL a
    number that is still to come would be looked at every time until then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {TABLE} SET number = 0 WHERE number >="  # noqa: S608
                " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
            )

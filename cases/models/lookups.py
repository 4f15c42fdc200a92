"""Lookups that Django lacks: `place__among=numbers` and `field__glob="CM[0-9]"`."""

from __future__ import annotations

import json

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignObject, Lookup
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[str | int, ...]]  # with its parameters

DIGIT, HEX = "[0-9]", "[0-9a-f]"


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """Like `in`, with all numbers as one parameter.

    A thousand parameters take longer to be bound than the database takes to look up their rows.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str | int]]:
        column, params = self.process_lhs(compiler, connection)
        numbers = json.dumps([*map(int, self.rhs)])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, numbers]  # noqa: S608

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str | int | list[int]]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*params, [*map(int, self.rhs)]]


@Field.register_lookup
class Glob(Lookup):
    """The whole value matches a pattern of characters and [ranges]; `*` and `?` are refused, for
    they mean different things: it is GLOB on SQLite, `~` on PostgreSQL.

    For CHECK constraints. Django's `regex` is a function that only Django gives to SQLite, so that
    `VACUUM INTO` and loading a dump with the plain `sqlite3` program fail; GLOB is built in.
    """

    lookup_name = "glob"

    def get_prep_lookup(self) -> str:
        if set(self.rhs) & set("*?^$.|+(){}\\"):
            raise ValueError(f"{self.rhs!r} may hold characters and [ranges] only.")
        return self.rhs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} GLOB %s", (*params, self.rhs)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        return f"{column}::text ~ %s", (*params, f"^{self.rhs}$")

"""`field__glob="CM[0-9][0-9]"`: the whole value matches a pattern of characters and [ranges].

For CHECK constraints. Django's `regex` is a function that only Django gives to SQLite, so that
`VACUUM INTO` and loading a dump with the plain `sqlite3` program fail; GLOB is built in.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[str | int, ...]]  # with its parameters

DIGIT, HEX = "[0-9]", "[0-9a-f]"


@Field.register_lookup
class Glob(Lookup):
    """GLOB on SQLite, `~` on PostgreSQL. `*` and `?` are refused: they mean different things."""

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

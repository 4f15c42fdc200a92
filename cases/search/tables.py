"""The tables of `cases.search.full_text`, for migrations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps


def index_table(table: str, columns: Sequence[str], *, facts: bool = True) -> RunPython:
    """Makes an empty table of the words of these columns, and drops it backwards. Until cases/0013
    such tables held `facts` as well."""
    vectors = ("facts", "words") if facts else ("words",)
    texts = ("facts", *columns) if facts else columns

    def make(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            held = ", ".join(f"{name} tsvector NOT NULL" for name in vectors)
            schema_editor.execute(f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, {held})")
            for name in vectors:
                schema_editor.execute(f"CREATE INDEX {table}_{name} ON {table} USING gin ({name})")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(texts)},"
                """ tokenize="ascii tokenchars '_'")"""
            )

    def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        schema_editor.execute(f"DROP TABLE {table}")

    return RunPython(make, drop)


def facts_leave(
    table: str, columns_before: Sequence[str], columns: Sequence[str]
) -> tuple[RunPython, RunPython]:
    """Puts an empty table of words in place of one that held facts beside them. Both are filled
    after `migrate`."""
    before = index_table(table, columns_before)
    assert before.reverse_code  # `drop`
    return RunPython(before.reverse_code, before.code), index_table(table, columns, facts=False)

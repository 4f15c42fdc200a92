"""The tables of `cases.search.index`, for migrations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunPython


def index_table(table: str, columns: Sequence[str]) -> RunPython:
    """Makes an empty table of an index with these columns of text, and drops it backwards."""

    def make(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, facts tsvector NOT NULL,"
                " words tsvector NOT NULL)"
            )
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (words)")
            schema_editor.execute(f"CREATE INDEX {table}_facts ON {table} USING gin (facts)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(facts, {', '.join(columns)},"
                """ tokenize="ascii tokenchars '_'")"""
            )

    def drop(apps, schema_editor) -> None:
        schema_editor.execute(f"DROP TABLE {table}")

    return RunPython(make, drop)


def empty_index_table(table: str) -> RunPython:
    """Takes all rows out, at once: to fill an empty table takes a fraction of the time that
    replacing every row does."""

    def empty(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"TRUNCATE {table}")
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
            (definition,) = cursor.fetchone()
        schema_editor.execute(f"DROP TABLE {table}")
        schema_editor.execute(definition)

    return RunPython(empty, RunPython.noop)

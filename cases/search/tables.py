"""The tables of `cases.search.full_text`, for migrations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunPython

# PostgreSQL keeps what is long of a row elsewhere, so that rows which match lie close together: to
# gather ten thousand reads a third of the pages.
NARROW = "toast_tuple_target = 128"


def index_table(table: str, columns: Sequence[str]) -> RunPython:
    """Makes an empty table of an index with these columns of text, and drops it backwards."""

    def make(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, facts tsvector NOT NULL,"
                f" words tsvector NOT NULL) WITH ({NARROW})"
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


def text_table(table: str, columns: Sequence[str]) -> RunPython:
    """Makes an empty table of the words of these columns, and drops it backwards."""

    def make(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, words tsvector NOT NULL)"
                f" WITH ({NARROW})"
            )
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (words)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(columns)},"
                """ tokenize="ascii tokenchars '_'")"""
            )

    def drop(apps, schema_editor) -> None:
        schema_editor.execute(f"DROP TABLE {table}")

    return RunPython(make, drop)


def facts_leave(
    table: str, columns_before: Sequence[str], columns: Sequence[str]
) -> tuple[RunPython, RunPython]:
    """Puts an empty table of words in place of one that held facts beside them. Both are filled
    after `migrate`."""
    return undone(index_table(table, columns_before)), text_table(table, columns)


def undone(operation: RunPython) -> RunPython:
    return RunPython(operation.reverse_code, operation.code)


def index_cases_anew() -> tuple[RunPython, ...]:
    """Empties the tables of cases and issues, which are filled after `migrate`. To fill an empty
    table takes a fraction of the time that replacing every row does."""

    def forget_places(apps, schema_editor) -> None:
        apps.get_model("cases", "Case").objects.update(place=0)

    return (
        emptied("case_index"),
        emptied("issue_index"),
        RunPython(forget_places, RunPython.noop),
    )


def emptied(table: str) -> RunPython:
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


def narrowed(table: str) -> RunPython:
    """Writes a table that was made before `NARROW` anew: 100,000 cases in some 15 seconds."""

    def narrow(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} SET ({NARROW})")
            # Joined to nothing, which makes PostgreSQL write it again.
            anew = ", ".join(
                f"ALTER {column} TYPE tsvector USING {column} || ''"
                for column in ("facts", "words")
            )
            schema_editor.execute(f"ALTER TABLE {table} {anew}")

    return RunPython(narrow, RunPython.noop)

"""A migration's operation that adds an index while people write to its table."""

from __future__ import annotations

from typing import Any

from django.db import NotSupportedError
from django.db.migrations.operations import AddIndex

INVALID = """
    SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relname = %s AND NOT indisvalid AND pg_table_is_visible(indexrelid)
"""


class AddIndexOnline(AddIndex):
    """On PostgreSQL by CREATE INDEX CONCURRENTLY, in a migration with `atomic = False`. Where an
    earlier try broke off, what it left is removed first; an index that is there already stays.

    Django's AddIndexConcurrently is for PostgreSQL alone, and a second try of it fails.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        online = prepare(schema_editor)
        if online:
            drop_invalid(schema_editor, self.index.name)
        if self.index.name not in index_names(schema_editor.connection, model._meta.db_table):
            schema_editor.add_index(model, self.index, **online)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = from_state.models[app_label, self.model_name_lower].get_index_by_name(
                self.index.name
            )
            schema_editor.remove_index(model, index, **prepare(schema_editor))


def prepare(schema_editor: Any) -> dict[str, bool]:
    """Options of the change of an index: PostgreSQL makes it without locking out writers."""
    if schema_editor.connection.vendor != "postgresql":
        return {}
    if schema_editor.connection.in_atomic_block:
        raise NotSupportedError("AddIndexOnline needs a migration with atomic = False.")
    return {"concurrently": True}


def drop_invalid(schema_editor: Any, name: str) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(INVALID, [name])
        if cursor.fetchone():
            quoted = schema_editor.quote_name(name)
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}")


def index_names(connection: Any, table: str) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, table))

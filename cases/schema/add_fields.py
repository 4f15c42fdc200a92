"""Adds several fields to a table in one step of a migration.

Django rebuilds an SQLite table for each field and each constraint that it adds; this does so once
for all. PostgreSQL adds fields with a constant default without touching the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import AddField
from django.db.migrations.operations.base import Operation


class ChangeTable(Operation):
    """Operations on one model, done together. Each AddField has a constant default."""

    reduces_to_sql = True

    def __init__(self, model_name: str, operations: Sequence[Operation]) -> None:
        self.model_name = model_name
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list, dict[str, Any]]:
        return type(self).__name__, [self.model_name, self.operations], {}

    def describe(self) -> str:
        return f"Change the table of {self.model_name}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            model = to_state.apps.get_model(app_label, self.model_name)
            for one in self.operations:
                if isinstance(one, AddField):
                    add_column(schema_editor, model, model._meta.get_field(one.name))
            schema_editor._remake_table(model)
            return
        state = from_state
        for one in self.operations:
            before, state = state, state.clone()
            one.state_forwards(app_label, state)
            one.database_forwards(app_label, schema_editor, before, state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(to_state.apps.get_model(app_label, self.model_name))
            return
        states = [to_state]
        for one in self.operations:
            states.append(states[-1].clone())
            one.state_forwards(app_label, states[-1])
        for number, one in reversed(list(enumerate(self.operations))):
            one.database_backwards(app_label, schema_editor, states[number + 1], states[number])


def add_column(schema_editor: Any, model: Any, field: Any) -> None:
    """With the default in the table's definition, which the rebuilding that follows takes out."""
    definition = field.db_parameters(schema_editor.connection)["type"]
    default = schema_editor.prepare_default(schema_editor.effective_default(field))
    table = schema_editor.quote_name(model._meta.db_table)
    column = schema_editor.quote_name(field.column)
    schema_editor.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {definition} NOT NULL DEFAULT {default}"
    )

"""A migration's operation that puts one CHECK constraint in place of another."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.models import CheckConstraint


class ReplaceConstraint(Operation):
    """SQLite writes the whole table anew for each change of a constraint: removing one and adding
    another would take twice the time of this."""

    category = OperationCategory.ALTERATION
    reversible = True

    def __init__(self, model_name: str, constraint: CheckConstraint) -> None:
        self.model_name, self.constraint = model_name, constraint

    def deconstruct(self) -> tuple[str, list, dict[str, Any]]:
        arguments = {"model_name": self.model_name, "constraint": self.constraint}
        return type(self).__name__, [], arguments

    def state_forwards(self, app_label: str, state: Any) -> None:
        name = self.model_name.lower()
        state.remove_constraint(app_label, name, self.constraint.name)
        state.add_constraint(app_label, name, self.constraint)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        old, new = (
            state.apps.get_model(app_label, self.model_name) for state in (from_state, to_state)
        )
        if not self.allow_migrate_model(schema_editor.connection.alias, new):
            return
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(new)
            return
        schema_editor.remove_constraint(old, self.named_in(old))
        schema_editor.add_constraint(new, self.named_in(new))

    database_backwards = database_forwards

    def named_in(self, model: Any) -> CheckConstraint:
        return next(one for one in model._meta.constraints if one.name == self.constraint.name)

    def describe(self) -> str:
        return f"Replace constraint {self.constraint.name} on model {self.model_name}"

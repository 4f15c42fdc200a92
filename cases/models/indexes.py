"""Sorting by a column that may be empty, in the same way on every database."""

from __future__ import annotations

from typing import Any

from django.db.backends.ddl_references import Statement
from django.db.models import F, Index, Model
from django.db.models.expressions import BaseExpression, Combinable, OrderBy


def sorted_field(expression: BaseExpression | Combinable) -> str:
    """The name of the field in `F(name).desc()`."""
    if not isinstance(expression, OrderBy) or not isinstance(expression.expression, F):
        raise TypeError(f"{expression!r} does not sort by a field.")
    return expression.expression.name  # type: ignore[attr-defined]  # missing in the stubs


class EmptyLastIndex(Index):
    """An index of one field downward, empty values last, ties by id.

    SQLite has empty values there anyway and refuses to be told so in an index.
    """

    def __init__(self, *expressions: Any, **kwargs: Any) -> None:
        super().__init__(*expressions, **kwargs)

    @classmethod
    def of(cls, field: str, name: str) -> EmptyLastIndex:
        return cls(F(field).desc(nulls_last=True), F("id").desc(), name=name)

    def create_sql(
        self, model: type[Model], schema_editor: Any, using: str = "", **kwargs: Any
    ) -> Statement:
        if schema_editor.connection.vendor != "sqlite":
            return super().create_sql(model, schema_editor, using, **kwargs)
        names = [f"-{sorted_field(one)}" for one in self.expressions]
        plain = Index(fields=names, name=self.name)
        return plain.create_sql(model, schema_editor, using, **kwargs)

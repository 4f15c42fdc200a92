"""Citations by a page of the guideline that they cite."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import BooleanField, F, Func, QuerySet, Value

from cases.filtering import Asking, Shared
from cases.search.language import Node
from cases.search.pages import may_cite

NOT_A_PAGE = ("invalid", "min_value", "max_value", "max_decimal_places")


class HasPage(Func):
    """Whether a page is in one of the ranges that a field holds."""

    arity = 2
    output_field = BooleanField()
    conditional = True

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any):
        (ranges, before), (page, after) = map(compiler.compile, self.source_expressions)
        sql = (
            f"EXISTS (SELECT 1 FROM json_each({ranges}) AS cited WHERE {page}"  # noqa: S608
            " BETWEEN json_extract(cited.value, '$[0]') AND json_extract(cited.value, '$[1]'))"
        )
        return sql, [*before, *after]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any):
        (ranges, before), (page, after) = map(compiler.compile, self.source_expressions)
        sql = (
            f"EXISTS (SELECT 1 FROM jsonb_array_elements({ranges}) AS cited WHERE {page}"  # noqa: S608
            " BETWEEN (cited ->> 0)::int AND (cited ->> 1)::int)"
        )
        return sql, [*before, *after]


class CitesPage(Asking, Shared, filters.NumberFilter):
    again = True  # the index knows of issues, not of citations

    def __init__(self, label: str):
        super().__init__(
            field_name="pages",
            label=label,
            min_value=1,
            max_value=99_999,
            decimal_places=0,
            error_messages=dict.fromkeys(NOT_A_PAGE, "Write a page as a whole number, like 126."),
            widget=forms.NumberInput(attrs={"step": 1}),
        )

    def asks(self, value: Any) -> Node:
        return may_cite(int(value))

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return queryset
        return queryset.filter(HasPage(F(self.field_name), Value(int(value))))

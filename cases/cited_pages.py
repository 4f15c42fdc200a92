"""Citations by a page of the guideline that they cite."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import BooleanField, F, Func, QuerySet, Value

from cases.filtering import Asking, Shared
from cases.search.language import Node
from cases.search.pages import may_cite


class HasPage(Func):
    """Whether a page is in one of the ranges that a field holds."""

    arity = 2
    output_field = BooleanField()
    conditional = True

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any):
        template = (
            "EXISTS (SELECT 1 FROM json_each(%(expressions)s) AS page_range"
            " WHERE page_asked BETWEEN json_extract(page_range.value, '$[0]')"
            " AND json_extract(page_range.value, '$[1]'))"
        )
        return self.asked_once(compiler, connection, template)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any):
        template = (
            "EXISTS (SELECT 1 FROM jsonb_array_elements(%(expressions)s) AS page_range"
            " WHERE page_asked BETWEEN (page_range ->> 0)::int AND (page_range ->> 1)::int)"
        )
        return self.asked_once(compiler, connection, template)

    def asked_once(self, compiler: Any, connection: Any, template: str):
        ranges, page = map(compiler.compile, self.source_expressions)
        sql = template.replace("page_asked", page[0]).replace("%(expressions)s", ranges[0])
        return sql, [*ranges[1], *page[1]]


class CitesPage(Asking, Shared, filters.NumberFilter):
    again = True  # the index knows of issues, not of citations

    def __init__(self, label: str):
        super().__init__(
            field_name="pages",
            label=label,
            min_value=1,
            max_value=99_999,
            decimal_places=0,
            widget=forms.NumberInput(attrs={"step": 1}),
        )

    def asks(self, value: Any) -> Node:
        return may_cite(int(value))

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return queryset
        return queryset.filter(HasPage(F(self.field_name), Value(int(value))))

"""The kinds of filter that lists are made of.

Each filter narrows a queryset by its rows: that is what it means. Lists of many rows get the same
answer faster from the search index; see `cases.listing`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Through:
    """Rows of another model that speak of a list's row: `key` there equals `outer` here."""

    model: type[Model]
    key: str
    outer: str = "pk"
    only: Q | None = None

    def having(self, condition: Q) -> Exists:
        rows = self.model.objects.filter(**{self.key: OuterRef(self.outer)})
        if self.only is not None:
            rows = rows.filter(self.only)
        return Exists(rows.filter(condition))


class DateInput(forms.DateInput):
    input_type = "date"


class Shared:
    """A filter that filter sets copy flatly: a deep copy of forty for each request takes longer
    than the page's queries."""

    def __deepcopy__(self, memo: dict) -> Any:
        return copy.copy(self)


class AnyOf(Shared, filters.MultipleChoiceFilter):
    """One or several of known values; a row with any of them passes."""

    def __init__(self, *args: Any, through: Through | None = None, **kwargs: Any):
        choices = kwargs["choices"]
        kwargs["choices"] = tuple(getattr(choices, "choices", choices))
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(*args, **kwargs)
        self.through = through

    def filter(self, queryset: QuerySet, values: Iterable[str]) -> QuerySet:
        if not values:
            return queryset
        condition = Q(**{f"{self.field_name}__in": list(values)})
        return queryset.filter(self.through.having(condition) if self.through else condition)


class Is(Shared, filters.CharFilter):
    """A text that the rows hold in exactly this form, as a list to choose from offers it."""

    def __init__(
        self,
        *args: Any,
        through: Through | None = None,
        offers: Iterable[str] = (),
        **kwargs: Any,
    ):
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)
        self.through = through
        self.offers = tuple(offers)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        condition = Q(**{self.field_name: value})
        return queryset.filter(self.through.having(condition) if self.through else condition)


class Words(Shared, filters.CharFilter):
    """Words that all stand in the field, in any order."""

    def __init__(self, *args: Any, through: Through | None = None, **kwargs: Any):
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)
        self.through = through

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        condition = Q()
        for word in value.split()[:10]:
            condition &= Q(**{f"{self.field_name}__icontains": word})
        return queryset.filter(self.through.having(condition) if self.through else condition)


class YesNo(Shared, filters.TypedChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any):
        kwargs["choices"] = [("", "Any"), ("true", "Yes"), ("false", "No")]
        kwargs["coerce"] = lambda word: word == "true"
        super().__init__(*args, **kwargs)


class Chosen(filters.BaseInFilter, filters.NumberFilter):
    """Rows picked by hand, by number."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("field_name", "pk")
        kwargs.setdefault("widget", forms.HiddenInput)
        super().__init__(lookup_expr="in", label="Selection", **kwargs)

    def filter(self, queryset: QuerySet, value: list | None) -> QuerySet:
        numbers = [int(one) for one in value or () if one is not None and abs(one) < 2**62]
        return queryset.filter(**{f"{self.field_name}__in": numbers}) if value else queryset


def date_range(name: str, label: str, field: str = "") -> dict[str, filters.Filter]:
    """Two filters, `<name>_after` and `<name>_before`, both days included."""
    return {
        f"{name}_{side}": filters.DateFilter(
            field_name=field or name,
            lookup_expr=lookup,
            label=f"{label} {word}",
            widget=DateInput,
            error_messages={"invalid": "Write the date as YYYY-MM-DD, like 2015-01-16."},
        )
        for side, lookup, word in (("after", "gte", "from"), ("before", "lte", "to"))
    }


class Order(filters.OrderingFilter):
    """Sorts by a column of the list, ties by row, so that pages never overlap.

    Rows without a value count as the smallest, on every database.
    """

    def __init__(self, columns: dict[str, str], tie: str = "pk", **kwargs: Any):
        self.tie = tie
        super().__init__(
            fields=[(field, name) for name, field in columns.items()],
            label="Sort by",
            empty_label=None,
            error_messages={"invalid_choice": "This list can’t be sorted by “%(value)s”."},
            **kwargs,
        )

    def filter(self, queryset: QuerySet, value: list[str] | None) -> QuerySet:
        if not value:
            return queryset
        name = self.get_ordering_value(value[0])
        field = F(name.removeprefix("-"))
        if name.startswith("-"):
            return queryset.order_by(field.desc(nulls_last=True), f"-{self.tie}")
        return queryset.order_by(field.asc(nulls_first=True), self.tie)


def without_empty(data: QueryDict | None) -> QueryDict:
    """A form sends its empty fields too; they ask for nothing."""
    kept = QueryDict(mutable=True)
    for name, values in (data or QueryDict()).lists():
        kept.setlist(name, [value for value in values if value])
    return kept


@dataclass(frozen=True, slots=True)
class Group:
    """Filters that stand together on the page."""

    label: str
    names: tuple[str, ...]
    open: bool = False


class ListFilter(filters.FilterSet):
    """What can be asked of one list. `groups` lays its filters out."""

    groups: tuple[Group, ...] = ()

    class Meta:
        fields: list[str] = []

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any):
        super().__init__(without_empty(data), *args, **kwargs)

    def grouped(self) -> list[tuple[Group, bool, list]]:
        """Each group with its fields, and whether it stands open."""
        return [
            (
                group,
                group.open or any(self.data.get(name) for name in group.names),
                [self.form[name] for name in group.names if name in self.form.fields],
            )
            for group in self.groups
        ]

    def mistakes(self) -> list[tuple[str, str]]:
        """(label, what is wrong) of each filter that can't be applied."""
        return [
            (str(self.filters[name].label if name in self.filters else name), error)
            for name, errors in self.errors.items()
            for error in errors
        ]

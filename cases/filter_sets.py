"""What can be asked of a list together: a set of filters, and how it is put to the index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import django_filters as filters
from django.db.models import F, Model, QuerySet
from django.http import QueryDict
from django_filters.constants import EMPTY_VALUES

from cases.filtering import Asking, Dated, Decided
from cases.search.days import within_days
from cases.search.index import ANY, CASES, Index
from cases.search.language import And, Node, Words, sought
from cases.search.rows import case_at
from cases.summaries import counted

BEST = "best"  # order of the rows that fit a search best; see cases.listing


class Order(filters.OrderingFilter):
    """Sorts by a column of the list, ties by row, so that pages never overlap.

    Rows without a value count as the smallest, on every database.
    """

    def __init__(self, columns: dict[str, str], tie: str = "pk", **kwargs: Any):
        self.tie = tie
        super().__init__(
            fields=[("id", BEST), *((field, name) for name, field in columns.items())],
            label="Sort by",
            empty_label=None,
            error_messages={"invalid_choice": "This list can’t be sorted by “%(value)s”."},
            **kwargs,
        )

    def filter(self, queryset: QuerySet, value: list[str] | None) -> QuerySet:
        if not value or value[0].removeprefix("-") == BEST:
            return queryset
        name = self.get_ordering_value(value[0])
        tie = f"-{self.tie}" if name.startswith("-") else self.tie
        if not nullable(queryset.model, name.removeprefix("-")):
            return queryset.order_by(name, tie)
        field = F(name.removeprefix("-"))
        if name.startswith("-"):
            return queryset.order_by(field.desc(nulls_last=True), tie)
        return queryset.order_by(field.asc(nulls_first=True), tie)


@cache
def nullable(model: type[Model], path: str) -> bool:
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return field.null


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


@dataclass(frozen=True, slots=True)
class Question:
    """What the index can answer of a filter set, within which places; `rest` it can't."""

    node: Node
    least: int | None
    most: int | None
    rest: tuple[str, ...]


class ListFilter(filters.FilterSet):
    """What can be asked of one list. `groups` lays its filters out.

    A list with an `index` names the field of its rows that holds the index's place. One that is
    `in_place` stands in the order of places, the greatest first, as it does under `newest`; it may
    have several rows at a place.
    """

    groups: tuple[Group, ...] = ()
    index: Index | None = None
    place = "place"
    in_place = True
    several_at_a_place = False
    newest = "-decision_date"

    class Meta:
        fields: list[str] = []

    @classmethod
    def take_in(cls, group: Group, more: Mapping[str, filters.Filter]) -> None:
        """Adds filters of another app; for use while the program starts."""
        for name, one in more.items():
            one.field_name = one.field_name or name
        cls.base_filters = type(cls.base_filters)({**cls.base_filters, **more})
        cls.groups = (*cls.groups, group)

    def holding(self, queryset: QuerySet, node: Node) -> QuerySet:
        return queryset.filter(self.index.holds(node, self.place))

    def active(self) -> dict[str, Any]:
        """Values of the filters that narrow the list."""
        values = self.form.cleaned_data
        return {
            name: values[name]
            for name in self.filters
            if name != "order" and values.get(name) not in EMPTY_VALUES
        }

    def only_value(self, names: Iterable[str]) -> tuple[str, str] | None:
        """The one filter that narrows the list, if it is one of these and asks for one value."""
        active = list(self.active().items())
        if len(active) != 1 or active[0][0] not in names:
            return None
        name, values = active[0]
        return (name, values[0]) if len(values) == 1 else None

    def question(self) -> Question | None:
        """What to ask the index, where it has an answer to anything."""
        if self.index is None:
            return None
        nodes, rest, least, most = [], [], None, None
        days: dict[str, dict[str, dt.date]] = {}
        for name, value in self.active().items():
            one = self.filters[name]
            if isinstance(one, Decided):
                low, high = one.bounds(value)
                least = max(low, least or low)
                most = high if most is None else min(most, high or most)
            elif isinstance(one, Dated) and one.fact and within_days(one.fact, value, None):
                days.setdefault(one.fact, {})[one.side] = value
            elif isinstance(one, Asking) and (node := one.asks(value)) is not None:
                nodes.append(node)
                if one.again:
                    rest.append(name)
            else:
                rest.append(name)
        nodes += [within_days(fact, d.get("after"), d.get("before")) for fact, d in days.items()]
        if not nodes:
            bounded = least is not None or most is not None
            together = self.in_own_order and not rest and not self.several_at_a_place
            if together or not (bounded or self.several_at_a_place):
                return None  # the rows lie together in the list's own order
            nodes.append(ANY)
        node = nodes[0] if len(nodes) == 1 else And(tuple(nodes))
        return Question(node, least, most, tuple(rest))

    def at_places(self, places: Iterable[int], rest: Iterable[str]) -> QuerySet:
        """The rows of these places that pass the filters named, in the order asked for."""
        found = self.queryset.filter(**self.standing_at(places))
        for name in (*rest, "order"):
            found = self.filters[name].filter(found, self.form.cleaned_data.get(name))
        return found

    def standing_at(self, places: Iterable[int]) -> dict[str, list[int]]:
        """The lookup of rows at these places. Those that have their place from another row are
        looked up by its number: PostgreSQL would rather join all rows than so many."""
        path, _, field = self.place.rpartition("__")
        if not path:
            return {f"{self.place}__among": list(places)}
        if self.index is CASES:
            return {f"{path}__among": list(map(case_at, places))}
        model = self.queryset.model
        for name in path.split("__"):
            model = model._meta.get_field(name).related_model
        rows = model.objects.filter(**{f"{field}__among": list(places)}).order_by()
        return {f"{path}__among": list(rows.values_list("pk", flat=True))}

    def keys_at(self, places: Iterable[int], rest: Iterable[str]) -> list[int]:
        return list(self.at_places(places, rest).values_list("pk", flat=True))

    def in_order(self, keys: list[int]) -> tuple[Model, ...]:
        """The rows of these numbers, as the list has them."""
        rows = self.queryset.order_by().in_bulk(keys)
        return tuple(rows[key] for key in keys)

    @cached_property
    def known_editions(self) -> list[tuple[str, str]]:
        return [(edition, edition) for edition, _ in sorted(counted("edition"))]

    def editions(self) -> list[tuple[str, str]]:
        """That are cited anywhere; read once for all filters of the set."""
        return self.known_editions

    @property
    def sought(self) -> list[Words]:
        """The words of the search line that a match has."""
        return sought(self.form.cleaned_data.get("q")) if self.index and self.is_valid() else []

    @property
    def best_first(self) -> bool:
        return self.form.cleaned_data.get("order") == [BEST]

    @property
    def in_own_order(self) -> bool:
        """Its order is that of the index."""
        order = self.form.cleaned_data.get("order")
        return self.in_place and (order in EMPTY_VALUES or order == [self.newest])

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

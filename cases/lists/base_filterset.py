"""Base filter sets of lists: a set of filters, and the rows that it finds.

A list's page, its count, its facets, its CSV and its saved views all read what `found` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import django_filters as filters
from django import forms
from django.db.models import F, Model, QuerySet
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django_filters.constants import EMPTY_VALUES
from pyroaring import BitMap

from cases.index.claims import may_be_claim_number, names_on_file, rows_of_claim
from cases.index.current import current_index
from cases.index.order import NewestFirst, Order
from cases.index.ranking import BestMatch
from cases.index.rows import CASE, CLAIM
from cases.lists.filter_types import FlatCopyFilter, SearchFilter, WordsFilter, as_condition
from cases.search.full_text import FullText
from cases.search.language import EVERYTHING, And, Node, OneOf, Or, Words, required_words
from cases.search.suggestions import Suggestion, suggest
from cases.search.synonyms import widened, with_synonyms

BEST_MATCH = "best"  # the order of the rows that fit a search best
ALL = 2**62


class FoundRows(Protocol):
    """The rows that a filter set lets through, in the order that it asks for."""

    @property
    def count(self) -> int: ...

    def keys(self, start: int = 0, stop: int = ALL) -> Iterable[int]:
        """Those at these places, from 0."""
        ...


@dataclass(frozen=True, slots=True)
class IndexResult:
    rows: BitMap
    space: str
    order: Order

    @property
    def count(self) -> int:
        return len(self.rows)

    def keys(self, start: int = 0, stop: int = ALL) -> Iterable[int]:
        with current_index() as index:
            # Those that are gone since they were counted have no place in any order.
            rows = self.rows & index.spaces[self.space].keys
            return map(int, self.order.keys(index, self.space, rows, start, stop))


@dataclass(frozen=True)
class SqlResult:
    queryset: QuerySet

    @cached_property
    def count(self) -> int:
        return self.queryset.order_by().count()

    def keys(self, start: int = 0, stop: int = ALL) -> list[int]:
        keys = self.queryset.values_list("pk", flat=True)
        return list(keys[start:stop] if stop < ALL else keys)


class OrderFilter(FlatCopyFilter, filters.ChoiceFilter):
    """The order of a list; `columns` are those that it can be sorted by."""

    def __init__(self, columns: Mapping[str, Any]):
        self.columns = columns
        names = [BEST_MATCH, *columns]
        super().__init__(
            label="Sort by",
            choices=[(sign + name, name) for name in names for sign in ("", "-")],
            empty_label=None,
            error_messages={"invalid_choice": "This list can’t be sorted by “%(value)s”."},
        )


def drop_empty(data: QueryDict | None) -> QueryDict:
    """A form sends its empty fields too; they ask for nothing."""
    kept = QueryDict(mutable=True)
    for name, values in (data or QueryDict()).lists():
        kept.setlist(name, [value for value in values if value])
    return kept


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters that stand together on the page."""

    label: str
    names: tuple[str, ...]
    open: bool = False


class ListFilter(filters.FilterSet):
    """The filter set of one list. `groups` lays its filters out.

    `key` names the field of its rows that holds the key by which they are found.
    """

    groups: tuple[FilterGroup, ...] = ()
    key = "pk"

    class Meta:
        fields: list[str] = []

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any):
        super().__init__(drop_empty(data), *args, **kwargs)

    @classmethod
    def take_in(cls, group: FilterGroup, more: Mapping[str, filters.Filter]) -> None:
        """Adds filters of another app; for use while the program starts."""
        for name, one in more.items():
            one.field_name = one.field_name or name
        cls.base_filters = type(cls.base_filters)({**cls.base_filters, **more})
        cls.groups = (*cls.groups, group)

    @cached_property
    def asked(self) -> forms.Form:
        """The form with the fields of what is asked for, to validate. The whole `form` is made
        only where it is shown: its sixty fields take longer than the page's queries."""
        form = forms.Form(self.data)
        form.fields = {name: one.field for name, one in self.filters.items() if name in self.data}
        return form

    def is_valid(self) -> bool:
        return self.asked.is_valid()

    @property
    def errors(self) -> ErrorDict:
        return self.asked.errors

    def active(self) -> dict[str, Any]:
        """Values of the filters that narrow the list."""
        values = self.asked.cleaned_data
        return {
            name: values[name]
            for name in self.filters
            if name != "order" and values.get(name) not in EMPTY_VALUES
        }

    @property
    def asked_order(self) -> str:
        return self.asked.cleaned_data.get("order") or ""

    @property
    def sought(self) -> list[Words]:
        """The words of the search line that a match has."""
        return []

    @property
    def best_first(self) -> bool:
        return False

    @property
    def widened(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Words of the search line with what is searched besides."""
        return ()

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Searches that may have been meant."""
        return ()

    def of_one_state(self) -> AbstractContextManager[object]:
        """What is asked within is of the same state of the database, which is looked up once."""
        return nullcontext()

    def found(self) -> FoundRows:
        raise NotImplementedError

    def rows(self, keys: Iterable[int]) -> tuple[Model, ...]:
        """The rows of these keys as the list has them; without those that are gone meanwhile."""
        keys = list(keys)
        rows = {getattr(row, self.key): row for row in self.rows_of(keys)}
        return tuple(rows[key] for key in keys if key in rows)

    def rows_of(self, keys: list[int]) -> QuerySet:
        return self.queryset.order_by().filter(**{f"{self.key}__in": keys})

    @property
    def qs(self) -> QuerySet:
        """The rows that pass, in no order of its own."""
        keys = self.found().keys() if self.is_valid() else ()
        return self.queryset.filter(**{f"{self.key}__among": keys})

    def in_groups(self) -> Iterator[tuple[str, str]]:
        """Name and value of each filter asked for that the page has a field for."""
        names = {name for group in self.groups for name in group.names}
        return ((n, value) for n, values in self.data.lists() if n in names for value in values)

    def beside_groups(self) -> Iterator[tuple[str, str]]:
        """Name and value of all else that is asked, the place in the list and the picked rows
        apart: these belong to what was found before."""
        names = {name for group in self.groups for name in group.names} | {"page", "chosen"}
        return ((n, value) for n, values in self.data.lists() if n not in names for value in values)

    def grouped(self) -> list[tuple[FilterGroup, bool, list]]:
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
            (str(self.filters[name].label if name in self.filters else name), str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]


OrderOf = Callable[[bool], Order]


class IndexFilter(ListFilter):
    """Of a list whose rows the index knows, in one of its spaces. `usual` is its order where none
    is asked for; `ranks`, whether the best matches of a search come first then."""

    space = CASE
    usual: Order = NewestFirst()
    ranks = False

    def of_one_state(self) -> AbstractContextManager[object]:
        return current_index()

    @cached_property
    def search(self) -> Node | None:
        """What the search line asks for, synonyms included; a claim number typed alone finds what
        belongs to the claim too."""
        asked = self.asked.cleaned_data.get("q")
        if not isinstance(asked, Node):
            return None
        words, typed = with_synonyms(asked), " ".join(self.data.get("q", "").split())
        claimed = may_be_claim_number(typed) and rows_of_claim(self.space, typed, whole=True)
        return Or((words, OneOf(claimed))) if claimed else words

    def node(self) -> Node:
        """What all filters ask for together."""
        return self.beside(self.search)

    def beside(self, search: Node | None) -> Node:
        """What the filters ask for, with this in place of the search line."""
        parts = [] if search is None else [search]
        parts += [
            self.filters[name].node_for(value)
            for name, value in self.active().items()
            if not isinstance(value, Node)
        ]
        return And(tuple(parts)) if parts else EVERYTHING

    @property
    def widened(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        asked = self.asked.cleaned_data.get("q")
        return widened(asked) if isinstance(asked, Node) else ()

    def suggestions(self) -> tuple[Suggestion, ...]:
        if self.search is None:
            return ()
        return suggest(self.data["q"], self.filters["q"].scopes, self.finds)

    def finds(self, search: Node) -> int:
        with current_index() as index:
            return len(index.matches(self.beside(with_synonyms(search)), self.space))

    @property
    def sought(self) -> list[Words]:
        return required_words(self.search) if self.is_valid() and self.search else []

    @property
    def best_first(self) -> bool:
        return bool(self.ranks and self.sought and self.asked_order.lstrip("-") in ("", BEST_MATCH))

    def order(self) -> Order:
        if self.best_first:
            return BestMatch(tuple(self.sought))
        name = self.asked_order.removeprefix("-")
        columns: Mapping[str, OrderOf] = self.filters["order"].columns
        return columns[name](self.asked_order.startswith("-")) if name in columns else self.usual

    def without(self, name: str) -> IndexFilter:
        """All filters but this one."""
        left = self.data.copy()
        left.pop(name, None)
        other = type(self)(left, self.queryset)
        other.is_valid()
        return other

    def found(self) -> IndexResult:
        with current_index() as index:
            return IndexResult(index.matches(self.node(), self.space), self.space, self.order())

    @cached_property
    def known_values(self) -> dict[str, list[str]]:
        """Editions that are cited anywhere, and the names of claim facts; read once for all
        filters of the set."""
        with current_index() as index:
            editions = index.spaces[CASE].facts["edition"]
            known = {"edition": [edition for edition, rows in sorted(editions.items()) if rows]}
            return known | {fact: names_on_file(fact) for fact in CLAIM}

    def editions(self) -> list[tuple[str, str]]:
        return [(edition, edition) for edition in self.known_values["edition"]]


class SqlFilter(ListFilter):
    """Of a list that is found by SQL. `text` holds the words of its rows."""

    text: FullText

    def holding(self, queryset: QuerySet, node: Node) -> QuerySet:
        return queryset.filter(as_condition(node, self.text.holding, self.fact))

    def fact(self, name: str, value: str) -> Any:
        """The condition that a fact of the search line stands for."""
        raise KeyError(name)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for name, value in self.active().items():
            one = self.filters[name]
            if isinstance(one, WordsFilter | SearchFilter):
                queryset = self.holding(queryset, one.node_for(value))
            else:
                queryset = one.filter(queryset, value)
        return self.in_order(queryset)

    def in_order(self, queryset: QuerySet) -> QuerySet:
        name = self.asked_order.removeprefix("-")
        field = self.filters["order"].columns.get(name)
        if field is None:
            return queryset
        if self.asked_order.startswith("-"):
            return queryset.order_by(F(field).desc(nulls_last=True), "-pk")
        return queryset.order_by(F(field).asc(nulls_first=True), "pk")

    def found(self) -> SqlResult:
        return SqlResult(self.qs)

    @property
    def qs(self) -> QuerySet:
        return (
            self.filter_queryset(self.queryset.all()) if self.is_valid() else self.queryset.none()
        )

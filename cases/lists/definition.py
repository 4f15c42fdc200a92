"""What every list is: one declaration that page, count, CSV, columns and saved views share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django_filters import Filter

from cases.lists.base_filterset import FilterGroup, FoundRows, ListFilter
from cases.lists.columns import Column
from cases.lists.filter_types import NONE, AnyOfFilter, flat_choices
from cases.numbers import whole_number
from cases.search.excerpts import Text, build_excerpts
from cases.search.language import QueryError
from cases.search.suggestions import Suggestion

PAGE_SIZES = (25, 50, 100)
# Parameters that choose how rows are shown, not which.
SHOWING = ("page", "page_size", "columns", "order")


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something to do with the rows that were ticked, `most` of them at once; `run` gives the
    words to tell of it, or a page to go on with."""

    name: str
    label: str
    run: Callable[[HttpRequest, QuerySet], str | HttpResponse]
    permission: str = ""
    most: int = 1000

    def allowed(self, user: User) -> bool:
        return not self.permission or user.has_perm(self.permission)


@dataclass(frozen=True)
class ListDefinition:
    """A list, declared once. `name` is its URL's name; its CSV is `<name>-export`.

    `rows` gives the queryset with what the shown cells need, `own_rows_in_full` with what any of
    its own columns needs; neither may cost a query per row. `row` is the template of a row's cells,
    which gets `row` and `columns`. `own_columns` stand in the order of the CSV, `later_columns`
    behind those of other apps; `shown` names those that a page shows without being asked, in the
    order of the page. `texts` gives the searched texts of rows by their key, in a fixed number
    of queries.
    """

    name: str
    noun: str
    filterset: type[ListFilter]
    own_columns: tuple[Column, ...]
    rows: Callable[[], QuerySet]
    own_rows_in_full: Callable[[], QuerySet]
    row: str
    shown: tuple[str, ...]
    search_hint: str = ""
    scope_hint: str = "request:norco"  # an example of one field
    fact_hint: str = "decision:overturned"
    usual_order: str = "Newest first"
    empty: str = "Nothing here yet."
    empty_action: tuple[str, str] | None = None
    bulk: tuple[BulkAction, ...] = ()
    texts: Callable[[Sequence[Any]], dict[int, list[Text]]] | None = None
    also: str = ""  # the template of what else stands at the head of its page
    facets: tuple[str, ...] = ()  # filters of facts, counted beside the list
    pace: int = 2000  # rows of the CSV a second, on a slow machine
    later_columns: tuple[Column, ...] = ()
    leads_to_cases: bool = False  # each row opens a case's page, which knows the list then

    @property
    def actions(self) -> tuple[BulkAction, ...]:
        """Its own, and those that other apps offer for its rows."""
        return (*self.bulk, *REGISTERED_ACTIONS.get(self.name, ()))

    @property
    def title(self) -> str:
        return f"{self.noun[0].upper()}{self.noun[1:]}s"

    @property
    def url(self) -> str:
        return reverse(self.name)

    @property
    def filters_url(self) -> str:
        return reverse(f"{self.name}-filters")

    @property
    def export_url(self) -> str:
        return reverse(f"{self.name}-export")

    @property
    def bulk_url(self) -> str:
        return reverse(f"{self.name}-bulk")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its own, and those that other apps offer."""
        registered = REGISTERED_COLUMNS.get(self.name, ())
        return (*self.own_columns, *registered, *self.later_columns)

    @cached_property
    def facet_labels(self) -> str:
        """Its facets in words: "decision, treatment, body part"."""
        filters = [self.filterset.base_filters[name] for name in self.facets]
        labels = [str(getattr(one, "heading", "") or one.label) for one in filters]
        return ", ".join(one if one[1:2].isupper() else one[0].lower() + one[1:] for one in labels)

    def rows_in_full(self) -> QuerySet:
        """With what any column and the CSV need."""
        joined = {column.joined for column in self.columns if column.joined}
        return (
            self.own_rows_in_full().select_related(*joined) if joined else self.own_rows_in_full()
        )

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def page_order(self) -> tuple[Column, ...]:
        """Every column as a page has them: the shown ones first."""
        rest = (column for column in self.columns if column.name not in self.shown)
        return (*(self.by_name[name] for name in self.shown), *rest)

    def chosen_columns(self, query: QueryDict) -> tuple[Column, ...]:
        """Those asked for; none where nothing known was asked."""
        asked = {name for one in query.getlist("columns") for name in one.split(",")}
        return tuple(column for column in self.page_order if column.name in asked)

    def page_columns(self, query: QueryDict) -> tuple[Column, ...]:
        return self.chosen_columns(query) or self.page_order[: len(self.shown)]

    def is_default(self, columns: Sequence[Column]) -> bool:
        return {column.name for column in columns} == {*self.shown}

    def csv_columns(self, query: QueryDict) -> tuple[Column, ...]:
        columns = tuple(one for one in self.columns if one.value)
        chosen = tuple(one for one in self.chosen_columns(query) if one.value)
        return chosen or columns


LISTS: dict[str, ListDefinition] = {}
REGISTERED_ACTIONS: dict[str, list[BulkAction]] = {}
REGISTERED_COLUMNS: dict[str, list[Column]] = {}


def register_action(name: str, action: BulkAction) -> None:
    """Adds an action of another app to the rows of a list."""
    REGISTERED_ACTIONS.setdefault(name, []).append(action)


def register_column(name: str, column: Column) -> None:
    """Adds a column of another app to a list, after its own; for use while the program starts."""
    REGISTERED_COLUMNS.setdefault(name, []).append(column)


def register_filters(name: str, group: FilterGroup, filters: Mapping[str, Filter]) -> None:
    """Adds filters of another app to a list, in a group of their own.

    The facts that they ask for, the app adds to the index (`cases.index.rows.sources`).
    """
    LISTS[name].filterset.take_in(group, filters)


def register_list(one: ListDefinition) -> ListDefinition:
    """Makes a list known to `manage.py export` and to saved views."""
    LISTS[one.name] = one
    return one


@dataclass(frozen=True, slots=True)
class FilterChip:
    """An active filter, and the query string without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """A column's heading; `query` sorts by it ("" where it can't), `sorted` says how it is."""

    column: Column
    query: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, as its template takes it."""

    of: ListDefinition
    filter: ListFilter
    rows: tuple[Any, ...]
    count: int
    page: int
    page_size: int
    chips: tuple[FilterChip, ...]
    heads: tuple[ColumnHeading, ...]
    query: str  # of the whole state but the page, for links
    order: str
    asked_columns: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(head.column for head in self.heads)

    @property
    def chooser(self) -> list[tuple[Column, bool, bool]]:
        """Each column, whether the page shows it, and whether it does unless told."""
        shown = {column.name for column in self.columns}
        return [(one, one.name in shown, one.name in self.of.shown) for one in self.of.page_order]

    @property
    def more(self) -> bool:
        return self.last < self.count

    @property
    def first(self) -> int:
        """The place in the list of the first row on this page."""
        return (self.page - 1) * self.page_size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def csv_seconds(self) -> int:
        """How long the CSV takes, about; 0 where nobody would notice."""
        seconds = self.count / self.of.pace
        return round(seconds / 5) * 5 if seconds >= 5 else 0

    @property
    def previous_query(self) -> str:
        return f"{self.query}&page={self.page - 1}".lstrip("&")

    @property
    def next_query(self) -> str:
        return f"{self.query}&page={self.page + 1}".lstrip("&")

    @property
    def page_sizes(self) -> tuple[int, ...]:
        return PAGE_SIZES

    @property
    def orders_by_column(self) -> list[tuple[str, str]]:
        """(value, words) of each order that a column gives, for where no heading is seen."""
        order = self.filter.filters.get("order")
        ways = (("", "ascending"), ("-", "descending"))
        return [
            (sign + name, f"{self.of.by_name[name].label}, {way}")
            for name in (order.columns if order else ())
            if name in self.of.by_name
            for sign, way in ways
        ]

    @property
    def usual_order(self) -> str:
        """The order without any asked for, in words."""
        if self.of.texts and self.filter.sought:
            return "Best match first"
        return self.of.usual_order

    @property
    def widened(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is searched besides the words as typed."""
        return self.filter.widened if self.filter.is_valid() else ()

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        return self.filter.suggestions() if self.filter.is_valid() else ()

    @property
    def mistake(self) -> tuple[str, str, str] | None:
        """The search line that was not understood: before, at and after the place."""
        for error in self.filter.errors.as_data().get("q", ()):
            mistake = (error.params or {}).get("mistake")
            if isinstance(mistake, QueryError):
                text = self.filter.data.get("q", "").strip()
                start, end = mistake.start, mistake.end
                return text[:start], text[start:end] or "…", text[end:]
        return None

    @property
    def columns_asked(self) -> str:
        return ",".join(column.name for column in self.asked_columns)


def listing(query: QueryDict, of: ListDefinition) -> Listing:
    asked = of.chosen_columns(query)
    if asked and of.is_default(asked):  # as every form sends them in which they are ticked
        query, asked = query.copy(), ()
        del query["columns"]
    filterset = of.filterset(query, of.rows_in_full() if asked else of.rows())
    size = page_size(query)
    with filterset.of_one_state():
        found = found_by(filterset)
        count = found.count
        page = page_number(query, count, size)
        keys = list(found.keys((page - 1) * size, page * size))
    rows: tuple[Any, ...] = filterset.rows(keys)
    texts = of.texts(rows) if of.texts and filterset.sought else {}
    for row in rows:  # the template reads them from the row, whatever its model
        row.excerpts = build_excerpts(texts[row.pk], filterset.sought) if texts else ()
    return Listing(
        of=of,
        filter=filterset,
        rows=rows,
        count=count,
        page=page,
        page_size=size,
        chips=tuple(filter_chips(filterset, query)),
        heads=tuple(column_headings(of, filterset, query)),
        query=query_without(query, "page"),
        order=query.get("order", ""),
        asked_columns=asked,
    )


@dataclass(frozen=True, slots=True)
class EmptyResult:
    """What a filter set finds that is itself mistaken."""

    count: int = 0

    def keys(self, start: int = 0, stop: int = 0) -> list[int]:
        return []


def found_by(filterset: ListFilter) -> FoundRows:
    return filterset.found() if filterset.is_valid() else EmptyResult()


def page_number(query: QueryDict, count: int, size: int) -> int:
    """The page asked for, the nearest there is where there is none such."""
    number = whole_number(query.get("page", ""), digits=8) or 1
    return max(1, min(number, -(-count // size)))


def page_size(query: QueryDict) -> int:
    wanted = query.get("page_size", "")
    return int(wanted) if wanted in map(str, PAGE_SIZES) else PAGE_SIZES[0]


def query_without(query: QueryDict, *names: str, value: str | None = None) -> str:
    """The query string less these parameters (or one value of theirs), and less empty ones."""
    left = query.copy()
    for name in {*names, "page"}:
        kept = [] if value is None or name == "page" else left.getlist(name)
        left.setlist(name, [one for one in kept if one != value])
    for name, values in list(left.lists()):
        left.setlist(name, [one for one in values if one])
        if not left.getlist(name):
            del left[name]
    return left.urlencode(safe=",:")


def filter_chips(filterset: ListFilter, query: QueryDict) -> Iterator[FilterChip]:
    for name, one in filterset.filters.items():
        if name in SHOWING:
            continue
        choices = dict(flat_choices(one.extra.get("choices", ())))
        values = query.getlist(name) if isinstance(one, AnyOfFilter) else query.getlist(name)[-1:]
        for value in values:
            if value:
                label, words = str(one.label), str(choices.get(value, value))
                if value == NONE:
                    words = getattr(one, "none", "") or words
                yield FilterChip(label, words, query_without(query, name, value=value))


def column_headings(
    of: ListDefinition, filterset: ListFilter, query: QueryDict
) -> Iterator[ColumnHeading]:
    order = filterset.filters.get("order")
    sortable = set(order.columns) if order else set()
    now = query.get("order", "")
    for column in of.page_columns(query):
        name = column.name
        if name not in sortable:
            yield ColumnHeading(column)
            continue
        state = {name: "ascending", f"-{name}": "descending"}.get(now, "")
        wanted = f"-{name}" if now == name else name
        kept = query_without(query, "order")
        yield ColumnHeading(column, f"{kept}&order={wanted}".lstrip("&"), state)

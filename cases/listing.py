"""What every list view shares: filter, chips, columns to sort by, pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django_filters import FilterSet

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the query string without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; `query` sorts by it ("" where it can't), `sorted` says how it is."""

    label: str
    query: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    filter: FilterSet
    page: Page
    chips: tuple[Chip, ...]
    columns: tuple[Column, ...]
    query: str  # of the whole state but the page, for links
    page_size: int

    @property
    def rows(self) -> list[Any]:
        return list(self.page.object_list)


def filtered(filterset: FilterSet) -> QuerySet:
    """The rows a filter lets through; none where the filter itself is mistaken."""
    return filterset.qs if filterset.is_valid() else filterset.queryset.none()


def listing(request: HttpRequest, filterset: FilterSet, columns: dict[str, str]) -> Listing:
    """`columns`: label by the name it sorts by; names in brackets can't be sorted by."""
    size = page_size(request.GET)
    page = Paginator(filtered(filterset), size).get_page(request.GET.get("page"))
    return Listing(
        filterset,
        page,
        tuple(chips(filterset, request.GET)),
        tuple(column(name, label, request.GET) for name, label in columns.items()),
        without(request.GET, "page"),
        size,
    )


def page_size(query: QueryDict) -> int:
    wanted = query.get("page_size", "")
    return int(wanted) if wanted.isdigit() and int(wanted) in PAGE_SIZES else PAGE_SIZES[0]


def without(query: QueryDict, *names: str) -> str:
    left = query.copy()
    for name in (*names, "page"):
        left.pop(name, None)
    for name in [name for name, value in left.items() if not value]:
        del left[name]
    return left.urlencode()


def chips(filterset: FilterSet, query: QueryDict):
    for name, one in filterset.filters.items():
        value = query.get(name, "")
        if value and name != "order":
            choices = one.extra.get("choices", ())
            choices = dict(getattr(choices, "choices", choices))
            yield Chip(one.label, str(choices.get(value, value)), without(query, name))


def column(name: str, label: str, query: QueryDict) -> Column:
    if name.startswith("["):
        return Column(label)
    now = query.get("order", "")
    state = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    wanted = f"-{name}" if now == name else name
    kept = without(query, "order")
    return Column(label, f"{kept}&order={wanted}".lstrip("&"), state)

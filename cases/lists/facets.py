"""Facets: how many rows of a list each value of a filter would leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from cases.index.counts import value_counts
from cases.index.current import current_index
from cases.index.rows import CASE, ISSUE, SILENT
from cases.lists.base_filterset import IndexFilter
from cases.lists.definition import ListDefinition, query_without

MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class FacetValue:
    words: str
    query: str
    number: int


@dataclass(frozen=True, slots=True)
class Facet:
    """`more` values stand in the filter alone, for want of room."""

    label: str
    values: tuple[FacetValue, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """`issues` is how many issues the counted `cases` have, for a list of cases alone."""

    facets: tuple[Facet, ...] = ()
    cases: int | None = None
    issues: int | None = None


def build_facets(of: ListDefinition, query: QueryDict) -> Facets:
    """Of the filters that the list names as its facets; none where a filter is mistaken."""
    filterset = of.filterset(query, of.rows())
    if not (isinstance(filterset, IndexFilter) and filterset.is_valid()):
        return Facets()
    names = [name for name in of.facets if not query.get(name)]
    with current_index() as index:
        rows, space = filterset.found().rows, index.spaces[filterset.space]
        numbers = [value_counts(space, rows, filterset.filters[name].fact) for name in names]
        issues = len(index.moved(rows, CASE, ISSUE)) if filterset.space == CASE else None
    facets = (build_facet(filterset, query, *one) for one in zip(names, numbers, strict=True))
    return Facets(tuple(facets), len(rows), issues)


def build_facet(
    filterset: IndexFilter, query: QueryDict, name: str, numbers: Mapping[str, int]
) -> Facet:
    """The most frequent values, in the order of the choices where the filter has some."""
    one, kept = filterset.filters[name], query_without(query, name)
    known = one.words or sorted(numbers)
    present = [value for value in known if value in numbers and value != SILENT]
    frequent = sorted(present, key=lambda value: -numbers[value])[:MOST_VALUES]
    shown = tuple(
        FacetValue(one.words[value], facet_link(kept, name, value), numbers[value])
        for value in present
        if value in frequent
    )
    return Facet(getattr(one, "heading", "") or str(one.label), shown, len(present) - len(shown))


def facet_link(kept: str, name: str, value: str) -> str:
    added = QueryDict(mutable=True)
    added[name] = value
    return f"{kept}&{added.urlencode()}".lstrip("&")

"""Facets: how many rows of a list each value of a filter would leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from pyroaring import BitMap

from cases.index.counts import value_counts
from cases.index.current import current_index
from cases.index.index import Index
from cases.index.rows import CASE, ISSUE, SILENT
from cases.lists.base_filterset import IndexFilter
from cases.lists.definition import ListDefinition, query_without
from cases.lists.filter_types import NONE, AnyOfFilter, GuidelineFilter

MOST_VALUES = 12
FacetFilter = AnyOfFilter | GuidelineFilter


@dataclass(frozen=True, slots=True)
class FacetValue:
    """`query` opens the list with the value, or without it where it is asked for (`active`).

    `number` is how many rows have the value. Where it would be asked for beside others of its
    filter (`adds`), it is how many rows that adds to the list.
    """

    value: str
    words: str
    query: str
    number: int
    active: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """`more` values stand in the filter alone, for want of room."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """`issues` is how many issues the counted `cases` have, for a list of cases alone."""

    facets: tuple[Facet, ...] = ()
    cases: int | None = None
    issues: int | None = None


@dataclass(frozen=True, slots=True)
class ValueNumbers:
    """Of a filter: how many rows of the list have each value, and each other value of rows that
    only this filter keeps out."""

    within: Mapping[str, int]
    beside: Mapping[str, int] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    rows: int = 0


def build_facets(of: ListDefinition, query: QueryDict) -> Facets:
    """Of the filters that the list names as its facets; none where a filter is mistaken."""
    filterset = of.filterset(query, of.rows())
    if not (isinstance(filterset, IndexFilter) and filterset.is_valid()):
        return Facets()
    with current_index() as index:
        rows = filterset.found().rows
        numbers = [value_numbers(index, filterset, name, rows) for name in of.facets]
        issues = len(index.moved(rows, CASE, ISSUE)) if filterset.space == CASE else None
    facets = (build_facet(filterset, query, *one) for one in zip(of.facets, numbers, strict=True))
    return Facets(tuple(facets), len(rows), issues)


def value_numbers(index: Index, filterset: IndexFilter, name: str, rows: BitMap) -> ValueNumbers:
    one, space = facet_filter(filterset, name), index.spaces[filterset.space]
    within = value_counts(space, rows, one.fact)
    asked = filterset.active().get(name)
    if not asked:
        return ValueNumbers(within)
    chosen = tuple(asked) if isinstance(one, AnyOfFilter) else (asked,)
    others = filterset.without(name).found().rows
    beside = others - rows if isinstance(one, AnyOfFilter) else others
    return ValueNumbers(within, value_counts(space, beside, one.fact), chosen, len(rows))


def facet_filter(filterset: IndexFilter, name: str) -> FacetFilter:
    one = filterset.filters[name]
    assert isinstance(one, FacetFilter)  # others have no values to count
    return one


def build_facet(
    filterset: IndexFilter, query: QueryDict, name: str, numbers: ValueNumbers
) -> Facet:
    """The most frequent values, in the order of the choices where the filter has some; those that
    are asked for, and what has no value, are always among them."""
    one = facet_filter(filterset, name)
    counted = numbers.beside if numbers.asked else numbers.within
    candidates = {NONE if fact == SILENT else fact: number for fact, number in counted.items()}
    if NONE in candidates and not one.none:
        del candidates[NONE]
    kept = {value: n for value, n in candidates.items() if value not in numbers.asked}
    frequent = sorted(kept, key=lambda value: (value == NONE, -kept[value]))
    plain = [value for value in frequent if value != NONE]
    always = [*numbers.asked, *(value for value in kept if value == NONE)]
    shown = {*plain[:MOST_VALUES], *always}
    ordered = [value for value in one.words if value in shown] if one.words else []
    ordered += [value for value in [*numbers.asked, *frequent] if value in shown - {*ordered}]
    values = tuple(facet_value(one, query, name, value, kept, numbers) for value in ordered)
    label = getattr(one, "heading", "") or str(one.label)
    return Facet(name, label, values, len(plain) - len(plain[:MOST_VALUES]))


def facet_value(
    one: FacetFilter,
    query: QueryDict,
    name: str,
    value: str,
    kept: Mapping[str, int],
    numbers: ValueNumbers,
) -> FacetValue:
    words = one.none if value == NONE and one.none else one.words[value]
    several = isinstance(one, AnyOfFilter)
    if value in numbers.asked:
        fact = SILENT if value == NONE else value
        number = numbers.within.get(fact, 0) if several else numbers.rows
        without = query_without(query, name, value=value)
        return FacetValue(value, words, without, number, active=True)
    base = query_without(query) if several else query_without(query, name)
    adds = several and bool(numbers.asked)
    return FacetValue(value, words, facet_link(base, name, value), kept[value], adds=adds)


def facet_link(kept: str, name: str, value: str) -> str:
    added = QueryDict(mutable=True)
    added[name] = value
    return f"{kept}&{added.urlencode()}".lstrip("&")

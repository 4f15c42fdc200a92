"""Facets: how many rows of a list each value of a filter would leave.

Without filters, and under one that they count within, the summaries know. Else the rows that match
are counted, of many the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.db.models import Count
from django.http import QueryDict

from cases.filter_sets import ListFilter
from cases.filtering import Through
from cases.listing import ListOf, without
from cases.summaries import counted

MOST_COUNTED = 200
MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Value:
    words: str
    query: str
    number: int


@dataclass(frozen=True, slots=True)
class Facet:
    """`more` values stand in the filter alone, for want of room."""

    label: str
    values: tuple[Value, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """`newest` is how many rows were counted where more match, else None."""

    facets: tuple[Facet, ...] = ()
    newest: int | None = None


def facets_of(of: ListOf, query: QueryDict) -> Facets:
    """Of the filters that the list names as its facets; none where they can't be counted."""
    filterset = of.filterset(query, of.rows())
    if not filterset.is_valid():
        return Facets()
    open_ones = [name for name in of.facets if not query.get(name)]
    scope = scope_of(of, filterset)
    if scope is not None:
        numbers = {name: in_summaries(of, scope, name) for name in open_ones}
        return Facets(tuple(facet(filterset, query, *one) for one in numbers.items()))
    question = filterset.question()
    if question is None or question.rest:
        return Facets()
    places = filterset.index.newest(
        question.node, limit=MOST_COUNTED + 1, least=question.least, most=question.most
    )
    numbers = in_rows(filterset, open_ones, places[:MOST_COUNTED])
    return Facets(
        tuple(facet(filterset, query, *one) for one in numbers.items()),
        MOST_COUNTED if len(places) > MOST_COUNTED else None,
    )


def in_summaries(of: ListOf, scope: str, name: str) -> dict[str, int]:
    counts = counted(of.tally.format(name), (scope,))
    return {value: count.total for (value, _), count in counts.items()}


def in_rows(
    filterset: ListFilter, names: Sequence[str], places: Sequence[int]
) -> dict[str, Mapping[str, int]]:
    """By filter, how many of the rows at these places have each value; what stands in the same
    rows of another model is read at once."""
    rows = filterset.queryset.model.objects.filter(**filterset.standing_at(places)).order_by()

    @cache
    def keys(field: str) -> list[int]:
        return list(rows.values_list(field, flat=True))

    def numbers(through: Through | None, fields: list[str]) -> list[Mapping[str, int]]:
        if through is not None:
            return through.count(fields, keys(through.outer))
        return [dict(rows.values_list(one).annotate(rows=Count("pk"))) for one in fields]

    found: dict[str, Mapping[str, int]] = {}
    for through, some in groupby(names, lambda name: filterset.filters[name].through):
        alike = list(some)
        fields = [filterset.filters[name].field_name for name in alike]
        found |= zip(alike, numbers(through, fields), strict=True)
    return found


def scope_of(of: ListOf, filterset: ListFilter) -> str | None:
    """The scope of the summaries that is just what the filters leave, if there is one."""
    if not filterset.active():
        return ""
    only = filterset.only_value(of.scopes)
    return of.tally.format("=".join(only)) if only else None


def facet(filterset: ListFilter, query: QueryDict, name: str, numbers: Mapping[str, int]) -> Facet:
    one = filterset.filters[name]
    kept = without(query, name)
    values = [
        Value(words, f"{kept}&{name}={value}".lstrip("&"), number)
        for value, words in one.words.items()
        if (number := numbers.get(value))
    ]
    common = sorted(values, key=lambda value: -value.number)[:MOST_VALUES]
    shown = [value for value in values if value in common]
    return Facet(str(one.label), tuple(shown), len(values) - len(shown))

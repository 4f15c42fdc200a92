"""Facets: how many rows of a list each value of a filter would leave.

Without filters, and under one that they count within, the summaries know; else the index counts,
as far as a thousand each.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from cases.filter_sets import ListFilter
from cases.finding import MOST_COUNTED
from cases.listing import ListOf, without
from cases.search.language import And, Fact
from cases.summaries import counted


@dataclass(frozen=True, slots=True)
class Value:
    words: str
    query: str
    number: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    values: tuple[Value, ...]


def facets_of(of: ListOf, query: QueryDict) -> list[Facet]:
    """Of the filters that the list names as its facets; none where they can't be counted."""
    filterset = of.filterset(query, of.rows())
    if not filterset.is_valid():
        return []
    open_ones = [name for name in of.facets if not query.get(name)]
    choices = [(name, value) for name in open_ones for value in values_of(filterset, name)]
    scope = scope_of(of, filterset)
    if scope is not None:
        numbers = {
            (name, first): count.total
            for name in open_ones
            for (first, _), count in counted(of.tally.format(name), (scope,)).items()
        }
        found = [numbers.get(one, 0) for one in choices]
    else:
        question = filterset.question()
        if question is None or question.rest:
            return []
        nodes = [And((question.node, Fact(*one))) for one in choices]
        found = filterset.index.counts(
            nodes, MOST_COUNTED + 1, least=question.least, most=question.most
        )
    by_choice = dict(zip(choices, found, strict=True))
    return [facet(filterset, query, name, by_choice, scope is not None) for name in open_ones]


def scope_of(of: ListOf, filterset: ListFilter) -> str | None:
    """The scope of the summaries that is just what the filters leave, if there is one."""
    if not filterset.active():
        return ""
    only = filterset.only_value(of.scopes)
    return of.tally.format("=".join(only)) if only else None


def values_of(filterset, name: str) -> list[str]:
    return [str(value) for value, _ in filterset.filters[name].extra["choices"]]


def facet(filterset, query: QueryDict, name: str, numbers: dict, known: bool) -> Facet:
    one = filterset.filters[name]
    kept = without(query, name)
    values = [
        Value(
            words=str(words),
            query=f"{kept}&{name}={value}".lstrip("&"),
            number=number if known else min(number, MOST_COUNTED),
            exact=known or number <= MOST_COUNTED,
        )
        for value, words in one.extra["choices"]
        if (number := numbers[name, str(value)])
    ]
    return Facet(str(one.label), tuple(values))

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.analysis.comparison import Comparison, compare_issues
from cases.analysis.comparison_page import build_matrix, rate_tables
from cases.analysis.plots import MatrixPlot, RatePlot
from cases.analysis.selections import (
    SecondFilter,
    Selections,
    compare_selections,
    first_query,
    query_of_both,
    second_chips,
    second_parameters,
    second_query,
)
from cases.index.counts import Count
from cases.lists.csv_export import csv_encode, csv_file
from cases.lists.definition import SHOWING, FilterChip, filter_chips, query_without
from cases.lists.filtersets import IssueFilter
from cases.models import Issue
from cases.views.lists import filters_page
from cases.views.signed_in import SignedInRequest

CSV_COLUMNS = (
    "claims_guideline",
    "maximus_guideline",
    "issues",
    "decided",
    "upheld",
    "overturned",
    "partially_overturned",
    "overturn_rate",
    "other_edition",
)


def read_filter(query: QueryDict) -> tuple[IssueFilter, Comparison]:
    filterset = IssueFilter(query, Issue.objects.all())
    return filterset, compare_issues(filterset) if filterset.is_valid() else Comparison()


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def compare_page(request: SignedInRequest) -> HttpResponse:
    query, second = first_query(request.GET), second_query(request.GET)
    filterset = IssueFilter(query, Issue.objects.all())
    with filterset.of_one_state():
        _, comparison = read_filter(query)
        beside = None if second is None else read_second(filterset, comparison, query, second)
    context = {
        "filter": filterset,
        "chips": tuple(filter_chips(filterset, request.GET)),
        "query": query_without(query, *SHOWING),
        "whole_query": query_without(request.GET, *SHOWING),
        "comparison": comparison,
        "shows_all": query.get("guidelines") == "all",
        "beside": beside,
        "first": named_values(query),
    }
    if beside is None:
        context["matrix"] = build_matrix(comparison, query)
        context["tables"] = rate_tables(comparison, query)
    if request.htmx.target == "results":
        return render(request, "cases/compare/_results.html", context)
    valid = filterset.is_valid() and (beside is None or beside.filter.is_valid())
    return render(request, "cases/compare/page.html", context, status=200 if valid else 422)


@dataclass(frozen=True, slots=True)
class SecondSelection:
    """`both` is None where a filter of either selection is mistaken."""

    filter: IssueFilter
    comparison: Comparison
    chips: tuple[FilterChip, ...]
    parameters: list[tuple[str, str]]
    swapped: str
    both: Selections | None


def read_second(
    first: IssueFilter, comparison: Comparison, query: QueryDict, second: QueryDict
) -> SecondSelection:
    filterset, other = read_filter(second)
    plain, both = query_without(query, *SHOWING), None
    if first.is_valid() and filterset.is_valid():
        shared = len(first.found().rows & filterset.found().rows)
        both = compare_selections((comparison, other), (query, second), shared)
    chips = second_chips(tuple(filter_chips(filterset, second)), plain)
    swapped = query_of_both(second.urlencode(), QueryDict(query_without(query, *SHOWING)))
    return SecondSelection(filterset, other, chips, second_parameters(second), swapped, both)


@require_safe
@vary_on_headers("HX-Request")
def compare_filters(request: SignedInRequest) -> HttpResponse:
    """The filters of the first selection, or with `side=with` of the second, which begins as the
    first one is."""
    if request.GET.get("side") == "with":
        return second_filters(request)
    filterset = IssueFilter(request.GET, Issue.objects.all())
    return filters_page(request, filterset, "Compare", reverse("compare"))


def named_values(query: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, values in query.lists() for value in values if value]


def second_filters(request: SignedInRequest) -> HttpResponse:
    query = first_query(request.GET)
    del query["side"]
    second = second_query(request.GET)
    filterset = SecondFilter(query if second is None else second, Issue.objects.all())
    context = {
        "filter": filterset,
        "title": "Compare with",
        "url": reverse("compare"),
        "first": named_values(query),
    }
    template = "with_fields" if request.htmx else "with"
    status = 200 if filterset.is_valid() else 422
    return render(request, f"cases/compare/{template}.html", context, status=status)


@require_safe
def compare_plot(request: SignedInRequest, name: str) -> HttpResponse:
    """A plot of the page: what a script puts into its place, or a file of its own."""
    query = first_query(request.GET)
    _, comparison = read_filter(query)
    plot: MatrixPlot | RatePlot
    if name == "matrix":
        template, plot = "matrix", build_matrix(comparison, query).plot
    else:
        tables = {table.name: table for table in rate_tables(comparison, query)}
        if name not in tables:
            raise Http404("There is no such plot.")
        template, plot = "rates", tables[name].plot
    context, kind = {"plot": plot, "alone": not request.htmx}, "image/svg+xml"
    response = render(request, f"cases/plots/{template}.svg", context, content_type=kind)
    if not request.htmx:
        today = timezone.localdate().isoformat()
        response["Content-Disposition"] = f'attachment; filename="{name}-{today}.svg"'
    return response


@require_safe
def compare_export(request: SignedInRequest) -> HttpResponseBase:
    """The matrix as CSV, every guideline in it."""
    filterset, comparison = read_filter(first_query(request.GET))
    if not filterset.is_valid():
        told = "; ".join(f"{label}: {error}" for label, error in filterset.mistakes())
        return HttpResponse(
            f"The filter can’t be applied. {told}\n", status=422, content_type="text/plain"
        )
    return csv_file("compare", csv_encode(CSV_COLUMNS, matrix_lines(comparison)))


def matrix_lines(comparison: Comparison) -> Iterator[tuple]:
    differing = comparison.by("other_edition")
    for (claims, maximus), count in sorted(comparison.matrix.items()):
        rate = "" if count.rate is None else f"{count.rate:.4f}"
        yield (
            claims,
            maximus,
            count.total,
            count.decided,
            count.upheld,
            count.overturned,
            count.partially,
            rate,
            differing.get((claims, ""), Count()).total if claims == maximus else 0,
        )

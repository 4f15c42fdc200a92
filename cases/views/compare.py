from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.analysis.comparison import Comparison, compare_issues
from cases.analysis.comparison_page import build_matrix, rate_tables
from cases.analysis.plots import MatrixPlot, RatePlot
from cases.index.counts import Count
from cases.lists.csv_export import csv_encode, csv_file
from cases.lists.definition import filter_chips, query_without
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
    filterset, comparison = read_filter(request.GET)
    context = {
        "filter": filterset,
        "chips": tuple(filter_chips(filterset, request.GET)),
        "query": query_without(request.GET, "page", "page_size", "columns", "order"),
        "comparison": comparison,
        "matrix": build_matrix(comparison, request.GET),
        "tables": rate_tables(comparison, request.GET),
        "shows_all": request.GET.get("guidelines") == "all",
    }
    if request.htmx.target == "results":
        return render(request, "cases/compare/_results.html", context)
    status = 200 if filterset.is_valid() else 422
    return render(request, "cases/compare/page.html", context, status=status)


@require_safe
@vary_on_headers("HX-Request")
def compare_filters(request: SignedInRequest) -> HttpResponse:
    filterset = IssueFilter(request.GET, Issue.objects.all())
    return filters_page(request, filterset, "Compare", reverse("compare"))


@require_safe
def compare_plot(request: SignedInRequest, name: str) -> HttpResponse:
    """A plot of the page as a file of its own."""
    _, comparison = read_filter(request.GET)
    plot: MatrixPlot | RatePlot
    if name == "matrix":
        template, plot = "matrix", build_matrix(comparison, request.GET).plot
    else:
        tables = {table.name: table for table in rate_tables(comparison, request.GET)}
        if name not in tables:
            raise Http404("There is no such plot.")
        template, plot = "rates", tables[name].plot
    response = render(
        request,
        f"cases/plots/{template}.svg",
        {"plot": plot, "alone": True},
        content_type="image/svg+xml",
    )
    today = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{today}.svg"'
    return response


@require_safe
def compare_export(request: SignedInRequest) -> HttpResponseBase:
    """The matrix as CSV, every guideline in it."""
    filterset, comparison = read_filter(request.GET)
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

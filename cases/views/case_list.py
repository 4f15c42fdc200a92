from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.exports import CASE_COLUMNS, export
from cases.filters import CaseFilter
from cases.listing import filtered, listing
from cases.models import Case, Citation, Issue

COLUMNS = {
    "case_number": "Case number",
    "decision_date": "Decided",
    "[issues]": "Issues",
    "decision": "Decision",
    "[sides]": "Sides",
    "priority": "Priority",
    "[flags]": "Flags",
}


def cases() -> QuerySet[Case]:
    issues = Issue.objects.defer("rationale", "provenance").order_by("position")
    return Case.objects.defer("clinical_summary", "provenance").prefetch_related(
        Prefetch("issues", issues), "flags"
    )


def cases_in_full() -> QuerySet[Case]:
    citations = Citation.objects.exclude(side=Citation.Side.RATIONALE).defer("spans")
    issues = Issue.objects.defer("rationale", "provenance").order_by("position")
    return Case.objects.defer("provenance").prefetch_related(
        Prefetch("issues", issues.prefetch_related(Prefetch("citations", citations))), "flags"
    )


@require_safe
@vary_on_headers("HX-Request")
def case_list(request: HttpRequest) -> HttpResponse:
    found = listing(request, CaseFilter(request.GET, cases(), request=request), COLUMNS)
    template = "cases/_case_rows.html" if request.htmx.target == "results" else "cases/cases.html"
    status = 200 if found.filter.is_valid() else 422 if not request.htmx else 200
    return render(request, template, {"listing": found}, status=status)


@require_safe
def case_export(request: HttpRequest) -> HttpResponse:
    filterset = CaseFilter(request.GET, cases_in_full(), request=request)
    return export("cases", CASE_COLUMNS, filtered(filterset))

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.analysis.precedents import (
    LONGEST_REQUEST,
    precedents_of_issue,
    precedents_of_request,
)
from cases.letters.citations.catalogue import GUIDELINE_NAMES
from cases.models import Category, Issue
from cases.views.signed_in import SignedInRequest


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def issue_precedents(request: SignedInRequest, case_number: str, position: int) -> HttpResponse:
    """How requests like an issue's were decided: a part of its case page, or a page of its own."""
    issue = get_object_or_404(
        Issue.objects.select_related("case").defer("provenance", "case__provenance"),
        case__case_number=case_number,
        position=position,
    )
    context = {"issue": issue, "found": precedents_of_issue(issue)}
    if request.htmx.target == f"precedents-{position}":
        return render(request, "cases/precedents/_issue.html", context)
    return render(request, "cases/precedents/issue.html", context)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def precedents(request: SignedInRequest) -> HttpResponse:
    """How a request that is typed in was decided before. The address holds all of it."""
    text = " ".join(request.GET.get("request", "").split())
    category = request.GET.get("category", "")
    guidelines = [name for name in request.GET.getlist("guideline") if name in GUIDELINE_NAMES]
    problem = validation_error(text, category)
    context = {
        "text": text,
        "category": category,
        "chosen": guidelines,
        "categories": Category.choices,
        "guidelines": GUIDELINE_NAMES,
        "problem": problem,
        "found": precedents_of_request(text, category, guidelines)
        if text and not problem
        else None,
        "longest": LONGEST_REQUEST,
    }
    wants_part = request.htmx.target == "precedents"
    template = "cases/precedents/_found.html" if wants_part else "cases/precedents/page.html"
    return render(request, template, context, status=422 if problem else 200)


def validation_error(text: str, category: str) -> str:
    if len(text) > LONGEST_REQUEST:
        return (
            f"The request has {len(text):,} characters; at most {LONGEST_REQUEST:,} are read."
            " Paste the treatment alone, without the letter around it."
        )
    if category and category not in Category.values:
        return "There is no such treatment category. Choose one from the list, or none."
    return ""

"""What was changed in a case: a timeline, from which a value can be brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.corrections.claim_facts import restore_claim_fact
from cases.corrections.history import (
    CannotRestore,
    EditConflict,
    ReasonRequired,
    restore_change,
    version_of,
)
from cases.corrections.snapshot import CLAIM
from cases.models import Case, Change
from cases.views.signed_in import SignedInRequest

PER_PAGE = 25


@require_safe
@vary_on_headers("HX-Request")
def case_history(request: SignedInRequest, case_number: str) -> HttpResponse:
    case = get_object_or_404(Case, case_number=case_number)
    return timeline(request, case)


@require_POST
def restore_value(request: SignedInRequest, case_number: str, pk: int) -> HttpResponse:
    changes = Change.objects.select_related("revision__case")
    change = get_object_or_404(changes, pk=pk, revision__case__case_number=case_number)
    why, seen = request.POST.get("why", ""), request.POST.get("version")
    return restored(request, change, lambda: restore_change(change, request.user, why, seen=seen))


@require_POST
def restore_claim(request: SignedInRequest, case_number: str, pk: int) -> HttpResponse:
    """The same of a claim fact, by those who may enter them."""
    changes = Change.objects.select_related("revision__case").filter(place=CLAIM)
    change = get_object_or_404(changes, pk=pk, revision__case__case_number=case_number)
    why = request.POST.get("why", "")
    return restored(request, change, lambda: restore_claim_fact(change, request.user, why))


def restored(request: SignedInRequest, change: Change, restore: Callable[[], None]) -> HttpResponse:
    case = change.revision.case
    try:
        restore()
    except (CannotRestore, EditConflict, ReasonRequired) as problem:
        return timeline(request, case, problem=str(problem), at=change.pk)
    except ValidationError as problem:
        return timeline(request, case, problem=" ".join(problem.messages), at=change.pk)
    return timeline(request, case) if request.htmx else redirect("case-history", case.case_number)


def timeline(
    request: SignedInRequest, case: Case, *, problem: str = "", at: int | None = None
) -> HttpResponse:
    revisions = case.revisions.prefetch_related("changes")
    context: dict[str, Any] = {
        "case": case,
        "page": Paginator(revisions, PER_PAGE).get_page(request.GET.get("page")),
        "problem": problem,
        "problem_at": at,
        "version": version_of(case),
    }
    template = "cases/_history.html" if request.htmx.target == "history" else "cases/history.html"
    return render(request, template, context, status=422 if problem else 200)

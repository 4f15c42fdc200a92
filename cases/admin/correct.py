"""The page on which one case is corrected: all its values, with its letter beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from cases.admin.formsets import (
    CaseCorrection,
    Conflict,
    conflicts,
    rebase_form_data,
    with_empty_row,
)
from cases.corrections.history import correction, revisions_since, version_of
from cases.corrections.queue import correction_queue, needs_correction, next_case
from cases.files.expected_place import ExpectedPlace, expected_place
from cases.files.letter_page import shown_letter, spans_of
from cases.letters.checks import NOT_GIVEN
from cases.letters.citations.catalogue import GUIDELINE_NAMES
from cases.models import Case, DocumentPage
from cases.views.signed_in import SignedInRequest

TEMPLATE = "admin/cases/case/correct.html"
REVIEW_CONFLICTS = (
    "An issue that you removed has annotations, so it can’t be removed. Correct its text instead."
)


class FieldConflicts(Exception):
    def __init__(self, found: list[Conflict]):
        super().__init__("Someone else changed the same fields.")
        self.found = found


def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    pages = DocumentPage.objects.defer("text")
    cases = Case.objects.select_related("document", "reading").prefetch_related(
        "issues__citations", Prefetch("document__page_set", pages)
    )
    case = get_object_or_404(cases, pk=pk)
    if request.htmx.target == "letter":
        return render(request, "cases/_letter.html", letter_context(request, case))
    if request.method != "POST":
        return render_correction(request, case, CaseCorrection(case))
    if prefix := request.POST.get("add"):
        return render_correction(
            request, case, CaseCorrection(case, with_empty_row(request.POST, prefix))
        )
    return save_correction(request, case, request.POST)


def save_correction(request: SignedInRequest, case: Case, data: QueryDict) -> HttpResponse:
    form = CaseCorrection(case, data)
    settles_all = data.get("then") == "next"
    if settles_all:
        form.settled |= {str(flag.pk) for flag in form.flags if needs_correction(flag)}
    if not form.is_valid():
        return render_correction(request, case, form, status=422)
    seen = data.get("version", "")
    try:
        with correction(case, request.user, form.reason()) as locked:
            if seen != version_of(locked) and (found := conflicts(form)):
                raise FieldConflicts(found)
            form.save()
    except FieldConflicts as problem:
        now = Case.objects.select_related("document", "reading").get(pk=case.pk)
        late = CaseCorrection(now, rebase_form_data(data, now))
        return render_correction(
            request, now, late, status=409, found=problem.found, late=revisions_since(now, seen)
        )
    except (ProtectedError, RestrictedError):
        form.errors.append(REVIEW_CONFLICTS)
        return render_correction(request, case, form, status=422)
    messages.success(request, f"{case.case_number} is saved.")
    if not settles_all:
        return redirect("admin:cases_case_change", case.pk)
    if following := next_case(case):
        return redirect("admin:cases_case_change", following.pk)
    messages.info(request, "That was the last one: no cases need correction.")
    return redirect("admin:cases_case_changelist")


def render_correction(
    request: HttpRequest, case: Case, form: CaseCorrection, *, status: int = 200, **more: Any
) -> HttpResponse:
    stored = Case.objects.get(pk=case.pk)  # a bound form has written what was typed into its own
    context = letter_context(request, case) | {
        "form": form,
        "stored": stored,
        "version": version_of(stored),
        "waiting": correction_queue().exclude(pk=case.pk).count(),
        "guideline_names": sorted(GUIDELINE_NAMES),
        "here": reverse("admin:cases_case_change", args=[case.pk]),
        **more,
    }
    return render(request, TEMPLATE, context, status=status)


def place_of_missing(case: Case, show: str) -> ExpectedPlace | None:
    """Where the value that `show` names would stand, if the letter's words don't give it."""
    if not show or show.startswith("citation-") or spans_of(case, show):
        return None
    field, first = show.split("-")[-1], case.first_page
    if field in NOT_GIVEN.get(case.format, ()):
        return None
    if show.startswith("issue-"):
        request = spans_of(case, "-".join([*show.split("-")[:2], "treatment_request"]))
        first = min((span["page"] for span in request), default=first)
    pages = DocumentPage.objects.filter(
        document=case.document_id, number__range=(first, case.last_page)
    )
    return expected_place(field, list(pages.order_by("number").values_list("number", "text")))


def letter_context(request: HttpRequest, case: Case) -> dict:
    show, page = request.GET.get("show", "")[:120], request.GET.get("page", "")
    expected = place_of_missing(case, show)
    if expected and not page:
        page = str(expected.page)
    return {
        "case": case,
        "show": show,
        "expected": expected,
        "letter": shown_letter(case, show, page),
        "as_pdf": request.GET.get("view") == "pdf",
    }

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.intake.manual_entry import ManualCaseForm, ManualIssues, create_case
from cases.models import Document
from cases.views.signed_in import SignedInRequest

MOST_PAGES = 30


@require_http_methods(["GET", "HEAD", "POST"])
def document_by_hand(request: SignedInRequest, pk: int) -> HttpResponse:
    """A case typed in beside the pictures of the pages that could not be read."""
    document = get_object_or_404(Document, pk=pk)
    if document.status not in Document.UNREADABLE:
        messages.info(
            request, "This document is being read or has been read; correct its case instead."
        )
        return redirect(document)
    form = ManualCaseForm(request.POST or None)
    issues = ManualIssues(request.POST or None, prefix="issues")
    good = request.method == "POST" and all([form.is_valid(), issues.is_valid()])
    if good:
        case = create_case(document, request.user, form.save(commit=False), issues.cleaned_data)
        return redirect(case or document)
    pages = range(1, min(document.pages or 0, MOST_PAGES) + 1)
    context = {"document": document, "form": form, "issues": issues, "pages": pages}
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/by_hand.html", context, status=status)

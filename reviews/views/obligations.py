"""Deadlines: one with its history, what is done about it, its evidence; a case’s proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest
from reviews.models import Evidence, Obligation, ObligationPause
from reviews.obligations import keeping
from reviews.obligations.events import ACCEPTED, MOST_MB, EvidenceError
from reviews.obligations.keeping import ObligationError
from reviews.obligations.sheet import entries_of, obligations_of
from reviews.views.days import NotADay, day_in
from reviews.views.downloads import as_download


@require_safe
def obligation(request: SignedInRequest, pk: int) -> HttpResponse:
    return render_obligation(request, pk)


@require_POST
def act(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the button says; after a mistake the page again, with what was typed."""
    one = get_object_or_404(Obligation.objects.select_related("case", "issue"), pk=pk)
    one.version = whole_number(request.POST.get("version", ""), digits=9) or 0
    try:
        done = do(request, one, request.POST.get("action", ""))
    except (ObligationError, EvidenceError, NotADay) as problem:
        return render_obligation(request, pk, problem=str(problem))
    messages.success(request, done)
    return redirect(one)


def do(request: SignedInRequest, one: Obligation, action: str) -> str:
    """The words to tell of it.

    Raises:
        ObligationError, EvidenceError, NotADay: it can't be done.
    """
    by, note, files = request.user, request.POST.get("note", ""), sent_files(request)
    if action == "done":
        keeping.mark_done(one, by, done_on=day_in(request), note=note, files=files)
        return "Marked as done."
    if action == "undo":
        keeping.undo_done(one, by, note=note)
        return "Open again."
    if action == "pause":
        reason = request.POST.get("reason", "")
        parts = same_letter(request, one)
        keeping.pause_all(parts, by, reason=reason, start=day_in(request), note=note, files=files)
        return "Paused." if len(parts) == 1 else f"{len(parts)} deadlines are paused."
    if action == "resume":
        keeping.resume(one, by, end=day_in(request), note=note, files=files)
        return "The deadline runs again."
    if action == "attach":
        keeping.attach(one, by, note=note, files=files)
        return "Attached."
    raise BadRequest("There is no such action. Reload the page and choose one.")


def same_letter(request: SignedInRequest, one: Obligation) -> list[Obligation]:
    """It alone, or with it all open deadlines of its letter."""
    if not request.POST.get("all"):
        return [one]
    others = one.case.obligations.filter(state=Obligation.State.OPEN).exclude(pk=one.pk)
    return [one, *others.exclude(kind=Obligation.Kind.APPEAL).order_by("pk")]


def sent_files(request: SignedInRequest) -> list[UploadedFile]:
    return [file for file in request.FILES.getlist("files") if file.name]


def render_obligation(request: SignedInRequest, pk: int, problem: str = "") -> HttpResponse:
    case = get_object_or_404(Case.objects.prefetch_related("issues__citations"), obligations__pk=pk)
    entry = next(one for one in entries_of(case, obligations_of(case)) if one.obligation.pk == pk)
    context = {
        "case": case,
        "entry": entry,
        "obligation": entry.obligation,
        "problem": problem,
        "typed": request.POST if problem else {},
        "today": timezone.localdate(),
        "reasons": ObligationPause.Reason.choices,
        "accepted": ",".join(ACCEPTED),
        "most_mb": MOST_MB,
    }
    return render(request, "reviews/obligation.html", context, status=422 if problem else 200)


@require_safe
def evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Always as a download: it was written elsewhere, and is shown by no page of ours."""
    file = get_object_or_404(Evidence, pk=pk)
    return as_download(bytes(file.content), file.name, "application/octet-stream")


@require_safe
def compliance(request: SignedInRequest, case_number: str) -> HttpResponse:
    """The proof of compliance of a case, for printing."""
    case = get_object_or_404(
        Case.objects.select_related("document", "claim_facts").prefetch_related(
            "issues__citations"
        ),
        case_number=case_number,
    )
    context: dict[str, Any] = {"case": case, "entries": entries_of(case, obligations_of(case))}
    return render(request, "reviews/compliance.html", context)

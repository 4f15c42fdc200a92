"""The review of a case and the queue: taking, giving, saying what one thinks, settling, closing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.models import Case
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest
from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.agreement import (
    agreement_by_person,
    agreement_on_labels,
    agreement_on_verdicts,
    double_reviews,
)
from reviews.reviewing.next_review import waiting_assignments
from reviews.reviewing.presence import note_presence
from reviews.reviewing.review_panel import panel_context
from reviews.reviewing.workflow import EditConflict, Finding, ReviewError


@require_POST
def take_next(request: SignedInRequest) -> HttpResponse:
    """The most urgent review that nobody has, now mine; opens the case at its top."""
    if review := workflow.claim_next(request.user):
        return redirect(review.case)
    if waiting := waiting_assignments(request.user).first():
        messages.info(request, "No other review needs a reviewer. This one waits for you.")
        return redirect(waiting.review.case)
    messages.info(request, "No review needs a reviewer.")
    return redirect("reviews")


@require_POST
def take(request: SignedInRequest, case_number: str) -> HttpResponse:
    """A case that lacks a reviewer, now mine; opens at its top."""
    review = get_review(case_number)
    try:
        workflow.claim_review(review, request.user)
    except ReviewError as problem:
        messages.info(request, str(problem))
    return redirect(review.case)


@require_http_methods(["GET", "HEAD", "POST"])
def write_review(request: SignedInRequest, case_number: str) -> HttpResponse:
    """One's own findings: saved, submitted, or taken back."""
    if request.method != "POST":
        case = get_object_or_404(Case, case_number=case_number)
        return redirect(f"{case.get_absolute_url()}#review")
    review = get_review(case_number)
    assignment = get_object_or_404(review.assignments, reviewer=request.user)
    action = request.POST.get("action", "save")
    try:
        if action == "take-back":
            workflow.withdraw_submission(assignment, request.user)
        else:
            workflow.save_findings(
                assignment,
                version=whole_number(request.POST.get("version", ""), digits=8) or 0,
                notes=request.POST.get("notes", ""),
                findings=read_findings(request),
                submit=action == "submit",
            )
    except (ReviewError, EditConflict) as problem:
        return render_panel(request, review, problem=problem, typed="typed_findings")
    return render_panel(request, review, done="Submitted." if action == "submit" else "Saved.")


@require_POST
def lead_actions(request: SignedInRequest, case_number: str) -> HttpResponse:
    """What leads do with one review."""
    review = get_review(case_number)
    version = whole_number(request.POST.get("version", ""), digits=8) or 0
    action = request.POST.get("action", "")
    try:
        if action == "assign":
            workflow.assign_reviewer(review, chosen_reviewer(request), request.user)
        elif action == "unassign":
            one = get_object_or_404(
                review.assignments, pk=whole_number(request.POST.get("who", ""))
            )
            workflow.unassign(one)
        elif action == "settle":
            workflow.settle_review(
                review, request.user, version=version, findings=read_findings(request)
            )
        elif action == "close":
            workflow.close_review(review, request.user, version=version)
        elif action == "reopen":
            workflow.reopen_review(review, version=version)
    except (ReviewError, EditConflict) as problem:
        typed = "typed_settlement" if action == "settle" else ""
        return render_panel(request, review, problem=problem, typed=typed)
    return render_panel(request, review)


def render_panel(
    request: SignedInRequest,
    review: Review,
    *,
    problem: Exception | None = None,
    typed: str = "",
    done: str = "",
) -> HttpResponse:
    """The panel anew; after a problem with what was typed, after a conflict with both.

    `typed` names the form of the panel that was sent, as `panel` knows it.
    """
    review = get_review(review.case.case_number)
    if not request.htmx and not problem:
        if done:
            messages.success(request, done, extra_tags="review")
        return redirect(review)
    sent = {typed: request.POST} if typed else {}
    context = panel_context(review, request.user, **sent, problem=problem) | {"done": done}
    status = 409 if isinstance(problem, EditConflict) else 422 if problem else 200
    template = "reviews/_panel.html" if request.htmx else "reviews/review.html"
    return render(request, template, context, status=status)


@require_safe
def agreement(request: SignedInRequest) -> HttpResponse:
    pairs = double_reviews()
    context = {
        "cases": len(pairs),
        "tables": [
            ("Verdicts", agreement_on_verdicts(pairs)),
            ("People", agreement_by_person(pairs)),
            ("Labels", agreement_on_labels(pairs)),
        ],
    }
    return render(request, "reviews/agreement.html", context)


@require_POST
def presence(request: SignedInRequest, case_number: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.only("pk"), case_number=case_number)
    return render(request, "reviews/_presence.html", {"others": note_presence(case, request.user)})


def get_review(case_number: str) -> Review:
    case = get_object_or_404(Case, case_number=case_number)
    return Review.objects.filter(case=case).select_related(
        "case", "closed_by"
    ).first() or workflow.create_review(case)


def read_findings(request: SignedInRequest) -> dict[int, Finding]:
    """By issue; the form names its issues in `issues`."""
    return {
        pk: Finding(
            request.POST.get(f"opinion-{pk}", ""),
            request.POST.get(f"reason-{pk}", "").replace("\r\n", "\n"),
        )
        for pk in map(whole_number, request.POST.getlist("issues"))
        if pk is not None
    }


def chosen_reviewer(request: SignedInRequest) -> User:
    who = whole_number(request.POST.get("who", ""))
    person = workflow.reviewers().filter(pk=who).first() if who is not None else None
    if person is None:
        raise ReviewError("Choose a reviewer.")
    return person

"""The review of a case and the queue: taking, giving, saying what one thinks, settling, closing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from reviews.reviewing.agreement import agreement_on_labels, agreement_on_verdicts, double_reviews
from reviews.reviewing.presence import note_presence
from reviews.reviewing.review_panel import panel_context
from reviews.reviewing.workflow import EditConflict, Finding, ReviewError

MOST_AT_ONCE = 1000


@require_POST
def take_next(request: SignedInRequest) -> HttpResponse:
    review = workflow.claim_next(request.user)
    if review is None:
        messages.info(request, "No reviews need a reviewer.")
        return redirect("reviews")
    return redirect(review)


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
        return redirect(review)
    sent = {typed: request.POST} if typed else {}
    context = panel_context(review, request.user, **sent, problem=problem) | {"done": done}
    status = 409 if isinstance(problem, EditConflict) else 422 if problem else 200
    template = "reviews/_review.html" if request.htmx else "reviews/review.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def assign_many(request: SignedInRequest) -> HttpResponse:
    """To one or two reviewers at once; each review that can't be given says why."""
    source = request.POST if request.method == "POST" else request.GET
    numbers = map(whole_number, source.get("reviews", "").split(","))
    pks = [pk for pk in numbers if pk is not None]
    chosen = Review.objects.filter(pk__in=pks[:MOST_AT_ONCE]).select_related("case")
    context = {"chosen": chosen, "people": workflow.reviewers(), "reviews": source.get("reviews")}
    if request.method == "POST":
        people = list(workflow.reviewers().filter(pk__in=request.POST.getlist("who")[:2]))
        if people:
            given, refused = assign_reviews(chosen, people, request.user)
            messages.success(request, f"{given} assigned to {' and '.join(map(str, people))}.")
            for reason in refused[:5]:
                messages.info(request, reason)
            return redirect("reviews")
        context["problem"] = "Choose one or two reviewers."
    status = 422 if context.get("problem") else 200
    return render(request, "reviews/assign.html", context, status=status)


def assign_reviews(
    chosen: Iterable[Review], people: Sequence[User], by: User
) -> tuple[int, list[str]]:
    given, refused = 0, []
    for review in chosen:
        for person in people:
            try:
                workflow.assign_reviewer(review, person, by)
                given += 1
            except ReviewError as problem:
                refused.append(str(problem))
    return given, refused


@require_safe
def agreement(request: SignedInRequest) -> HttpResponse:
    pairs = double_reviews()
    context = {
        "cases": len(pairs),
        "tables": [
            ("Verdicts", agreement_on_verdicts(pairs)),
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

"""Assigning many reviews: to whom, what became of it, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest
from reviews.lists.registry import MOST_PICKED, PICKED
from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.assigning import (
    AssigningRun,
    Shares,
    assign_shares,
    assigned_already,
    share_by_counts,
    share_evenly,
    standing_of,
    to_each,
    undo_assigning,
)
from reviews.reviewing.team import loads_of
from reviews.reviewing.workflow import ReviewError

USUAL = 20  # reviews, where none were picked
RUN = "assigning"  # where the session keeps the last run
WAYS = ("even", "counts", "each")


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A line of the form."""

    person: User
    open: int
    overdue: int
    ticked: bool
    count: str


@require_http_methods(["GET", "HEAD", "POST"])
def assign_many(request: SignedInRequest) -> HttpResponse:
    """Picked reviews, or the most urgent that nobody has: shared out, or by hand."""
    if request.method != "POST":
        return render(request, "reviews/assign.html", form_context(picked_form(request)))
    try:
        run = assign_from(request.POST, request.user)
    except ReviewError as problem:
        context = form_context(request.POST) | {"problem": problem}
        return render(request, "reviews/assign.html", context, status=422)
    request.session[RUN] = run.as_json()
    return redirect("review-assigned")


def picked_form(request: SignedInRequest) -> QueryDict:
    """What the form begins with: where rows of a list were picked, these."""
    form = request.GET.copy()
    if "picked" in form and (picked := request.session.get(PICKED)):
        form["reviews"] = ",".join(map(str, picked["reviews"]))
        form["asked"] = str(picked["asked"])
    return form


def assign_from(form: QueryDict, by: User) -> AssigningRun:
    people = {one.pk: one for one in workflow.reviewers() if str(one.pk) in form.getlist("who")}
    reviews = chosen_reviews(form)
    if not reviews:
        raise ReviewError("There is no review to assign.")
    return assign_shares(shares_for(form, reviews, list(people)), people, by)


def shares_for(form: QueryDict, reviews: Sequence[int], people: Sequence[int]) -> Shares:
    if not people:
        raise ReviewError("Choose at least one reviewer.")
    match form.get("how", "each"):
        case "counts":
            counts = {pk: whole_number(form.get(f"count-{pk}", "")) or 0 for pk in people}
            if not any(counts.values()):
                raise ReviewError("Enter how many each of them gets.")
            return share_by_counts(reviews, counts)
        case "even":
            return share_evenly(reviews, people, assigned_already(reviews))
    if len(people) > 2:
        raise ReviewError("A case has at most two reviewers: choose one or two, or share out.")
    return to_each(reviews, people)


def chosen_reviews(form: QueryDict) -> list[int]:
    """The picked ones; where none were picked, the most urgent that nobody has."""
    if picked := form.get("reviews"):
        wanted = [pk for pk in map(whole_number, picked.split(",")) if pk is not None]
        known = Review.objects.filter(pk__in=wanted[:MOST_PICKED]).order_by("due_on", "pk")
        return list(known.values_list("pk", flat=True))
    number = min(whole_number(form.get("number", ""), digits=5) or 0, MOST_PICKED)
    return list(unassigned().values_list("pk", flat=True)[:number])


def unassigned() -> QuerySet[Review]:
    return Review.objects.filter(state=Review.State.UNASSIGNED).order_by("due_on", "pk")


def form_context(form: QueryDict) -> dict[str, Any]:
    picked = bool(form.get("reviews"))
    reviews = (
        Review.objects.filter(pk__in=chosen_reviews(form)) if picked else Review.objects.none()
    )
    how = form.get("how", "even")
    return {
        "picked": picked,
        "reviews": form.get("reviews", ""),
        "chosen": list(reviews.select_related("case").order_by("due_on", "pk")) if picked else [],
        "asked": whole_number(form.get("asked", "")) or 0,
        "most": MOST_PICKED,
        "free": 0 if picked else unassigned().count(),
        "number": form.get("number", USUAL),
        "how": how if how in WAYS else "even",
        "people": [
            PersonChoice(
                one.person,
                one.open,
                one.overdue,
                str(one.person.pk) in form.getlist("who"),
                form.get(f"count-{one.person.pk}", ""),
            )
            for one in loads_of(workflow.reviewers())
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def assigned(request: SignedInRequest) -> HttpResponse:
    """What the last assigning came to; a POST takes back what nobody began."""
    if RUN not in request.session:
        return redirect("review-assign")
    run = AssigningRun.from_json(request.session[RUN])
    if request.method == "POST":
        undone = undo_assigning(run)
        words = f"{undone.taken_back} review{'' if undone.taken_back == 1 else 's'} taken back."
        messages.success(request, words)
        for reason in undone.begun:
            messages.info(request, reason)
        return redirect("review-assigned")
    standing = standing_of(run)
    context = {"run": run, "standing": standing, "taken_back": run.total - standing.total}
    return render(request, "reviews/assigned.html", context)

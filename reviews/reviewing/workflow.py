"""The way of a review: unassigned → in review → submitted → agreed or in dispute → closed.

The only writer of reviews. With one reviewer a submitted review waits for a lead to close it; with
two it is agreed where they say the same of every issue, else in dispute until a lead has settled
each issue on which they differ. A seat is taken by one conditional UPDATE whose row count tells
whether it was free, so that two people never take the same case.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from cases.index.changes import record_changes
from cases.models import Case
from cases.signals import case_changed
from reviews.models import (
    MOST_REVIEWERS,
    Assignment,
    IssueVerdict,
    Opinion,
    Review,
    Settlement,
)
from reviews.reviewing.due_dates import due_on
from reviews.signals import review_closed

State = Review.State
REVIEW = "reviews.add_annotation"  # who may annotate may review
LONGEST = 10_000
TRIED = 25


class ReviewError(Exception):
    """The action is not possible; the message says why and what to do next."""


class EditConflict(Exception):
    """Another save came first; the form is shown again with both."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a form says of one issue."""

    opinion: str = ""
    reason: str = ""


@receiver(case_changed, dispatch_uid="every case has its review")
def create_review(case: Case, created: bool = False, **_: object) -> Review:
    if created:
        return Review.objects.create(case=case, due_on=due_on(case))
    review, is_new = Review.objects.get_or_create(case=case, defaults={"due_on": due_on(case)})
    if not is_new and not review.closed_at:
        assigned = review.assignments.values_list("assigned_at", flat=True) if review.taken else ()
        if (due := due_on(case, assigned)) != review.due_on:
            review.due_on = due
            review.save(update_fields=["due_on"])
    return review


def reviewers() -> QuerySet[User]:
    """People to whom a review can be given."""
    return (
        get_user_model()
        .objects.with_perm(REVIEW, backend="django.contrib.auth.backends.ModelBackend")
        .filter(is_active=True)
        .order_by("username")
    )


@transaction.atomic
def assign_reviewer(review: Review, reviewer: User, by: User) -> Assignment:
    """Gives the review to somebody; to a second person makes it a review by two."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.closed_at:
        raise ReviewError(f"The review of {review.case} is closed. Reopen it first.")
    if review.assignments.filter(reviewer=reviewer).exists():
        raise ReviewError(f"{review.case} is with {reviewer} already.")
    if review.taken >= MOST_REVIEWERS:
        raise ReviewError(f"{review.case} has two reviewers. Unassign one of them first.")
    if review.taken == review.wanted:
        Review.objects.filter(pk=review.pk).update(wanted=F("wanted") + 1)
    assignment = take_seat(review, reviewer, by)
    if assignment is None:
        raise ReviewError(f"Someone just took {review.case}. Reload the page.")
    return assignment


def take_seat(review: Review, reviewer: User, by: User) -> Assignment | None:
    """One conditional UPDATE: None if no seat was free any more."""
    free = Review.objects.filter(pk=review.pk, closed_at=None, taken__lt=F("wanted"))
    if not free.update(taken=F("taken") + 1, version=F("version") + 1):
        return None
    assignment = Assignment.objects.create(review=review, reviewer=reviewer, assigned_by=by)
    update_state(review.pk)
    return assignment


def free_reviews(user: User) -> QuerySet[Review]:
    """Those that lack a reviewer and that this person could take."""
    free = Review.objects.filter(state__in=Review.UNREAD, taken__lt=F("wanted"))
    return free.exclude(assignments__reviewer=user)


@transaction.atomic
def claim_review(review: Review, user: User) -> Assignment:
    """A case that lacks a reviewer, now this person's."""
    if review.assignments.filter(reviewer=user).exists():
        raise ReviewError(f"{review.case} is with you already.")
    assignment = take_seat(review, user, user)
    if assignment is None:
        raise ReviewError(f"{review.case} needs no reviewer any more: it was taken or closed.")
    return assignment


def claim_next(user: User) -> Review | None:
    """The most urgent review with a free seat, now this person's; None if there is none."""
    for state in (State.UNASSIGNED, State.IN_REVIEW):
        free = free_reviews(user).filter(state=state).order_by("due_on", "pk")
        for review in free.select_related("case")[:TRIED]:
            # In another window this person may have taken a seat of it just now.
            with suppress(IntegrityError), transaction.atomic():
                if take_seat(review, user, user):
                    return review
    return None


@transaction.atomic
def unassign(assignment: Assignment) -> None:
    """Takes a review from somebody. What they had submitted can't be taken, only what is open."""
    review = Review.objects.select_for_update().get(pk=assignment.review_id)
    if review.closed_at or assignment.submitted_at:
        raise ReviewError("This review was submitted. Its reviewer has to withdraw it first.")
    gone, _ = Assignment.objects.filter(pk=assignment.pk, submitted_at=None).delete()
    if gone:
        Review.objects.filter(pk=review.pk).update(taken=F("taken") - 1, version=F("version") + 1)
        update_state(review.pk)


@transaction.atomic
def save_findings(
    assignment: Assignment,
    *,
    version: int,
    notes: str,
    findings: dict[int, Finding],
    submit: bool = False,
) -> None:
    """Keeps one reviewer's findings; submitting needs one for every issue, and the reason of each
    that is not agreement. Issues that are not among the findings keep what was saved of them."""
    review = Review.objects.select_for_update().get(pk=assignment.review_id)
    if review.closed_at:
        raise ReviewError("This review was closed. Your words are below; a lead can reopen it.")
    if assignment.submitted_at:
        raise ReviewError("You submitted this review. Withdraw it to make changes.")
    issues = {issue.pk: issue for issue in review.case.issues.order_by("position")}
    check_lengths(notes, findings)
    if submit:
        check_complete(issues.values(), findings)
    check_reasons(issues.values(), findings)
    saved = Assignment.objects.filter(pk=assignment.pk, version=version, submitted_at=None).update(
        version=F("version") + 1,
        notes=notes,
        submitted_at=timezone.now() if submit else None,
    )
    if not saved:
        raise EditConflict
    assignment.verdicts.filter(issue__in=[pk for pk in findings if pk in issues]).delete()
    IssueVerdict.objects.bulk_create(
        IssueVerdict(assignment=assignment, issue_id=pk, opinion=one.opinion, reason=one.reason)
        for pk, one in findings.items()
        if pk in issues and one.opinion in Opinion.values
    )
    update_state(review.pk)


def check_lengths(notes: str, findings: dict[int, Finding]) -> None:
    if any(len(text) > LONGEST for text in (notes, *(one.reason for one in findings.values()))):
        raise ReviewError(f"A reason and the notes have at most {LONGEST:,} characters each.")


def check_reasons(issues: Iterable, findings: dict[int, Finding]) -> None:
    """A reason is kept with its verdict: without one it would be dropped."""
    for issue in issues:
        one = findings.get(issue.pk, Finding())
        if one.reason.strip() and one.opinion not in Opinion.values:
            raise ReviewError(
                f"Choose a verdict on issue {issue.position} too: its reason is saved with it."
            )


def check_complete(issues: Iterable, findings: dict[int, Finding]) -> None:
    for issue in issues:
        one = findings.get(issue.pk, Finding())
        if one.opinion not in Opinion.values:
            raise ReviewError(f"Choose a verdict on issue {issue.position} before you submit.")
        if one.opinion != Opinion.AGREE and not one.reason.strip():
            raise ReviewError(f"Say why on issue {issue.position}: only agreement needs no reason.")


@transaction.atomic
def withdraw_submission(assignment: Assignment, user: User) -> None:
    """A submitted review is open again for its reviewer, until the whole is closed."""
    if assignment.reviewer_id != user.pk:
        raise PermissionDenied("Only its reviewer can withdraw a review.")
    review = Review.objects.select_for_update().get(pk=assignment.review_id)
    if review.closed_at:
        raise ReviewError("This review is closed. A lead can reopen it.")
    Assignment.objects.filter(pk=assignment.pk).update(submitted_at=None, version=F("version") + 1)
    update_state(review.pk)


@transaction.atomic
def settle_review(review: Review, by: User, *, version: int, findings: dict[int, Finding]) -> None:
    """A lead decides every issue on which two reviewers differ, and so closes the review."""
    review = lock_review(review, version)
    if review.state != State.IN_DISPUTE:
        raise ReviewError("There is nothing to settle: this review is not in dispute.")
    for issue in disputed_issues(review):
        one = findings.get(issue.pk, Finding())
        if one.opinion not in Opinion.values or not one.reason.strip():
            raise ReviewError(f"Choose a verdict on issue {issue.position} and say why.")
        Settlement.objects.update_or_create(
            review=review,
            issue=issue,
            defaults={"opinion": one.opinion, "reason": one.reason, "settled_by": by},
        )
    mark_closed(review, by)


@transaction.atomic
def close_review(review: Review, by: User, *, version: int) -> None:
    review = lock_review(review, version)
    if review.state not in (State.SUBMITTED, State.AGREED):
        raise ReviewError("Only a submitted or agreed review can be closed.")
    mark_closed(review, by)


def mark_closed(review: Review, by: User) -> None:
    Review.objects.filter(pk=review.pk).update(
        state=State.CLOSED, closed_at=timezone.now(), closed_by=by, version=F("version") + 1
    )
    record_changes([review.case_id])
    review_closed.send(Review, review=review)


@transaction.atomic
def reopen_review(review: Review, *, version: int) -> None:
    review = lock_review(review, version)
    if not review.closed_at:
        raise ReviewError("This review is open.")
    Review.objects.filter(pk=review.pk).update(
        closed_at=None, closed_by=None, state=State.IN_REVIEW, version=F("version") + 1
    )
    update_state(review.pk)


def lock_review(review: Review, version: int) -> Review:
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.version != version:
        raise EditConflict
    return review


def update_state(review_id: int) -> None:
    """The state and the due date follow from the assignments, and cases are found by all three."""
    review = Review.objects.select_related("case").get(pk=review_id)
    if review.closed_at:
        return
    assignments = list(review.assignments.prefetch_related("verdicts"))
    state = state_of(review, assignments)
    due = due_on(review.case, [one.assigned_at for one in assignments])
    if (state, due) != (review.state, review.due_on):
        Review.objects.filter(pk=review_id).update(state=state, due_on=due)
    record_changes([review.case_id])


def state_of(review: Review, assignments: list[Assignment]) -> str:
    if not assignments:
        return State.UNASSIGNED
    if len(assignments) < review.wanted or any(not one.submitted_at for one in assignments):
        return State.IN_REVIEW
    if len(assignments) == 1:
        return State.SUBMITTED
    first, second = (opinions_by_issue(one) for one in assignments)
    return State.AGREED if first == second else State.IN_DISPUTE


def opinions_by_issue(assignment: Assignment) -> dict[int, str]:
    return {verdict.issue_id: verdict.opinion for verdict in assignment.verdicts.all()}


def disputed_issues(review: Review) -> list:
    """The issues on which the two reviewers differ."""
    sides = [opinions_by_issue(one) for one in review.assignments.prefetch_related("verdicts")]
    return [
        issue
        for issue in review.case.issues.order_by("position")
        if len({side.get(issue.pk) for side in sides}) > 1
    ]

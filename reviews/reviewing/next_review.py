"""What a reviewer reads next: the most urgent review that waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet

from reviews.models import Assignment, Review
from reviews.reviewing.workflow import free_reviews


@dataclass(frozen=True, slots=True)
class NextStep:
    """`assigned` is the next review that is theirs already; without one, `free` tells whether one
    can be taken."""

    assigned: Review | None
    free: bool


def waiting_assignments(user: User) -> QuerySet[Assignment]:
    """What a reviewer has not submitted, the most urgent first."""
    waiting = Assignment.objects.filter(
        reviewer=user, submitted_at=None, review__closed_at=None
    ).select_related("review__case")
    return waiting.defer("review__case__clinical_summary", "review__case__provenance").order_by(
        "review__due_on", "pk"
    )


def next_step(user: User, apart_from: Review) -> NextStep:
    following = waiting_assignments(user).exclude(review=apart_from).first()
    if following:
        return NextStep(following.review, free=False)
    return NextStep(None, free=free_reviews(user).exclude(pk=apart_from.pk).exists())

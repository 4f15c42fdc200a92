"""A person's open tasks: mentions, assigned reviews, for leads reviews to settle or close."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User

from reviews.annotating import mentions
from reviews.annotating.annotate import LEAD
from reviews.models import Assignment, Mention, Review

SHOWN = 10


@dataclass(frozen=True, slots=True)
class ReviewTasks:
    mentions: list[Mention]
    assignments: list[Assignment]
    to_lead: list[Review]

    @property
    def is_empty(self) -> bool:
        return not (self.mentions or self.assignments or self.to_lead)


def tasks_for(user: User) -> ReviewTasks | None:
    """None for those who take no part in reviews."""
    if not user.has_perm("reviews.add_annotation"):
        return None
    assigned = (
        Assignment.objects.filter(reviewer=user, submitted_at=None, review__closed_at=None)
        .select_related("review__case")
        .defer("review__case__clinical_summary", "review__case__provenance")
        .order_by("review__due_on", "pk")
    )
    return ReviewTasks(
        list(mentions.unseen_mentions(user)[:SHOWN]),
        list(assigned[:SHOWN]),
        tasks_for_leads() if user.has_perm(LEAD) else [],
    )


def tasks_for_leads() -> list[Review]:
    """The most urgent ones of each state, which an index gives at once, and of these the most
    urgent."""
    states = (Review.State.IN_DISPUTE, Review.State.SUBMITTED, Review.State.AGREED)
    reviews = Review.objects.select_related("case").order_by("due_on", "pk")
    reviews = reviews.defer("case__clinical_summary", "case__provenance")
    found = [review for state in states for review in reviews.filter(state=state)[:SHOWN]]
    return sorted(found, key=lambda review: (review.due_on, review.pk))[:SHOWN]

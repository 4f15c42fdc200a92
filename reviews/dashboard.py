"""What waits for one person: mentions, reviews to write, for leads reviews to settle or close."""

from __future__ import annotations

from dataclasses import dataclass

from reviews import mentions
from reviews.annotate import LEAD
from reviews.models import Assignment, Mention, Review

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    mentions: list[Mention]
    assignments: list[Assignment]
    to_lead: list[Review]

    @property
    def is_empty(self) -> bool:
        return not (self.mentions or self.assignments or self.to_lead)


def waiting_for(user) -> Waiting | None:
    """None for those who take no part in reviews."""
    if not user.has_perm("reviews.add_annotation"):
        return None
    assigned = (
        Assignment.objects.filter(reviewer=user, submitted_at=None, review__closed_at=None)
        .select_related("review__case")
        .order_by("review__due_on", "pk")
    )
    states = (Review.State.IN_DISPUTE, Review.State.SUBMITTED, Review.State.AGREED)
    lead = Review.objects.filter(state__in=states).select_related("case").order_by("due_on", "pk")
    return Waiting(
        list(mentions.waiting(user)[:SHOWN]),
        list(assigned[:SHOWN]),
        list(lead[:SHOWN]) if user.has_perm(LEAD) else [],
    )

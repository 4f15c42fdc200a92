"""The review of a case: who reads it, what they find, and what becomes of it. Written by
`reviews.reviewing.workflow` and `reviews.reviewing.presence` only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, Issue

MOST_REVIEWERS = 2


class Opinion(models.TextChoices):
    AGREE = "agree", "Agree with MAXIMUS"
    DISAGREE = "disagree", "Disagree"
    UNSURE = "unsure", "Unsure"


class Review(models.Model):
    """Of every case one, from the moment the case is there."""

    class State(models.TextChoices):
        UNASSIGNED = "unassigned", "Unassigned"
        IN_REVIEW = "in_review", "In review"
        SUBMITTED = "submitted", "Submitted"
        AGREED = "agreed", "Agreed"
        IN_DISPUTE = "in_dispute", "In dispute"
        CLOSED = "closed", "Closed"

    # Which of them somebody still has to read.
    UNREAD = (State.UNASSIGNED, State.IN_REVIEW)
    OPEN = (State.UNASSIGNED, State.IN_REVIEW, State.SUBMITTED, State.AGREED, State.IN_DISPUTE)

    case = models.OneToOneField(Case, models.CASCADE, related_name="review")
    state = models.CharField(max_length=12, choices=State, default=State.UNASSIGNED)
    wanted = models.PositiveSmallIntegerField("reviewers required", default=1)
    taken = models.PositiveSmallIntegerField("reviewers assigned", default=0)
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="review_queue"),
            models.Index(fields=["due_on", "id"], name="review_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "unassigned",
                        "in_review",
                        "submitted",
                        "agreed",
                        "in_dispute",
                        "closed",
                    ]
                ),
                name="review_state_known",
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1, wanted__lte=MOST_REVIEWERS, taken__lte=F("wanted")),
                name="review_one_or_two_reviewers",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="review_closed_once",
            ),
        ]

    def __str__(self) -> str:
        return self.case.case_number

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#review"

    @property
    def is_due(self) -> bool:
        """Whether its due date counts: not of what was submitted or closed."""
        return self.state in states_with_due_date()

    @property
    def is_overdue(self) -> bool:
        return self.is_due and self.due_on < timezone.localdate()


def states_with_due_date() -> tuple[str, ...]:
    """Where due dates count from the assignment, a review that nobody has is due on no day."""
    if settings.IMR_REVIEW_DUE_FROM == "assigned":
        return (Review.State.IN_REVIEW,)
    return Review.UNREAD


class Assignment(models.Model):
    """One reviewer's part in the review of a case."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    assigned_at = models.DateTimeField(auto_now_add=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    notes = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["review", "pk"]
        indexes = [models.Index(fields=["reviewer", "submitted_at"], name="assignment_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["review", "reviewer"], name="assignment_unique")
        ]

    def __str__(self) -> str:
        return f"{self.review} to {self.reviewer}"


def opinion_known() -> Q:
    return Q(opinion__in=["agree", "disagree", "unsure"])


class IssueVerdict(models.Model):
    """What one reviewer thinks of MAXIMUS's reading of one issue."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="verdicts")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="review_verdicts")
    opinion = models.CharField(max_length=8, choices=Opinion)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["assignment", "issue__position"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "issue"], name="issue_verdict_unique"),
            models.CheckConstraint(condition=opinion_known(), name="issue_verdict_opinion_known"),
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.opinion}"


class Settlement(models.Model):
    """What a lead decided where two reviewers disagreed on an issue."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="settlements")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="settlements")
    opinion = models.CharField(max_length=8, choices=Opinion)
    reason = models.TextField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["review", "issue__position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "issue"], name="settlement_unique"),
            models.CheckConstraint(condition=opinion_known(), name="settlement_opinion_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="settlement_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.opinion}"


class Presence(models.Model):
    """Who has a case open, and when that was last heard of."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="presence_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.case}"

"""What an overturned determination obliges to. Written by `reviews.obligations.keeping` only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Issue


def protect_done(collector: Any, field: Any, rows: Any, using: str) -> None:
    """With its issue goes what is left to do for it; what was done about it stays, and the issue
    with it, unless the whole case goes."""
    if done := rows.filter(state=Obligation.State.DONE):
        models.RESTRICT(collector, field, done, using)
    models.CASCADE(collector, field, rows.exclude(state=Obligation.State.DONE), using)


class Obligation(models.Model):
    """One thing to do, or to let pass, by a day.

    `issue` is None for what concerns the whole letter. While it is paused, `due_on` is the day on
    which it would have been due. `ended_on` is set once nothing is left to do.
    """

    class Kind(models.TextChoices):
        AUTHORIZE = "authorize", "Authorize"
        REIMBURSE = "reimburse", "Reimburse"
        NOTIFY = "notify", "Tell employee and provider"
        APPEAL = "appeal", "Appeal window"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        WITHDRAWN = "withdrawn", "No longer due"

    UNDONE = (State.OPEN, State.PAUSED)

    case = models.ForeignKey(Case, models.CASCADE, related_name="obligations")
    issue = models.ForeignKey(
        Issue, protect_done, null=True, blank=True, related_name="obligations"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    starts_on = models.DateField("counted from")
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["ended_on", "due_on", "id"], name="obligation_next"),
            models.Index(fields=["state", "due_on", "id"], name="obligation_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "kind"],
                condition=Q(issue__isnull=False),
                name="obligation_of_issue_once",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(issue__isnull=True),
                name="obligation_of_case_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["authorize", "reimburse"], issue__isnull=False)
                | Q(kind__in=["notify", "appeal"], issue__isnull=True),
                name="obligation_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False, ended_on__isnull=False)
                | Q(state="withdrawn", done_on__isnull=True, ended_on__isnull=False)
                | Q(state__in=["open", "paused"], done_on__isnull=True, ended_on__isnull=True),
                name="obligation_state_fits",
            ),
        ]

    def __str__(self) -> str:
        where = f"{self.case}, issue {self.issue.position}" if self.issue else str(self.case)
        return f"{self.get_kind_display()}: {where}"

    def get_absolute_url(self) -> str:
        return reverse("obligation", args=[self.pk])

    @property
    def is_window(self) -> bool:
        """It only closes: nobody has to do anything by its day."""
        return self.kind == self.Kind.APPEAL

    @property
    def is_overdue(self) -> bool:
        return (
            self.state == self.State.OPEN
            and not self.is_window
            and self.due_on < timezone.localdate()
        )

    @property
    def has_closed(self) -> bool:
        """The appeal window, after its last day."""
        return self.is_window and self.due_on < timezone.localdate()

    @property
    def last_pause(self) -> ObligationPause | None:
        return max(self.pauses.all(), key=lambda one: (one.start, one.pk), default=None)

    @property
    def was_late(self) -> bool:
        return self.done_on is not None and self.done_on > self.due_on


class ObligationPause(models.Model):
    """A time in which a deadline does not run."""

    class Reason(models.TextChoices):
        APPEAL = "appeal", "Appeal filed"
        LIABILITY = "liability", "Liability disputed"
        OTHER = "other", "Other"

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.TextField(blank=True)
    start = models.DateField("paused on")
    end = models.DateField("runs again from", null=True, blank=True)

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(end__isnull=True), name="obligation_paused_once"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")),
                name="obligation_pause_order",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["appeal", "liability", "other"]),
                name="obligation_pause_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation}: {self.get_reason_display()}"


class ObligationEvent(models.Model):
    """What befell an obligation. Only ever added; the name stays when the account is deleted."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        MOVED = "moved", "Deadline changed"
        DONE = "done", "Done"
        UNDONE = "undone", "Not done after all"
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Runs again"
        WITHDRAWN = "withdrawn", "No longer due"
        REOPENED = "reopened", "Due again"
        EVIDENCE = "evidence", "Evidence attached"

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True, help_text="As it was due then.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["obligation", "pk"]

    def __str__(self) -> str:
        return f"{self.obligation}: {self.get_kind_display()}"


class Evidence(models.Model):
    """A file that shows what was done, kept in the database with its event (docs/decisions)."""

    event = models.ForeignKey(ObligationEvent, models.CASCADE, related_name="evidence")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.name

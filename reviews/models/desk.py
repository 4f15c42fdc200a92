"""Memos of the desk: what a draft asks for, how IMR decided it before, and what became of it.
Written by `reviews.desk.keeping` and `reviews.desk.joining` only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Case, Issue


class MemoQuerySet(models.QuerySet):
    def made(self) -> MemoQuerySet:
        return self.filter(made_at__isnull=False)


class Memo(models.Model):
    """One draft on the desk. Until `made_at` its requests are being mended, by who took it in.

    `findings` and the outcomes of its requests are frozen as of that day. It is part of no case;
    `case` is the one that it was joined to, once its letter arrived.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "Pasted text"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word document"

    kind = models.CharField(max_length=4, choices=Kind, default=Kind.TEXT)
    file_name = models.CharField(max_length=200, blank=True)
    text = models.TextField("text of the draft")
    claim_number = models.CharField(max_length=60, blank=True, db_index=True)
    findings = models.JSONField(default=dict, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="memos"
    )
    made_by_name = models.CharField(max_length=150, blank=True)
    taken_at = models.DateTimeField("taken in", auto_now_add=True)
    made_at = models.DateTimeField("made", null=True, blank=True)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="memos")
    joined_at = models.DateTimeField("joined", null=True, blank=True)
    # None where the claim number joined it.
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Made up by the form, so that one that is sent again makes one memo.
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = MemoQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="memo_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["text", "pdf", "docx"]), name="memo_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(made_at__isnull=False, joined_at__isnull=False),
                name="memo_joined_when_made",
            ),
        ]

    def __str__(self) -> str:
        return f"Memo {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("memo" if self.made_at else "memo-requests", args=[self.pk])


class MemoRequest(models.Model):
    """A treatment request of a draft.

    `outcome` is how similar issues were decided (`reviews.desk.outcome`), as of the day of the
    memo; `similar_overturned` of `similar_decided` is the rate that it gave. `issue` is the one
    that IMR made of it, once the memo is joined.
    """

    memo = models.ForeignKey(Memo, models.CASCADE, related_name="requests")
    position = models.PositiveIntegerField()
    text = models.TextField("request")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    said = models.CharField("outcome in the draft", max_length=10, blank=True)
    left_out = models.BooleanField(default=False)
    similar_decided = models.PositiveIntegerField(default=0)
    similar_overturned = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(default=dict, blank=True, editable=False)
    issue = models.ForeignKey(
        Issue, models.SET_NULL, null=True, blank=True, related_name="memo_requests"
    )

    class Meta:
        ordering = ["memo", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["memo", "position"], name="memo_request_position_unique"
            ),
            models.CheckConstraint(
                condition=Q(similar_overturned__lte=F("similar_decided")),
                name="memo_request_rate_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"

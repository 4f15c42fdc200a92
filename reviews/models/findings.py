"""What closed reviews found where IMR overturned, and the packets in which UR hears of it. Written
by `reviews.findings` only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models import Issue
from reviews.models.reviews import Review


class Packet(models.Model):
    """Findings for one unit or vendor. What it says is frozen once it was sent."""

    class To(models.TextChoices):
        VENDOR = "vendor", "UR vendor"
        UNIT = "unit", "Unit"
        ADMINISTRATOR = "administrator", "Claims administrator"

    to_kind = models.CharField("to a", max_length=16, choices=To, default=To.VENDOR)
    to_name = models.CharField("recipient", max_length=200)
    email = models.EmailField("e-mail of the recipient", blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=150, blank=True)
    # Who wrote it down; None where the recipient did by the link in the mail.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_kind__in=["vendor", "unit", "administrator"]),
                name="packet_recipient_known",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True) | Q(sent_at__isnull=False),
                name="packet_acknowledged_once_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"packet {self.pk} to {self.to_name}"

    def get_absolute_url(self) -> str:
        return reverse("packet", args=[self.pk])

    @property
    def state(self) -> str:
        if self.acknowledged_on:
            return "Acknowledged"
        return "Sent" if self.sent_at else "Not sent yet"


def protect_sent(collector: Any, field: Any, rows: Any, using: str) -> None:
    """With its issue goes a finding that nobody was told of; any goes with the whole case."""
    if sent := rows.filter(packet__isnull=False):
        models.RESTRICT(collector, field, sent, using)
    models.CASCADE(collector, field, rows.filter(packet=None), using)


class Finding(models.Model):
    """An issue whose denial was overturned, as its closed review has it."""

    issue = models.OneToOneField(Issue, protect_sent, related_name="finding")
    review = models.ForeignKey(Review, models.CASCADE, related_name="findings")
    packet = models.ForeignKey(
        Packet, models.PROTECT, null=True, blank=True, related_name="findings"
    )
    # As they are written on pages: "MTUS Low Back Complaints 2004, Imaging".
    claims_citations = models.JSONField(default=list, blank=True)
    maximus_citations = models.JSONField(default=list, blank=True)
    # The names by which what UR cited is counted; [] where it cited nothing.
    guidelines = models.JSONField(default=list, blank=True)
    labels = models.JSONField(default=list, blank=True, help_text="Slugs of labels.")
    # [{"words", "label", "comment"}] of annotations that stand.
    quotes = models.JSONField(default=list, blank=True)
    # [{"who", "opinion", "reason"}]; of a settled issue the settlement alone.
    verdicts = models.JSONField(default=list, blank=True)
    found_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-found_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.issue.case}, issue {self.issue.position}"

"""What staff know of a case and its letter does not say. Written by
`cases.corrections.claim_facts`."""

from __future__ import annotations

from django.db import models

from cases.models.cases import Case


class ClaimFacts(models.Model):
    """The claim that a case belongs to, and when its determination was received.

    Nothing here is ever read from a letter or guessed. Cases stored before this was kept have no
    row.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="claim_facts")
    claim_number = models.CharField(max_length=60, blank=True, db_index=True)
    claims_administrator = models.CharField(max_length=200, blank=True)
    claims_unit = models.CharField("unit of the claims administrator", max_length=120, blank=True)
    requesting_physician = models.CharField(max_length=200, blank=True)
    ur_vendor = models.CharField("UR vendor", max_length=200, blank=True)
    # Deadlines count from this day. Until somebody confirms it, it is the day of the upload.
    received_on = models.DateField("determination received on", null=True, blank=True)
    received_assumed = models.BooleanField("receipt date is assumed", default=True)
    with_obligations = models.BooleanField(
        "deadlines are kept", default=True, help_text="Not for letters that were long dealt with."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "claim facts"

    def __str__(self) -> str:
        return f"{self.case}: {self.claim_number or 'no claim number'}"

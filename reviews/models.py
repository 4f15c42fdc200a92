"""What people add to cases. Written by `reviews.annotate` only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models import Case, Issue


class Annotation(models.Model):
    """A comment on some words of a case.

    `start` and `end` count Unicode code points in the stored text of the field; quote, prefix
    and suffix (W3C TextQuoteSelector) find the words again when that text is corrected.
    """

    class Target(models.TextChoices):
        RATIONALE = "rationale", "Rationale"
        CLINICAL_SUMMARY = "clinical_summary", "Clinical case summary"

    case = models.ForeignKey(Case, models.PROTECT, related_name="annotations")
    issue = models.ForeignKey(
        Issue, models.PROTECT, related_name="annotations", null=True, blank=True
    )
    target = models.CharField(max_length=20, choices=Target, default=Target.RATIONALE)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    comment = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="annotations")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["case", "issue", "start", "end", "pk"]
        indexes = [models.Index(fields=["author", "-updated_at"], name="annotation_author")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="annotation_not_empty"),
            models.CheckConstraint(
                condition=Q(target="rationale", issue__isnull=False)
                | Q(target="clinical_summary", issue__isnull=True),
                name="annotation_target_known",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.quote[:60]}”: {self.comment[:60]}"

"""Who changed what in a case, when, from what to what, and why. `corrections.history` writes it."""

from django.conf import settings
from django.db import models


class Revision(models.Model):
    """One save: by a person, or by the program when a letter was read again (`who` is then null).

    The name stays when the account is deleted.
    """

    class Origin(models.TextChoices):
        CORRECTION = "correction", "Corrected"
        BULK = "bulk", "Corrected in many cases at once"
        IMPORT = "import", "Imported from CSV"
        RESTORE = "restore", "Restored"
        READING = "reading", "Read again"
        ANNOTATION = "annotation", "Annotated"
        CLAIM = "claim", "Claim facts entered"

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="revisions")
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    who_name = models.CharField("who", max_length=150, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    why = models.TextField(blank=True)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.CORRECTION)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["case", "-id"], name="revision_case")]

    def __str__(self) -> str:
        return f"{self.case}, {self.get_origin_display().lower()} by {self.who_name or 'us'}"


class Change(models.Model):
    """One value, before and after. `place` and `field` are those of `cases.corrections.snapshot`.

    A row that was added or removed has no field: its values stand together in one of the two.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="changes")
    place = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.place} {self.field}".strip()

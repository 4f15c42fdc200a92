"""What is kept about the taking in of documents: batches, histories, readings to decide on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class DocumentEvent(models.Model):
    """One thing that befell a document. Only ever added, so that no reason is forgotten."""

    class Kind(models.TextChoices):
        READ = "read", "Read"
        FAILED = "failed", "Could not be read"
        BROKE_OFF = "broke_off", "Reading stopped"
        RETRIED = "retried", "Tried again"
        CANCELLED = "cancelled", "Canceled"
        REPARSED = "reparsed", "Parsed again"
        BY_HAND = "by_hand", "Entered manually"

    document = models.ForeignKey("cases.Document", models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["document", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "read",
                        "failed",
                        "broke_off",
                        "retried",
                        "cancelled",
                        "reparsed",
                        "by_hand",
                    ]
                ),
                name="document_event_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.message}" if self.message else self.kind


class Batch(models.Model):
    """Files taken in together: one upload, one run of `manage.py ingest`, one look at a folder, one
    message of the mailbox."""

    class Origin(models.TextChoices):
        UPLOAD = "upload", "Upload"
        COMMAND = "command", "manage.py ingest"
        WATCH = "watch", "Watched folder"
        MAIL = "mail", "Mailbox"

    origin = models.CharField(max_length=16, choices=Origin)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="batches"
    )
    bulk = models.BooleanField(db_default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # Told at the upload, for each letter of it; null where the day of the upload is assumed.
    received_on = models.DateField("determinations received on", null=True, blank=True)
    # Of a message: its day, which is assumed in place of the day of the upload.
    assumed_on = models.DateField(null=True, blank=True, editable=False)
    without_obligations = models.BooleanField(
        "old letters: keep no deadlines", default=False, db_default=False
    )
    claim_facts = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="Fields of ClaimFacts."
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=["upload", "command", "watch", "mail"]),
                name="batch_origin_known",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])


class BatchLine(models.Model):
    """One file of a batch: the document it became, the archive it is, or why it was refused."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    name = models.CharField(max_length=500)
    document = models.ForeignKey(
        "cases.Document", models.PROTECT, null=True, blank=True, related_name="batch_lines"
    )
    duplicate = models.BooleanField(default=False)
    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)
    # Of a line that is an archive: its file, until all members have lines of their own.
    archive = models.CharField(max_length=64, blank=True)
    unpacked_at = models.DateTimeField(null=True, blank=True)
    # When this file's letters were received, where that is another day than the batch's.
    received_on = models.DateField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Of a member: its archive's line and its number there, so that unpacking may start over.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="members"
    )
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["batch", "pk"]
        indexes = [
            models.Index(
                fields=["archive"],
                condition=~Q(archive="") & Q(unpacked_at=None, problem=""),
                name="batch_line_to_unpack",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "number"],
                condition=Q(parent__isnull=False),
                name="batch_member_unique",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(problem="") | ~Q(archive=""),
                name="batch_line_tells_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MailboxMessage(models.Model):
    """A message of the mailbox that was taken in, or is being: `done_at` is set once its files are
    stored, and only then is it marked in the mailbox.

    It is known again by where it lies (mailbox, UIDVALIDITY, UID), and wherever it lies by `key`,
    which follows from its Message-ID and its files. Written by `cases.intake.mailbox` only.
    """

    mailbox = models.CharField(max_length=64)
    validity = models.BigIntegerField("UIDVALIDITY")
    uid = models.BigIntegerField("UID")
    key = models.CharField(max_length=64)
    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, blank=True, related_name="mailbox_messages"
    )
    seen_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["mailbox", "validity", "uid"], name="mailbox_message_place"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "key"], name="mailbox_message_once"),
        ]

    def __str__(self) -> str:
        return f"message {self.uid}"


class Proposal(models.Model):
    """A reading that would change a case: what it changes, and what became of it.

    A re-parse is applied at once and kept here as history, unless it would lose what people
    added; another file with a known case number always waits for a person.
    """

    class Kind(models.TextChoices):
        VERSION = "version", "Another version"
        REPARSE = "reparse", "Parsed again"

    class State(models.TextChoices):
        OPEN = "open", "To decide"
        ACCEPTED = "accepted", "Accepted"
        APPLIED = "applied", "Applied"
        KEPT = "kept", "Kept as it was"
        REPLACED = "replaced", "Replaced by a later reading"

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="proposals")
    reading = models.ForeignKey("cases.Reading", models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    # As it was applied: [{"where", "was", "now", "what"}]; of an open one it is worked out anew.
    changes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["case"], condition=Q(state="open"), name="proposal_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reading"], condition=Q(state="open"), name="proposal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["version", "reparse"]), name="proposal_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "applied", "kept", "replaced"]),
                name="proposal_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.case}"

    def get_absolute_url(self) -> str:
        return reverse("proposal", args=[self.pk])

"""Uploaded files, the text of their pages, and what a parser read from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.letters import VERSION
from cases.models.lookups import HEX

# In place of a parser's version: the letter was made up (cases.synthetic) and has no file.
MADE_UP = "made-up"
# Failures that lie in the file itself: the same version of the parser would only repeat them.
FAULTS_OF_THE_FILE = (
    "not-a-pdf",
    "encrypted",
    "damaged",
    "too-large",
    "too-many-pages",
    "no-determination",
)


class Document(models.Model):
    """One uploaded file, known by its bytes. Only `cases.intake.states` changes its status."""

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        QUEUED = "queued", "Queued"
        READING = "reading", "Reading"
        PARSED = "parsed", "Parsed"
        FAILED = "failed", "Failed"
        NEEDS_OCR = "needs_ocr", "Needs OCR"

    ENDED = (Status.PARSED, Status.FAILED, Status.NEEDS_OCR)
    UNFINISHED = (Status.RECEIVED, Status.QUEUED, Status.READING)
    UNREADABLE = (Status.FAILED, Status.NEEDS_OCR)

    sha256 = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    name = models.CharField("file name", max_length=255)
    size = models.PositiveBigIntegerField("bytes")
    pages = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.RECEIVED)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="documents",
    )
    parser_version = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_by_ocr = models.BooleanField("read by OCR", default=False)
    # Its messages wait behind those of people's letters (cases.intake.messages).
    bulk = models.BooleanField("loaded in bulk", db_default=False, editable=False)
    ocr_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    received_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Who reads it now and until when that holds; a lease that ran out is anybody's.
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-received_at"], name="document_status"),
            models.Index(fields=["-received_at", "-id"], name="document_newest"),
            models.Index(fields=["error_code", "-received_at", "-id"], name="document_error"),
            models.Index(fields=["read_by_ocr", "-received_at", "-id"], name="document_ocr"),
            models.Index(
                fields=["bulk", "status", "received_at"],
                condition=Q(status__in=["received", "queued", "reading", "needs_ocr"]),
                name="document_waiting",
            ),
            models.Index(fields=["-finished_at", "bulk", "read_by_ocr"], name="document_finished"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["received", "queued", "reading", "parsed", "failed", "needs_ocr"]
                ),
                name="document_status_known",
            ),
            models.CheckConstraint(condition=Q(sha256__glob=HEX * 64), name="document_sha256_hex"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        return self.status in self.ENDED

    @property
    def can_retry(self) -> bool:
        """Whether reading it again may end otherwise than it did; `retry_helps` for one."""
        return self.status in self.UNREADABLE and not (
            self.error_code in FAULTS_OF_THE_FILE and self.parser_version in ("", VERSION)
        )

    @property
    def is_made_up(self) -> bool:
        return self.parser_version == MADE_UP


def retry_helps(path: str = "") -> Q:
    """The condition `Document.can_retry`; `path` leads to the document, as "document__"."""
    hopeless = {
        f"{path}error_code__in": FAULTS_OF_THE_FILE,
        f"{path}parser_version__in": ("", VERSION),
    }
    return Q(**{f"{path}status__in": Document.UNREADABLE}) & ~Q(**hopeless)


class DocumentPage(models.Model):
    """The text of one page as it was read; spans of fields and citations count in it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="page_set")
    number = models.PositiveIntegerField()
    width = models.FloatField("width in points")
    height = models.FloatField("height in points")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="page_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.document} page {self.number}"


class ReadingQuerySet(models.QuerySet):
    def current(self) -> "ReadingQuerySet":
        return self.filter(superseded=False)


class Reading(models.Model):
    """One letter as one parser version read it from one document, never edited.

    A case starts as a copy of a reading; where they differ later, a person corrected the case.
    `record` has the form of cases.letters.record.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="readings")
    position = models.PositiveIntegerField(help_text="Which letter of the document, from 1.")
    parser_version = models.CharField(max_length=40)
    case_number = models.CharField(max_length=12, blank=True, db_index=True)
    record = models.JSONField()
    read_at = models.DateTimeField(auto_now_add=True)
    # A later reading of the same document stands in its place.
    superseded = models.BooleanField(default=False, editable=False)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"],
                condition=Q(superseded=False),
                name="reading_current_unique",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="reading_position_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.case_number or 'letter'} in {self.document}"

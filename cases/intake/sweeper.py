"""What the broker or a dead worker has lost is found in the database and hinted at anew.

Runs every few seconds. Rows only move by conditional updates, so it may run twice at once.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases.files import storage
from cases.intake import batches, ocr
from cases.intake.pipeline import (
    MOST_ATTEMPTS,
    MOST_OCR_ATTEMPTS,
    Kind,
    Status,
    ended,
    give_hint,
    give_ocr_hint,
    lease_is_over,
    tell,
)
from cases.intake.workers import messages_waiting
from cases.letters.model import ReadError
from cases.models import Document

MOST_HINTS = 1000
JUST_NOW = timedelta(seconds=15)
LONG_AGO = timedelta(minutes=30)

GAVE_UP = ReadError(
    "damaged",
    f"Reading this PDF broke off {MOST_ATTEMPTS} times. Save it anew from a PDF viewer and upload"
    " that, or try once more.",
)
BROKE_OFF = ReadError(
    "broke-off", "The worker that was reading it stopped. It waits to be read again."
)


def sweep() -> int:
    """Gives a new hint for each document whose hint or worker was lost; how many there were."""
    for document in Document.objects.filter(lease_is_over(), status=Status.READING):
        take_back(document)
    found_again()
    waiting = Document.objects.filter(status=Status.RECEIVED).order_by("pk")
    hints = list(waiting.values_list("pk", flat=True)[:MOST_HINTS])
    for pk in hints:
        give_hint(pk)
    hint_at_scans()
    batches.hint_at_archives()
    storage.clear_stale()
    batches.clear_unnamed()
    return len(hints)


def hint_at_scans() -> None:
    """Only when their queue is empty: text recognition takes long, and more hints add nothing."""
    scans = Document.objects.filter(
        status=Status.NEEDS_OCR, ocr_attempts__lt=MOST_OCR_ATTEMPTS, attempts__lt=MOST_ATTEMPTS
    ).values_list("pk", flat=True)[:MOST_HINTS]
    if ocr.is_available() and scans and messages_waiting("ocr") == 0:
        for pk in scans:
            give_ocr_hint(pk)


def take_back(document: Document) -> None:
    """From a worker that gave no sign of life: to the start, or given up after too many of them."""
    held = Document.objects.filter(
        lease_is_over(),
        pk=document.pk,
        status=Status.READING,
        lease_token=document.lease_token,
    )
    over = document.attempts >= MOST_ATTEMPTS
    gave_cases = document.cases.exists()
    with transaction.atomic():
        if over:
            values = ended(Status.PARSED if gave_cases else Status.FAILED, GAVE_UP)
        else:
            values = {
                "status": Status.RECEIVED,
                "queued_at": None,
                "lease_token": "",
                "lease_until": None,
            }
        if held.update(**values):
            tell(
                document.pk, Kind.FAILED if over else Kind.BROKE_OFF, GAVE_UP if over else BROKE_OFF
            )


def found_again() -> None:
    """Documents that count as queued while the broker knows of none: their hints were lost."""
    now = timezone.now()
    after = JUST_NOW if messages_waiting("celery") == 0 else LONG_AGO
    queued = Document.objects.filter(status=Status.QUEUED)
    queued.filter(
        # A time to come: the clock was set back.
        Q(queued_at__lt=now - after) | Q(queued_at__gt=now + JUST_NOW) | Q(queued_at=None)
    ).update(status=Status.RECEIVED, queued_at=None)

"""What the broker or a dead worker has lost is found in the database and hinted at anew.

Runs every few seconds. Rows only move by conditional updates, so it may run twice at once.
"""

from __future__ import annotations

from datetime import timedelta

from cases.files import storage
from cases.intake import batches, ocr
from cases.intake.pipeline import give_hint, give_ocr_hint
from cases.intake.states import (
    MOST_ATTEMPTS,
    MOST_OCR_ATTEMPTS,
    Status,
    lease_is_over,
    leave_queue_after,
    take_back,
)
from cases.intake.workers import messages_waiting
from cases.models import Document

MOST_HINTS = 1000
JUST_NOW = timedelta(seconds=15)
LONG_AGO = timedelta(minutes=30)


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


def found_again() -> None:
    """Documents that count as queued while the broker knows of none: their hints were lost."""
    leave_queue_after(JUST_NOW if messages_waiting("celery") == 0 else LONG_AGO)

"""Finds documents whose message or worker was lost, and sends their messages again.

Runs every few seconds. Rows only move by conditional updates, so it may run twice at once.
"""

from __future__ import annotations

from datetime import timedelta

from cases.files import storage
from cases.intake import batches, ocr
from cases.intake.messages import Queue
from cases.intake.pipeline import notify_ocr_workers, notify_workers
from cases.intake.states import (
    MAX_ATTEMPTS,
    MAX_OCR_ATTEMPTS,
    Status,
    lease_is_over,
    leave_queue_after,
    reclaim_document,
)
from cases.intake.workers import queue_length
from cases.models import Document

MAX_MESSAGES = 1000
JUST_NOW = timedelta(seconds=15)
LONG_AGO = timedelta(minutes=30)


def sweep() -> int:
    """Sends a message for each waiting document; returns how many there were."""
    for document in Document.objects.filter(lease_is_over(), status=Status.READING):
        reclaim_document(document)
    reset_lost_messages()
    waiting = Document.objects.filter(status=Status.RECEIVED).order_by("bulk", "pk")
    hints = list(waiting.values_list("pk", "bulk")[:MAX_MESSAGES])
    for pk, bulk in hints:
        notify_workers(pk, bulk=bulk)
    notify_about_scans()
    batches.notify_about_archives()
    storage.clear_stale()
    batches.clear_unreferenced()
    return len(hints)


def notify_about_scans() -> None:
    """Only when their queue is empty: OCR takes long, and more messages add nothing."""
    scans = (
        Document.objects.filter(
            status=Status.NEEDS_OCR, ocr_attempts__lt=MAX_OCR_ATTEMPTS, attempts__lt=MAX_ATTEMPTS
        )
        .order_by("bulk", "pk")
        .values_list("pk", "bulk")[:MAX_MESSAGES]
    )
    if ocr.has_workers() and scans and queue_length(Queue.OCR) == 0:
        for pk, bulk in scans:
            notify_ocr_workers(pk, bulk=bulk)


def reset_lost_messages() -> None:
    """Resets documents that are queued while the broker has no message: these were lost."""
    for queue in (Queue.LETTERS, Queue.BULK):
        age = JUST_NOW if queue_length(queue) == 0 else LONG_AGO
        leave_queue_after(age, bulk=queue == Queue.BULK)

"""The states of documents: received → queued → reading → parsed | failed | needs OCR.

The only writer of the status of a stored document, and of the lease under which a worker reads it.
Each step is one conditional UPDATE whose row count tells whether this process took it, so a task
that comes twice or late changes nothing. Nothing here sends messages: see `cases.intake.pipeline`.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cases.letters.model import ReadError
from cases.models import Document, DocumentEvent

logger = logging.getLogger(__name__)
Status = Document.Status
Kind = DocumentEvent.Kind

# Workers that die are far more often the cause than the document, whose own crashes cost a child.
MAX_ATTEMPTS = 5
MAX_OCR_ATTEMPTS = 2
HEARTBEATS_PER_LEASE = 4
CLOCK_TOLERANCE = timedelta(seconds=15)

CANCELLED = ReadError("cancelled", "Canceled before it was read. Try again to have it read.")
GAVE_UP = ReadError(
    "damaged",
    f"Reading this PDF failed {MAX_ATTEMPTS} times. Save it again from a PDF viewer and upload"
    " that, or try once more.",
)
INTERRUPTED = ReadError(
    "broke-off", "The worker that was reading it stopped. It will be read again."
)
START = {
    "status": Status.RECEIVED,
    "error_code": "",
    "error_message": "",
    "attempts": 0,
    "ocr_attempts": 0,
    "queued_at": None,
    "started_at": None,
    "finished_at": None,
}


class LeaseLost(Exception):
    """Another worker has taken the document over."""


def ended_fields(status: str, error: ReadError | None) -> dict[str, Any]:
    """The fields of a document that ends in a status."""
    return {
        "status": status,
        "error_code": error.code if error else "",
        "error_message": error.message if error else "",
        "finished_at": timezone.now(),
        "lease_token": "",
        "lease_until": None,
    }


def record_event(
    document_id: int, kind: str, error: ReadError | None = None, by: User | None = None
) -> None:
    """Adds to the document's history."""
    DocumentEvent.objects.create(
        document_id=document_id,
        kind=kind,
        code=error.code if error else "",
        message=error.message if error else "",
        by=by if by and by.pk else None,
    )


# -- queue -------------------------------------------------------------------------------------


def queued_fields() -> dict[str, Any]:
    """The fields of a document for which a message is sent."""
    return {"status": Status.QUEUED, "queued_at": timezone.now()}


def mark_queued(document_id: int) -> bool:
    received = Document.objects.filter(pk=document_id, status=Status.RECEIVED)
    return bool(received.update(**queued_fields()))


def leave_queue(*document_ids: int) -> None:
    queued = Document.objects.filter(pk__in=document_ids, status=Status.QUEUED)
    queued.update(status=Status.RECEIVED, queued_at=None)


def leave_queue_after(age: timedelta, *, bulk: bool) -> None:
    """Documents queued for longer, or at a time to come, since the clock was set back."""
    now = timezone.now()
    queued = Document.objects.filter(status=Status.QUEUED, bulk=bulk)
    queued.filter(
        Q(queued_at__lt=now - age) | Q(queued_at__gt=now + CLOCK_TOLERANCE) | Q(queued_at=None)
    ).update(status=Status.RECEIVED, queued_at=None)


# -- leases ------------------------------------------------------------------------------------


def lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.IMR_LEASE_SECONDS)


def lease_is_over() -> Q:
    """No beat for a lease's time; or it ends later than any can, since the clock was set back."""
    now = timezone.now()
    longest = timedelta(seconds=2 * settings.IMR_LEASE_SECONDS)
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + longest) | Q(lease_until=None)


def claim(document_id: int, of: Iterable[str] = (Status.RECEIVED, Status.QUEUED)) -> str | None:
    """Takes a document for reading; gives the lease's token, or None if it isn't to be had."""
    token = secrets.token_hex(16)
    free = Q(status__in=of) | Q(lease_is_over(), status=Status.READING)
    taken = Document.objects.filter(free, pk=document_id, attempts__lt=MAX_ATTEMPTS).update(
        status=Status.READING,
        started_at=timezone.now(),
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=lease_end(),
    )
    return token if taken else None


def claim_for_ocr(document_id: int) -> str | None:
    """The same for the recognition of text, whose attempts are counted on their own."""
    waiting = Document.objects.filter(
        pk=document_id, status=Status.NEEDS_OCR, ocr_attempts__lt=MAX_OCR_ATTEMPTS
    )
    if not waiting.update(ocr_attempts=F("ocr_attempts") + 1):
        return None
    return claim(document_id, of=[Status.NEEDS_OCR])


def leased_document(document_id: int, token: str) -> QuerySet[Document]:
    return Document.objects.filter(pk=document_id, status=Status.READING, lease_token=token)


def heartbeat(document_id: int, token: str) -> Callable[[], None]:
    """What the worker calls while it waits for the reading: it renews the lease now and then.

    The renewing call raises LeaseLost when the document is another's meanwhile.
    """
    every = settings.IMR_LEASE_SECONDS / HEARTBEATS_PER_LEASE
    due = time.monotonic() + every

    def beat() -> None:
        nonlocal due
        if time.monotonic() < due:
            return
        due = time.monotonic() + every
        try:
            if not leased_document(document_id, token).update(lease_until=lease_end()):
                raise LeaseLost
        except DatabaseError:  # locked for a while; the lease has room for some missed beats
            logger.warning("The lease of document %s could not be renewed", document_id)

    return beat


def give_back(document_id: int, token: str, *, to_ocr: bool) -> bool:
    """Ends a reading that the worker broke off, as if it had not begun; False if it is over."""
    fields: dict[str, Any] = {
        "status": Status.NEEDS_OCR if to_ocr else Status.RECEIVED,
        "attempts": F("attempts") - 1,
        "lease_token": "",
        "lease_until": None,
    }
    fields |= {"ocr_attempts": F("ocr_attempts") - 1} if to_ocr else {"queued_at": None}
    with transaction.atomic():
        given = leased_document(document_id, token).update(**fields)
        if given:
            record_event(document_id, Kind.BROKE_OFF, INTERRUPTED)
    return bool(given)


def reclaim_document(document: Document) -> None:
    """Resets a document whose lease expired, or fails it after too many attempts."""
    unattended = leased_document(document.pk, document.lease_token).filter(lease_is_over())
    over = document.attempts >= MAX_ATTEMPTS
    gave_cases = document.cases.exists()
    with transaction.atomic():
        if over:
            values = ended_fields(Status.PARSED if gave_cases else Status.FAILED, GAVE_UP)
        else:
            values = {
                "status": Status.RECEIVED,
                "queued_at": None,
                "lease_token": "",
                "lease_until": None,
            }
        if unattended.update(**values):
            record_event(
                document.pk,
                Kind.FAILED if over else Kind.BROKE_OFF,
                GAVE_UP if over else INTERRUPTED,
            )


def was_read(document_id: int) -> bool:
    """Whether a reading or a manual entry of it has ever ended."""
    return Document.objects.filter(pk=document_id).exclude(parser_version="").exists()


# -- ends --------------------------------------------------------------------------------------


def status_after(error: ReadError | None, gave_cases: bool) -> str:
    """A document that has given a case stays parsed when a later reading of it fails."""
    if error is None or gave_cases:
        return Status.PARSED
    return Status.NEEDS_OCR if error.code == "no-text-layer" else Status.FAILED


def end_reading(
    document_id: int, token: str, status: str, error: ReadError | None, **fields: Any
) -> bool:
    """Ends a document and sets further fields of it; False if the lease is lost."""
    return bool(leased_document(document_id, token).update(**ended_fields(status, error), **fields))


def end_manually(document: Document, parser_version: str) -> bool:
    """Ends a document that could not be read as parsed; False if it has left that state."""
    unread = Document.objects.filter(pk=document.pk, status__in=Document.UNREADABLE)
    values = {**ended_fields(Status.PARSED, None), "parser_version": parser_version}
    return bool(unread.update(**values))


def cancel_document(document: Document, by: User | None = None) -> bool:
    """Ends a document that waits to be read for the first time; False if it doesn't."""
    waiting = Document.objects.filter(
        pk=document.pk, status__in=[Status.RECEIVED, Status.QUEUED], cases=None
    )
    with transaction.atomic():
        taken = waiting.update(**ended_fields(Status.FAILED, CANCELLED))
        if taken:
            record_event(document.pk, Kind.CANCELLED, by=by)
    return bool(taken)


def reset_document(
    document: Document, of: Iterable[str], kind: str, by: User | None = None, *, bulk: bool = False
) -> bool:
    """Puts a document in one of the states back to the start; False if it is in another."""
    if document.is_made_up:
        return False
    with transaction.atomic():
        taken = Document.objects.filter(pk=document.pk, status__in=of).update(**START, bulk=bulk)
        if taken:
            record_event(document.pk, kind, by=by)
    return bool(taken)

"""The way of a document: received → queued → reading → parsed | failed | needs OCR.

The only writer of documents' states. Each step is one conditional UPDATE whose row count tells
whether this process took it, so a task that comes twice or late changes nothing. The broker
carries hints; the database is the truth, and `sweep` gives a new hint where one was lost.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases import storage
from cases.letters import VERSION
from cases.letters.model import ReadError, Reading
from cases.letters.sandbox import Limits, Sandbox
from cases.models import Document
from cases.record_reading import record_reading

logger = logging.getLogger(__name__)
Status = Document.Status

MOST_ATTEMPTS = 3
HINT_LOST_AFTER = timedelta(seconds=30)
QUEUE_LOST_AFTER = timedelta(minutes=10)
LEASE_MARGIN = timedelta(seconds=60)

GAVE_UP = ReadError(
    "damaged",
    f"Reading this PDF broke off {MOST_ATTEMPTS} times. Save it anew from a PDF viewer and upload"
    " that, or try once more.",
)
OUR_FAULT = ReadError(
    "failed",
    "Something went wrong on our side while this letter was stored. Nothing is lost: try again,"
    " and tell your administrator if it fails again.",
)


@dataclass(frozen=True, slots=True)
class Received:
    document: Document
    duplicate: bool


def limits() -> Limits:
    return Limits(
        seconds=settings.IMR_PARSE_SECONDS,
        memory_mb=settings.IMR_PARSE_MEMORY_MB,
        max_pages=settings.IMR_MAX_PAGES,
        max_bytes=settings.IMR_MAX_UPLOAD_MB * storage.MB,
    )


def receive(chunks: Iterable[bytes], name: str, uploader=None) -> Received:
    """Stores a file and its Document; once this returns, the upload can't be lost.

    The same bytes give the document that is there already.

    Raises:
        storage.TooLarge: the file has more than IMR_MAX_UPLOAD_MB.
    """
    stored = storage.store(chunks)
    name = (name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "") or "unnamed.pdf")[-255:]
    try:
        with transaction.atomic():
            document, created = Document.objects.get_or_create(
                sha256=stored.sha256,
                defaults={"name": name, "size": stored.size, "uploader": uploader},
            )
            if created:
                transaction.on_commit(lambda: give_hint(document.pk))
    except IntegrityError:  # the same bytes were uploaded at the same moment
        document, created = Document.objects.get(sha256=stored.sha256), False
    return Received(document, not created)


def give_hint(document_id: int) -> None:
    """Tells the workers of a document. A broker that is down costs nothing: see `sweep`."""
    from cases.tasks import parse_document

    queued = Document.objects.filter(pk=document_id, status=Status.RECEIVED)
    if not queued.update(status=Status.QUEUED, queued_at=timezone.now()):
        return
    try:
        parse_document.apply_async((document_id,), retry=False)
    except OperationalError:
        logger.warning("No broker: document %s waits to be queued", document_id)
        Document.objects.filter(pk=document_id, status=Status.QUEUED).update(
            status=Status.RECEIVED, queued_at=None
        )


def retry(document: Document) -> bool:
    """Puts a document that ended without a letter back to the start; False if it isn't so."""
    ended = Document.objects.filter(pk=document.pk, status__in=[Status.FAILED, Status.NEEDS_OCR])
    with transaction.atomic():
        taken = ended.update(
            status=Status.RECEIVED,
            error_code="",
            error_message="",
            attempts=0,
            queued_at=None,
            started_at=None,
            finished_at=None,
        )
        if taken:
            transaction.on_commit(lambda: give_hint(document.pk))
    return bool(taken)


def claim(document_id: int) -> str | None:
    """Takes a document for reading; gives the lease's token, or None if it isn't to be had."""
    now, token = timezone.now(), secrets.token_hex(16)
    free = Q(status__in=[Status.RECEIVED, Status.QUEUED]) | Q(
        status=Status.READING, lease_until__lt=now
    )
    taken = Document.objects.filter(free, pk=document_id, attempts__lt=MOST_ATTEMPTS).update(
        status=Status.READING,
        started_at=now,
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=now + timedelta(seconds=settings.IMR_PARSE_SECONDS) + LEASE_MARGIN,
    )
    return token if taken else None


def read_document(document_id: int, sandbox: Sandbox) -> None:
    """Reads one document and stores what it says, unless another worker has it."""
    token = claim(document_id)
    if token is None:
        return
    document = Document.objects.get(pk=document_id)
    try:
        reading = sandbox.read(storage.path_of(document.sha256))
        finish(document, token, reading)
    except Exception:
        logger.exception("Document %s could not be stored", document_id)
        finish(document, token, Reading(error=OUR_FAULT))


def finish(document: Document, token: str, reading: Reading) -> None:
    """Stores a reading and ends the document, in one transaction, if the lease still holds."""
    error = reading.error
    status = Status.PARSED
    if error:
        status = Status.NEEDS_OCR if error.code == "no-text-layer" else Status.FAILED
    with transaction.atomic():
        held = Document.objects.filter(pk=document.pk, status=Status.READING, lease_token=token)
        ended = held.update(
            status=status,
            pages=reading.page_count,
            error_code=error.code if error else "",
            error_message=error.message if error else "",
            parser_version=VERSION,
            finished_at=timezone.now(),
            lease_token="",
            lease_until=None,
        )
        if ended and reading.pages:
            record_reading(document, reading)


def sweep() -> int:
    """Gives a new hint for each document whose hint or worker was lost; how many there were."""
    now = timezone.now()
    Document.objects.filter(
        status=Status.READING, lease_until__lt=now, attempts__gte=MOST_ATTEMPTS
    ).update(
        status=Status.FAILED,
        error_code=GAVE_UP.code,
        error_message=GAVE_UP.message,
        finished_at=now,
        lease_token="",
        lease_until=None,
    )
    lost = Document.objects.filter(
        Q(status=Status.READING, lease_until__lt=now)
        | Q(status=Status.QUEUED, queued_at__lt=now - QUEUE_LOST_AFTER)
    ).update(status=Status.RECEIVED, queued_at=None, lease_token="", lease_until=None)
    waiting = Document.objects.filter(status=Status.RECEIVED)
    if not lost:
        waiting = waiting.filter(received_at__lt=now - HINT_LOST_AFTER)
    hints = list(waiting.order_by("pk").values_list("pk", flat=True)[:1000])
    for pk in hints:
        give_hint(pk)
    return len(hints)

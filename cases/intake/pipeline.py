"""The way of a document from its upload to its reading; `cases.intake.states` keeps its status.

The workers hear of it by `cases.intake.messages`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from cases.files import bucket, storage
from cases.intake import messages, ocr, states
from cases.intake.messages import Task, send_task
from cases.intake.shortages import shortage_in
from cases.intake.states import (
    Kind,
    LeaseLost,
    Status,
    claim,
    claim_for_ocr,
    ended_fields,
    heartbeat,
    record_event,
    status_after,
)
from cases.intake.storing.store_reading import prepare_reading, store_reading
from cases.intake.workers import WorkerStops, stop_order
from cases.letters import VERSION
from cases.letters.model import ReadError, Reading
from cases.letters.reading.sandbox import Sandbox
from cases.letters.reading.unreadable import EMPTY, NOT_A_PDF
from cases.models import Batch, Document
from cases.search.documents import index_documents
from cases.signals import StageTimes, document_was_read

logger = logging.getLogger(__name__)
Beat = Callable[[], None]  # called now and then while a reading lasts
ReadingOf = Callable[[Beat, StageTimes], Reading]

OUR_FAULT = ReadError(
    "failed",
    "Something went wrong on our side while this letter was stored. Nothing is lost: try again,"
    " and tell your administrator if it fails again.",
)
FILE_MISSING = ReadError(
    "file-missing",
    "The file of this document is no longer in storage. Upload it again, then try again.",
)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    document: Document
    duplicate: bool


# -- receiving ---------------------------------------------------------------------------------


def receive_file(chunks: Iterable[bytes], name: str, uploader: User | None = None) -> ReceivedFile:
    """Stores a file and its Document; once this returns, the upload can't be lost.

    The same bytes give the document that is there already.

    Raises:
        storage.TooLarge: the file has more than IMR_MAX_UPLOAD_MB.
        storage.CannotStore: the disk is full or may not be written to.
    """
    return add_document(storage.store(chunks), name, uploader)


def add_document(
    stored: storage.Stored, name: str, uploader: User | None = None, *, bulk: bool = False
) -> ReceivedFile:
    """The Document of a stored file. One that begins like no PDF fails at once, and says so."""
    problem = validate_file(stored)
    fields = {"name": base_name(name), "size": stored.size, "uploader": uploader, "bulk": bulk}
    if problem:
        fields |= ended_fields(Status.FAILED, problem)
    try:
        with transaction.atomic():
            document, created = Document.objects.get_or_create(
                sha256=stored.sha256, defaults=fields
            )
            if created and problem:
                record_event(document.pk, Kind.FAILED, problem)
            elif created:
                transaction.on_commit(lambda: notify_workers(document.pk, bulk=bulk))
    except IntegrityError:  # the same bytes were uploaded at the same moment
        document, created = Document.objects.get(sha256=stored.sha256), False
    return ReceivedFile(document, not created)


def add_documents(
    files: Sequence[tuple[storage.Stored, str]],
    uploader: User | None = None,
    *,
    bulk: bool = False,
) -> list[ReceivedFile]:
    """`add_document` for many stored files with their names, in one transaction.

    Raises:
        IntegrityError: one of them was uploaded at the same moment; none was added.
    """
    with transaction.atomic():
        known = Document.objects.in_bulk([one.sha256 for one, _ in files], field_name="sha256")
        problems = {one.sha256: validate_file(one) for one, _ in files}
        new: dict[str, Document] = {}
        received = []
        for stored, name in files:
            document = known.get(stored.sha256) or new.get(stored.sha256)
            received.append((stored.sha256, document is not None))
            if document is None:
                problem = problems[stored.sha256]
                new[stored.sha256] = new_document(stored, name, uploader, problem, bulk=bulk)
        Document.objects.bulk_create(new.values())
        index_documents(new.values())
        for document in new.values():
            if problem := problems[document.sha256]:
                record_event(document.pk, Kind.FAILED, problem)
        waiting = [one.pk for one in new.values() if one.status == Status.QUEUED]
        transaction.on_commit(lambda: send_messages(waiting, bulk=bulk))
    documents = known | new
    return [ReceivedFile(documents[sha256], duplicate) for sha256, duplicate in received]


def new_document(
    stored: storage.Stored,
    name: str,
    uploader: User | None,
    problem: ReadError | None,
    *,
    bulk: bool,
) -> Document:
    document = Document(
        sha256=stored.sha256,
        name=base_name(name),
        size=stored.size,
        uploader=uploader,
        bulk=bulk,
    )
    fields: dict[str, Any] = {}
    if problem:
        fields = ended_fields(Status.FAILED, problem)
    elif not messages.is_paused():
        fields = states.queued_fields()
    for field, value in fields.items():
        setattr(document, field, value)
    return document


def validate_file(stored: storage.Stored) -> ReadError | None:
    if not stored.size:
        return EMPTY
    return None if b"%PDF-" in stored.head else NOT_A_PDF


def base_name(name: str) -> str:
    return (name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "") or "unnamed.pdf")[-255:]


# -- messages ----------------------------------------------------------------------------------


def notify_workers(document_id: int, *, bulk: bool = False) -> None:
    """Sends the document to the workers. If the broker is down, the sweeper sends it again."""
    if messages.is_paused():
        return
    if states.mark_queued(document_id):
        send_messages([document_id], bulk=bulk)


def send_messages(queued: Sequence[int], *, bulk: bool = False) -> None:
    """For documents that are in the queue already."""
    if unsent := messages.send_tasks(Task.PARSE_DOCUMENT, queued, bulk=bulk):
        states.leave_queue(*unsent)


def notify_ocr_workers(document_id: int, *, bulk: bool = False) -> None:
    if ocr.has_workers():
        send_task(Task.OCR_DOCUMENT, document_id, bulk=bulk)


# -- reading -----------------------------------------------------------------------------------


def read_document(document_id: int, sandbox: Sandbox) -> None:
    """Reads one document and stores what it says, unless another worker has it."""
    token = claim(document_id)
    if token is None:
        return
    document = Document.objects.get(pk=document_id)

    def read(beat: Beat, times: StageTimes) -> Reading:
        reading = sandbox.read(storage.readable_path(document.sha256), meanwhile=beat)
        times.end("read")
        return reading

    read_claimed(document, token, read)


def read_with_ocr(document_id: int, sandbox: Sandbox) -> None:
    """Has text recognised in a document of images, then reads that."""
    token = claim_for_ocr(document_id)
    if token is None:
        return
    document = Document.objects.get(pk=document_id)
    source, target = storage.path_of(document.sha256), storage.ocr_path_of(document.sha256)

    def read(beat: Beat, times: StageTimes) -> Reading:
        storage.is_available(source)
        try:
            ocr.add_text(source, target, seconds=settings.IMR_OCR_SECONDS, meanwhile=beat)
        except ocr.OcrFailed as problem:
            return Reading(error=ReadError("no-text-layer", str(problem)))
        finally:
            times.end("ocr")
        storage.copy_to_bucket(target, target)
        reading = sandbox.read(target, meanwhile=beat)
        times.end("read")
        if reading.error and reading.error.code == "no-text-layer":
            return replace(reading, error=ReadError("no-text-layer", ocr.NOTHING_RECOGNISED))
        return reading

    read_claimed(document, token, read, by_ocr=True)


def read_claimed(document: Document, token: str, read: ReadingOf, *, by_ocr: bool = False) -> None:
    """Ends a claimed document with what `read` gives, however that goes."""
    renew_lease = heartbeat(document.pk, token)
    times = StageTimes(document)

    def beat() -> None:
        stop_order.check(patience=0 if by_ocr else None)  # recognizing text takes minutes
        renew_lease()

    def end(reading: Reading) -> None:
        finish_reading(document, token, reading)
        times.end("store")
        document_was_read.send_robust(
            Document, document=document, seconds=times.seconds, error=reading.error
        )

    try:
        end(read(beat, times))
    except WorkerStops:
        give_document_back(document, token, to_ocr=by_ocr)
    except LeaseLost:
        logger.warning("Document %s was taken over by another worker", document.pk)
    except (bucket.BucketUnavailable, storage.CannotStore) as problem:
        end(Reading(error=ReadError("storage-unreachable", str(problem))))
    except FileNotFoundError:
        end(Reading(error=FILE_MISSING))
    except Exception as problem:
        logger.exception("Document %s could not be stored", document.pk)
        if shortage_in(problem):  # not the letter's fault: when the lease ends it is read again
            return
        end(Reading(error=OUR_FAULT))


def leave_for_others(document_id: int) -> None:
    """The message came to a worker that stops: the document waits for the next sweep."""
    states.leave_queue(document_id)


def give_document_back(document: Document, token: str, *, to_ocr: bool) -> None:
    """For another worker, since this one stops."""
    if not states.give_back(document.pk, token, to_ocr=to_ocr):
        return
    if to_ocr:
        notify_ocr_workers(document.pk, bulk=document.bulk)
    else:
        notify_workers(document.pk, bulk=document.bulk)


def finish_reading(document: Document, token: str, reading: Reading) -> None:
    """Stores a reading and ends the document, in one transaction, if the lease still holds.

    A document that has given a case stays parsed when a later reading of it fails: that is told
    in its history and on its page.
    """
    error = reading.error
    by_ocr = not error and storage.ocr_path_of(document.sha256).exists()
    # On SQLite nobody else writes during the transaction, so it is kept short.
    prepared = prepare_reading(reading) if not document.parser_version else None
    with transaction.atomic():
        is_first = not states.was_read(document.pk)
        gave_cases = not is_first and document.cases.exists()
        status = status_after(error, gave_cases)
        fields: dict[str, Any] = {}
        if not error or not gave_cases:
            fields = {
                "pages": reading.page_count,
                "parser_version": VERSION,
                "read_by_ocr": by_ocr,
            }
        if not states.end_reading(document.pk, token, status, error, **fields):
            return
        if reading.pages and not (error and gave_cases):
            store_reading(document, reading, prepared if is_first else None)
        record_event(document.pk, Kind.FAILED if error else Kind.READ, error)
        if status == Status.NEEDS_OCR:
            transaction.on_commit(lambda: notify_ocr_workers(document.pk, bulk=document.bulk))


# -- what people ask for -----------------------------------------------------------------------


def retry_document(document: Document, by: User | None = None, *, bulk: bool = False) -> bool:
    """Puts a document that ended without a letter back to the start; False if it isn't so."""
    return requeue(document, Document.UNREADABLE, Kind.RETRIED, by, bulk=bulk)


def reparse_document(
    document: Document, by: User | None = None, *, hint: bool = True, bulk: bool = False
) -> bool:
    """Has a document parsed again, whatever it gave before; False while it is under way.

    Without a hint it is the caller who reads it, in this process.
    """
    return requeue(document, Document.ENDED, Kind.REPARSED, by, hint=hint, bulk=bulk)


def reparse_documents(documents: Sequence[Document], by: User | None = None) -> int:
    """The same for documents that somebody chose; returns how many will be parsed again."""
    bulk = messages.is_bulk_load(Batch.Origin.UPLOAD, len(documents))
    return sum(reparse_document(document, by, bulk=bulk) for document in documents)


def requeue(
    document: Document,
    of: Iterable[str],
    kind: str,
    by: User | None,
    *,
    hint: bool = True,
    bulk: bool = False,
) -> bool:
    with transaction.atomic():
        taken = states.reset_document(document, of, kind, by, bulk=bulk)
        if taken and hint:
            transaction.on_commit(lambda: notify_workers(document.pk, bulk=bulk))
    return taken

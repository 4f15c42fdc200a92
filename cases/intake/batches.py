"""Batches: files imported together, each with a line that records the outcome.

A rejected file has a line too: it is shown, never dropped. An
archive is stored whole before its upload is acknowledged; workers unpack it, and may die at it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils import timezone

from cases.files import disk_space, storage
from cases.forms.claim import UploadFacts
from cases.intake import messages, pipeline, states
from cases.intake.archives import Limits, Source, is_archive, members, unpacked_bytes
from cases.intake.groups import TakenFile, add_group, discard, groups
from cases.intake.messages import Task, send_task
from cases.intake.sealing import Refusal, refusal_of, seal_member, seal_source
from cases.intake.states import lease_end, lease_is_over
from cases.intake.workers import stop_order
from cases.models import Batch, BatchLine, Document
from cases.models.documents import retry_helps

NOTHING_ENTERED = UploadFacts()
MAX_UNPACKING_ATTEMPTS = 5
SLICE_SECONDS = 4.0
Status = Document.Status

GAVE_UP = f"Unpacking it failed {MAX_UNPACKING_ATTEMPTS} times. Unpack it and upload the files."
CANCELLED = "Canceled before it was unpacked."


def start_batch(
    origin: str,
    uploader: User | None = None,
    *,
    files: int = 1,
    facts: UploadFacts = NOTHING_ENTERED,
) -> Batch:
    """`files` is how many are sent together; many of them wait behind other people's letters."""
    return Batch.objects.create(
        origin=origin,
        uploader=uploader,
        bulk=messages.is_bulk_load(origin, files, uploader),
        received_on=facts.received_on,
        without_obligations=facts.without_obligations,
        claim_facts=dict(facts.facts),
    )


def unpacking_limits() -> Limits:
    return Limits(settings.IMR_MAX_UPLOAD_MB, settings.IMR_MAX_UNPACKED_MB)


# -- adding files ------------------------------------------------------------------------------


def add_file(batch: Batch, source: Source, **line: Any) -> BatchLine:
    """Stores one file and records the outcome in a line of the batch."""
    sealed = seal_source(source)
    if isinstance(sealed, Refusal):
        return reject_file(batch, source.name, sealed.code, sealed.problem, **line)
    return add_sealed_file(batch, source.name, sealed, **line)


def add_sealed_file(batch: Batch, name: str, sealed: storage.Sealed, **line: Any) -> BatchLine:
    """The same for a file that is on the disk already."""
    stored = sealed.stored
    archive = is_archive(name, stored.head)
    if refusal := refusal_of(name, stored):
        sealed.path.unlink(missing_ok=True)
        return reject_file(batch, name, refusal.code, refusal.problem, **line)
    place = (storage.archive_path_of if archive else storage.path_of)(stored.sha256)
    try:
        with storage.marked_unreferenced(place):
            storage.put_in_place(sealed, place)
            if archive:
                return add_archive(batch, name, stored, **line)
            received = pipeline.add_document(stored, name, batch.uploader, bulk=batch.bulk)
    except storage.CannotStore as problem:
        return reject_file(batch, name, "not-stored", str(problem), **line)
    return batch.lines.create(
        name=name[-500:], document=received.document, duplicate=received.duplicate, **line
    )


def add_files(batch: Batch, sources: Iterable[Source]) -> Iterator[BatchLine]:
    """`add_file` for many, a group at a time; an archive among them is not opened."""
    for group in groups(TakenFile(source.name, seal_member(source)) for source in sources):
        yield from add_group(batch, group)


def clear_unreferenced() -> int:
    """Removes files that were stored and that no row names, since the rest broke off; how many.

    Raises:
        bucket.BucketUnavailable
    """
    count = 0
    for place in storage.unreferenced_files():
        if not is_file_referenced(place):
            storage.remove_file(place)
            count += 1
    return count


def is_file_referenced(place: Path) -> bool:
    sha256 = place.stem
    if place.suffix == ".zip":
        return archives_to_unpack().filter(archive=sha256).exists()
    return Document.objects.filter(sha256=sha256).exists()


def reject_file(batch: Batch, name: str, code: str, problem: str, **line: Any) -> BatchLine:
    return batch.lines.create(name=name[-500:], problem_code=code, problem=problem, **line)


def add_archive(batch: Batch, name: str, stored: storage.Stored, **fields: Any) -> BatchLine:
    with transaction.atomic():
        line = batch.lines.create(name=name[-500:], archive=stored.sha256, **fields)
        transaction.on_commit(lambda: notify_unpackers(line.pk))
    return line


# -- unpacking ---------------------------------------------------------------------------------


def notify_unpackers(line_id: int) -> None:
    send_task(Task.UNPACK_ARCHIVE, line_id)


def archives_to_unpack() -> QuerySet[BatchLine]:
    return BatchLine.objects.exclude(archive="").filter(unpacked_at=None, problem="")


def notify_about_archives() -> None:
    """For each archive that nobody unpacks."""
    for line in archives_to_unpack().filter(lease_is_over()):
        if line.attempts >= MAX_UNPACKING_ATTEMPTS:
            end_archive(line, "broke-off", GAVE_UP)
        else:
            notify_unpackers(line.pk)


def unpack_members(line_id: int) -> None:
    """Takes in an archive's members, those that have no line yet, unless another worker does.

    It goes on behind the letters that came meanwhile when it has taken SLICE_SECONDS.
    """
    token = secrets.token_hex(16)
    free = archives_to_unpack().filter(
        lease_is_over(), pk=line_id, attempts__lt=MAX_UNPACKING_ATTEMPTS
    )
    if not free.update(lease_token=token, lease_until=lease_end(), attempts=F("attempts") + 1):
        return
    line = BatchLine.objects.select_related("batch__uploader").get(pk=line_id)
    held = BatchLine.objects.filter(pk=line_id, lease_token=token)
    done = set(line.members.values_list("number", flat=True))
    path = storage.archive_path_of(line.archive)
    storage.is_available(path)
    if not done and (problem := disk_space.problem_for(unpacked_bytes(path))):
        end_archive(line, "not-stored", problem)
        return
    over_at = time.monotonic() + SLICE_SECONDS
    for group in groups(new_members(path, done)):
        if not held.filter(problem="").update(lease_until=lease_end()):
            discard(group)
            return  # taken over, or cancelled
        own = [one for one in group if one.name != path.name]
        add_members(line, own)
        if len(own) < len(group):  # the last one is about the archive itself
            refusal = group[-1].outcome
            assert isinstance(refusal, Refusal)
            end_archive(line, refusal.code, refusal.problem)
            return
        if time.monotonic() > over_at or stop_order.is_given:
            if held.update(lease_token="", lease_until=None, attempts=F("attempts") - 1):
                notify_unpackers(line_id)
            return
    if held.update(unpacked_at=timezone.now(), lease_token="", lease_until=None):
        drop_archive(line)


def new_members(path: Path, done: set[int]) -> Iterator[TakenFile]:
    for number, source in enumerate(members(path, unpacking_limits()), 1):
        if number not in done:
            yield TakenFile(source.name, seal_member(source), number)


def add_members(line: BatchLine, group: Sequence[TakenFile]) -> None:
    """A worker that was taken over goes on a moment: then the other has added the same group."""
    try:
        add_group(line.batch, group, line)
    except IntegrityError:
        numbers = [one.number for one in group]
        if line.members.filter(number__in=numbers).count() < len(group):
            raise


def end_archive(line: BatchLine, code: str, problem: str) -> None:
    archives_to_unpack().filter(pk=line.pk).update(
        problem_code=code, problem=problem, lease_token="", lease_until=None
    )
    drop_archive(line)


def drop_archive(line: BatchLine) -> None:
    if not archives_to_unpack().filter(archive=line.archive).exists():
        storage.remove_file(storage.archive_path_of(line.archive))


# -- what a batch has come to ------------------------------------------------------------------

WAITING = Q(document__status__in=Document.UNFINISHED)
READ = Q(document__status=Status.PARSED)
FAILED = Q(document__status__in=Document.UNREADABLE)
REFUSED = ~Q(problem="")
RETRYABLE = retry_helps("document__")
UNPACKING = ~Q(archive="") & Q(unpacked_at=None, problem="")
SHOWN = {
    "waiting": WAITING,
    "read": READ,
    "failed": FAILED,
    "refused": REFUSED,
    "known": Q(duplicate=True),
}


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """How a batch stands. Archives are no files of their own; `unpacking` counts those left.

    Each file is one of `waiting`, `read`, `failed` and `refused`; of the failed `retryable` may end
    otherwise when they are read again, and of all `known` were on file before.
    """

    files: int
    waiting: int
    read: int
    failed: int
    retryable: int
    refused: int
    known: int
    unpacking: int

    @property
    def ended(self) -> int:
        return self.files - self.waiting

    @property
    def done(self) -> bool:
        return not self.waiting and not self.unpacking


@dataclass(frozen=True, slots=True)
class FailureReason:
    """Why files of a batch failed, and how many for that."""

    code: str
    message: str
    count: int


def batch_files(batch: Batch) -> QuerySet[BatchLine]:
    """Its lines but those of archives that were unpacked or wait for it."""
    return batch.lines.filter(Q(archive="") | REFUSED)


def batch_counts(batch: Batch) -> BatchCounts:
    return BatchCounts(
        **batch_files(batch).aggregate(
            files=Count("pk"),
            waiting=Count("pk", WAITING),
            read=Count("pk", READ),
            failed=Count("pk", FAILED),
            retryable=Count("pk", RETRYABLE),
            refused=Count("pk", REFUSED),
            known=Count("pk", Q(duplicate=True)),
        ),
        unpacking=batch.lines.filter(UNPACKING).count(),
    )


def failure_reasons(batch: Batch) -> list[FailureReason]:
    """The failures by their reason, the most frequent first."""
    failed = batch_files(batch).filter(FAILED | REFUSED)
    found = (
        failed.annotate(
            code=Case(When(problem="", then=F("document__error_code")), default=F("problem_code")),
            why=Case(When(problem="", then=F("document__error_message")), default=F("problem")),
        )
        .order_by()
        .values("code", "why")
        .annotate(count=Count("pk"))
        .order_by("-count", "code")
    )
    return [FailureReason(row["code"], row["why"], row["count"]) for row in found]


# -- what people ask for -----------------------------------------------------------------------


def batch_documents(batch: Batch, which: Q) -> list[Document]:
    ids = batch_files(batch).filter(which).values("document")
    return list(Document.objects.filter(pk__in=ids))


def retry_failed(batch: Batch, by: User | None = None) -> int:
    """Those for which it may help; returns their number."""
    documents = batch_documents(batch, RETRYABLE)
    bulk = messages.is_bulk_load(batch.origin, len(documents))
    return sum(pipeline.retry_document(document, by, bulk=bulk) for document in documents)


def cancel_batch(batch: Batch, by: User | None = None) -> int:
    """Cancels waiting documents that were new in this batch; returns their number."""
    Batch.objects.filter(pk=batch.pk).update(cancelled_at=timezone.now())
    for line in batch.lines.filter(UNPACKING):
        end_archive(line, "cancelled", CANCELLED)
    own = WAITING & Q(duplicate=False)
    return sum(states.cancel_document(document, by) for document in batch_documents(batch, own))

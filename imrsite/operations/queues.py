"""What waits to be read, by kind, as the database has it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from cases.intake import ocr
from cases.intake.batches import archives_to_unpack
from cases.intake.messages import Queue
from cases.intake.states import MAX_ATTEMPTS, MAX_OCR_ATTEMPTS
from cases.intake.workers import queue_length
from cases.models import Document
from imrsite.operations.ages import seconds_since

Status = Document.Status
WAITING = (Status.RECEIVED, Status.QUEUED)
HOUR = timedelta(hours=1)
FOR_OCR = Q(status=Status.NEEDS_OCR, ocr_attempts__lt=MAX_OCR_ATTEMPTS, attempts__lt=MAX_ATTEMPTS)
FIRST_TIME = Q(parser_version="")
KINDS: dict[Queue, Q] = {
    Queue.LETTERS: Q(status__in=WAITING, bulk=False),
    Queue.BULK: Q(status__in=WAITING, bulk=True),
    Queue.OCR: FOR_OCR,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The documents of one kind that wait."""

    queue: Queue
    documents: int
    oldest: datetime | None
    ended_last_hour: int
    archives: int = 0

    @property
    def seconds(self) -> float:
        """How long the oldest has waited."""
        return seconds_since(self.oldest)


def waiting_documents(queue: Queue) -> QuerySet[Document]:
    return Document.objects.filter(KINDS[queue]).order_by()


def has_ocr() -> bool:
    """Whether scans wait for anything: without OCR they are left to people."""
    return ocr.has_workers()


def waiting_by_kind(*, with_rates: bool = True) -> list[Waiting]:
    rates = ended_by_kind() if with_rates else {}
    archives = archives_to_unpack().count()
    found = []
    for queue in KINDS:
        if queue == Queue.OCR and not has_ocr():
            continue
        sums = waiting_documents(queue).aggregate(
            number=Count("pk"),
            received=Min("received_at", filter=FIRST_TIME | FOR_OCR),
            queued=Min("queued_at", filter=~FIRST_TIME),  # to be parsed again
        )
        found.append(
            Waiting(
                queue,
                sums["number"],
                min(filter(None, (sums["received"], sums["queued"])), default=None),
                rates.get(queue, 0),
                archives if queue == Queue.BULK else 0,
            )
        )
    return found


def ended_by_kind() -> dict[Queue, int]:
    """How many ended in the last hour, with a letter or a reason."""
    lately = Document.objects.filter(finished_at__gte=timezone.now() - HOUR).order_by()
    rows = lately.values_list("bulk", "read_by_ocr").annotate(number=Count("pk"))
    found = dict.fromkeys(KINDS, 0)
    for bulk, by_ocr, number in rows:
        queue = Queue.OCR if by_ocr else Queue.BULK if bulk else Queue.LETTERS
        found[queue] += number
    return found


class KeptCounts:
    """Counts that take a moment where there are a million documents, for a minute."""

    seconds = 60.0
    counted_at = float("-inf")
    counts: ClassVar[dict[str, int]] = {}


def documents_by_status() -> dict[str, int]:
    """Of what was read or failed, the count may be a minute old."""
    few = [one.value for one in Status if one not in (Status.PARSED, Status.FAILED)]
    if time.monotonic() - KeptCounts.counted_at > KeptCounts.seconds:
        KeptCounts.counts = count_by_status([Status.PARSED, Status.FAILED])
        KeptCounts.counted_at = time.monotonic()
    return count_by_status(few) | KeptCounts.counts


def count_by_status(statuses: Sequence[str]) -> dict[str, int]:
    rows = Document.objects.filter(status__in=statuses).order_by().values_list("status")
    return dict.fromkeys(map(str, statuses), 0) | dict(rows.annotate(number=Count("pk")))


def messages_by_queue() -> dict[Queue, int | None]:
    """As the broker has them; None where it does not answer."""
    return {queue: queue_length(queue) for queue in Queue}

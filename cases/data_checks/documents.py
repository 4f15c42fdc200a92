"""States of documents against their readings, pages, leases and batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from cases.data_checks.registry import Finding, Options, checks
from cases.intake.manual_entry import BY_HAND
from cases.models import MADE_UP, BatchLine, Document, Reading

Status = Document.Status
LATE = timedelta(minutes=5)  # the sweeper takes back a lease that ran out within seconds
READ_AGAIN = "Open the document's page and have it read again"
SWEEPER = "See that the scheduler (celery beat) and a worker run: they take it up again"


def findings_for(documents: QuerySet[Document], problem: str, advice: str) -> Iterator[Finding]:
    for pk, name in documents.values_list("pk", "name").iterator():
        yield Finding(f"document {pk} ({name})", problem, advice)


def check_states(options: Options) -> Iterator[Finding]:
    documents = Document.objects.order_by("pk")
    parsed = documents.filter(status=Status.PARSED)
    empty = parsed.filter(cases=None).exclude(readings__superseded=False)
    yield from findings_for(empty, "counts as read, and no letter of it is on file", READ_AGAIN)
    unexplained = documents.filter(status__in=Document.UNREADABLE, error_code="")
    yield from findings_for(unexplained, "failed without a reason", READ_AGAIN)
    read = parsed.exclude(parser_version__in=[MADE_UP, BY_HAND])
    other = read.annotate(stored=Count("page_set")).exclude(pages=F("stored"))
    yield from findings_for(other, "has not the text of all its pages", READ_AGAIN)


def check_leases(options: Options) -> Iterator[Finding]:
    now = timezone.now()
    documents = Document.objects.order_by("pk")
    reading = documents.filter(status=Status.READING)
    yield from findings_for(
        reading.filter(Q(lease_until__lt=now - LATE) | Q(lease_until=None)),
        "is being read by a worker that stopped responding",
        SWEEPER,
    )
    held = documents.exclude(status=Status.READING).exclude(lease_token="")
    yield from findings_for(held, "is held by a worker, and not being read", READ_AGAIN)
    lines = BatchLine.objects.exclude(archive="").filter(unpacked_at=None, problem="")
    for line in lines.filter(lease_until__lt=now - LATE):
        yield Finding(
            f"batch {line.batch_id}, {line.name}",
            "is being unpacked by a worker that stopped responding",
            SWEEPER,
        )


def check_lines(options: Options) -> Iterator[Finding]:
    """Only an archive has members."""
    for line in BatchLine.objects.filter(parent__isnull=False, parent__archive=""):
        yield Finding(
            f"batch {line.batch_id}, {line.name}",
            "is a member of a file that is not an archive",
            "Restore the last backup in which check_data found nothing",
        )


def check_readings(options: Options) -> Iterator[Finding]:
    doubled = (
        Reading.objects.current()
        .order_by()
        .values_list("document", "position")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    for document, position, count in doubled:
        yield Finding(
            f"document {document}, letter {position}",
            f"has {count} current readings instead of one",
            READ_AGAIN,
        )


checks.extend((check_states, check_leases, check_lines, check_readings))

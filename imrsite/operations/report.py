"""What /operations/ shows: how each part does, and what to do about one that is not well."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import django
import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from cases.backup.archive import product_version
from cases.files import disk_space
from cases.index.snapshot import VERSION as INDEX_VERSION
from cases.intake.messages import Queue
from cases.letters import VERSION as PARSER_VERSION
from cases.letters.walls import walls_available
from cases.lists.filter_types import start_of_day
from cases.models import MADE_UP, BackupRun, Document
from imrsite.operations import queues
from imrsite.operations.ages import seconds_since
from imrsite.operations.backups import last_backup
from imrsite.operations.outgoing import Outgoing, outgoing_by_kind
from imrsite.running import heartbeat
from imrsite.running.heartbeat import HeardWorker

FAILURE_DAYS = 7
LATE_SECONDS = {Queue.LETTERS: 120, Queue.BULK: 24 * 3600, Queue.OCR: 6 * 3600}
BACKUP_SECONDS = 26 * 3600  # one a day, with some delay
QUEUE_WORDS = {
    "letters": "Letters of people",
    "bulk": "Bulk loads",
    "ocr": "Text recognition (OCR)",
    "upkeep": "Upkeep",
}
OUTGOING_WORDS = {"mail": "Mail to people", "webhooks": "Messages to webhooks"}
LATE_OUTGOING_SECONDS = 600
TASK_WORDS = {
    "parse_document": "reads",
    "ocr_document": "recognizes text of",
    "unpack_archive": "unpacks an archive",
    "sweep": "looks for lost work",
    "clear_copies": "clears copies of files",
    "watch_folder": "looks into the watched folder",
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    words: str
    waiting: queues.Waiting | None  # upkeep has no documents
    workers: int | None  # None while the broker does not answer
    address: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    words: str
    outgoing: Outgoing
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What one process of a worker does."""

    words: str
    seconds: float
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    worker: HeardWorker
    queues: list[str]
    work: list[Work]
    advice: str = ""


@dataclass(frozen=True, slots=True)
class FailureRow:
    code: str
    documents: int
    message: str
    address: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts; `advice` says what to do where it is not well."""

    words: str
    value: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    queues: list[QueueRow]
    outgoing: list[OutgoingRow]
    workers: list[WorkerRow]
    failures: list[FailureRow]
    failures_since: datetime
    storage: list[Fact]
    versions: list[Fact]
    walls: list[Fact]
    backup: BackupRun | None
    backup_advice: str
    broker_answers: bool


def make_report(bucket_state: str = "") -> Report:
    """`bucket_state` is "" without a bucket, else "ok" or what is wrong with it."""
    workers, broker_version = heard()
    since = first_moment()
    backup = last_backup()
    return Report(
        queues=queue_rows(workers),
        outgoing=outgoing_rows(),
        workers=worker_rows(workers or []),
        failures=failure_rows(since),
        failures_since=since,
        storage=storage_facts(bucket_state),
        versions=version_facts(broker_version),
        walls=wall_facts(workers or []),
        backup=backup,
        backup_advice=backup_advice(backup),
        broker_answers=workers is not None,
    )


def heard() -> tuple[list[HeardWorker] | None, str]:
    try:
        workers = heartbeat.heard_workers()
        told = heartbeat.broker().info("server")
    except redis.RedisError:
        return None, ""
    return workers, f"{told.get('server_name', 'Redis')} {told.get('redis_version', '')}".strip()


# -- queues and workers ------------------------------------------------------------------------


def queue_rows(workers: Sequence[HeardWorker] | None) -> list[QueueRow]:
    rows = []
    for one in queues.waiting_by_kind():
        serving = served_by(one.queue, workers)
        advice = queue_advice(one, serving)
        rows.append(QueueRow(QUEUE_WORDS[one.queue], one, serving, list_address(one.queue), advice))
    serving = served_by(Queue.UPKEEP, workers)
    rows.append(QueueRow(QUEUE_WORDS["upkeep"], None, serving, advice=unserved("upkeep", serving)))
    return rows


def list_address(queue: Queue) -> str:
    """Of the list of the same documents; of scans the list has no such filter."""
    if queue == Queue.OCR:
        return ""
    query = [
        ("bulk", "true" if queue == Queue.BULK else "false"),
        *(("status", one.value) for one in queues.WAITING),
    ]
    return f"{reverse('documents')}?{urlencode(query)}"


def served_by(queue: Queue, workers: Sequence[HeardWorker] | None) -> int | None:
    if workers is None:
        return None
    return sum(one.is_alive and queue in one.facts.queues for one in workers)


def queue_advice(waiting: queues.Waiting, serving: int | None) -> str:
    if words := unserved(waiting.queue, serving):
        return words
    if waiting.seconds > LATE_SECONDS[waiting.queue]:
        return (
            "The oldest waits for long. Look whether the workers below are busy with it; if all"
            " are, start more of them for this queue."
        )
    return ""


def unserved(queue: str, serving: int | None) -> str:
    if serving is None:
        return "Unknown, since the broker does not answer."
    if serving:
        return ""
    return f"No worker serves it. Start one: celery -A imrsite worker -Q {queue}"


def outgoing_rows() -> list[OutgoingRow]:
    return [
        OutgoingRow(OUTGOING_WORDS[kind], one, OUTGOING_ADVICE[kind](one))
        for kind, one in outgoing_by_kind().items()
    ]


def mail_advice(mail: Outgoing) -> str:
    if mail.problem:
        return (
            f"The mail server did not take it (“{mail.problem}”). Look whether EMAIL_URL is right"
            " and the server answers. It is tried again by itself, and nothing is lost."
        )
    if mail.not_taken:
        return (
            "The mail server refuses these people’s addresses. Correct them on the page People;"
            " their mail then goes out."
        )
    return outgoing_late(mail)


def webhook_advice(messages: Outgoing) -> str:
    if messages.problem:
        return (
            f"A receiver did not take one (“{messages.problem}”). The page Webhooks says which."
            " It is tried again for a day."
        )
    if messages.not_taken:
        return "Given up after a day. Once the receiver is mended, send them again from Webhooks."
    return outgoing_late(messages)


def outgoing_late(one: Outgoing) -> str:
    if one.overdue_seconds > LATE_OUTGOING_SECONDS:
        return (
            "Nobody sends it. Look whether the scheduler (celery beat) runs and a worker serves"
            " Upkeep."
        )
    return ""


OUTGOING_ADVICE = {"mail": mail_advice, "webhooks": webhook_advice}


def worker_rows(workers: Sequence[HeardWorker]) -> list[WorkerRow]:
    reading = Document.objects.filter(
        pk__in=[b.row_id for one in workers for b in one.busy if b.task.endswith("_document")],
        status=Document.Status.READING,
    ).in_bulk()
    return [
        WorkerRow(
            one,
            [QUEUE_WORDS[name] for name in one.facts.queues if name in QUEUE_WORDS],
            [work for busy in one.busy if (work := work_of(busy, reading))],
            ""
            if one.is_alive
            else "It went without a word. Look at its log and start it again; what it read is read"
            " by another worker.",
        )
        for one in workers
    ]


def work_of(busy: heartbeat.Busy, reading: dict[int, Document]) -> Work | None:
    """None for a task whose process was killed before it could say that it is over."""
    words = TASK_WORDS.get(busy.task, busy.task.replace("_", " "))
    if busy.task.endswith("_document"):
        document = reading.get(busy.row_id or 0)
        return Work(words, busy.seconds, document) if document else None
    return Work(words, busy.seconds) if busy.seconds < settings.CELERY_TASK_TIME_LIMIT else None


# -- failures ----------------------------------------------------------------------------------


def first_moment() -> datetime:
    """The start of the first of the days, as the list of documents filters by it."""
    day = timezone.localdate() - timedelta(days=FAILURE_DAYS - 1)
    return start_of_day(day)


def failure_rows(since: datetime) -> list[FailureRow]:
    """By reason, of documents received since; each counts as the list does that it links to."""
    found = []
    for code in error_codes():
        failed = Document.objects.filter(error_code=code, received_at__gte=since).order_by()
        if number := failed.count():
            words = failed.values_list("error_message", flat=True)[0]
            query = urlencode({"error_code": code, "received_after": since.date().isoformat()})
            found.append(FailureRow(code, number, words, f"{reverse('documents')}?{query}"))
    return sorted(found, key=lambda row: -row.documents)


def error_codes() -> Iterator[str]:
    """Those that documents have, each found by one step in their index."""
    rows = Document.objects.order_by("error_code").values_list("error_code", flat=True)
    code = ""
    while following := rows.filter(error_code__gt=code).first():
        code = following
        yield code


# -- storage, versions, walls, backup ----------------------------------------------------------


def storage_facts(bucket_state: str) -> list[Fact]:
    stored = Document.objects.exclude(parser_version=MADE_UP).order_by()
    sums = stored.aggregate(number=Count("pk"), size=Sum("size"))
    facts = [Fact("Documents", f"{sums['number']:,} files, {in_units(sums['size'] or 0)}")]
    problem = disk_space.problem()
    places = map(disk_space.nearest_existing, (Path(settings.MEDIA_ROOT), settings.VAR_DIR))
    for folder in {place.stat().st_dev: place for place in places}.values():  # by disk
        usage = shutil.disk_usage(folder)
        share = usage.free / usage.total if usage.total else 0
        advice = ""
        if problem:
            advice = "Make room: uploads are refused until there is."
        elif share < 0.1:
            advice = "Less than a tenth is free. Make room, or move the files to a larger disk."
        facts.append(
            Fact(f"Free on the disk of {folder}", f"{in_units(usage.free)} ({share:.0%})", advice)
        )
    if bucket_state:
        ok = bucket_state == "ok"
        facts.append(
            Fact(
                "Bucket (STORAGE_URL)",
                "answers" if ok else bucket_state,
                "" if ok else "Look at the storage service and the credentials in STORAGE_URL.",
            )
        )
    return facts


def version_facts(broker_version: str) -> list[Fact]:
    return [
        Fact("IMR Case Review", product_version()),
        Fact("Parser", PARSER_VERSION),
        Fact("Index", str(INDEX_VERSION)),
        Fact("Python", platform.python_version()),
        Fact("Django", django.get_version()),
        Fact("Database", database_version()),
        Fact(
            "Broker",
            broker_version or "does not answer",
            "" if broker_version else "Start it, or correct REDIS_URL. Uploads wait meanwhile.",
        ),
    ]


def database_version() -> str:
    found = connection.get_database_version()
    names = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
    return f"{names.get(connection.vendor, connection.vendor)} {'.'.join(map(str, found))}"


def wall_facts(workers: Sequence[HeardWorker]) -> list[Fact]:
    """Of this host, which draws pages, and of those that read letters."""
    here = walls_available()
    reading = [one.facts for one in workers if one.is_alive]
    return [
        wall_fact("This web server", here.landlock_abi, here.seccomp),
        *(wall_fact(one.name, one.landlock, one.seccomp) for one in reading),
    ]


def wall_fact(where: str, landlock: int, seccomp: bool) -> Fact:
    words = [f"Landlock (ABI {landlock})" if landlock else "no Landlock"]
    words.append("seccomp" if seccomp else "no seccomp")
    whole = bool(landlock) and seccomp
    return Fact(
        where,
        ", ".join(words),
        ""
        if whole
        else "Letters are read without all walls here. Run Linux 5.13 or newer with Landlock and"
        " seccomp; IMR_REQUIRE_WALLS=true reads none without them.",
    )


def backup_advice(run: BackupRun | None) -> str:
    if run is None:
        return "None was made yet. Schedule manage.py backup daily."
    if run.problem:
        return "Run manage.py check_data and make another one."
    if seconds_since(run.at) > BACKUP_SECONDS:
        return "It is more than a day old. Look whether the daily manage.py backup still runs."
    return ""


def in_units(size: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TB"

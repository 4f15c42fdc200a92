"""Messages to the workers, by the names of Celery's tasks (`cases.tasks`).

A message is a hint: the database is the truth, and `cases.intake.sweeper` sends again what was
lost. So a broker that is down costs nothing but time.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

import redis
from celery import current_app
from django.contrib.auth.models import User
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases.models import Batch, Document

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
# A connection that is kept may be to a broker that was restarted meanwhile.
ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class Task(StrEnum):
    PARSE_DOCUMENT = "cases.tasks.parse_document"
    OCR_DOCUMENT = "cases.tasks.ocr_document"
    UNPACK_ARCHIVE = "cases.tasks.unpack_archive"


class Queue(StrEnum):
    """Queues by kind; settings.QUEUES says which goes before which."""

    LETTERS = "letters"
    UPKEEP = "upkeep"
    BULK = "bulk"
    OCR = "ocr"


# More files of one person within this time are a bulk load, sent together or one by one.
BULK_FILES, BULK_WITHIN = 50, timedelta(minutes=10)
PEOPLE_FIRST, BULK_LATER = 0, 9  # priorities, as Redis has them: the lowest goes first


def is_bulk_load(origin: str, files: int, uploader: User | None = None) -> bool:
    """Whether letters that come together wait behind those of people."""
    if origin in (Batch.Origin.COMMAND, Batch.Origin.WATCH) or files > BULK_FILES:
        return True
    if uploader is None:
        return False
    lately = Document.objects.filter(
        uploader=uploader, bulk=False, received_at__gte=timezone.now() - BULK_WITHIN
    )
    return lately.order_by("-received_at")[:BULK_FILES].count() + files > BULK_FILES


def queue_of(task: Task, *, bulk: bool) -> Queue:
    if task is Task.OCR_DOCUMENT:
        return Queue.OCR
    return Queue.BULK if bulk or task is Task.UNPACK_ARCHIVE else Queue.LETTERS


class SendingPause:
    """After a broker that did not answer it isn't asked for a while: many messages may wait."""

    until = 0.0


def is_paused() -> bool:
    return time.monotonic() < SendingPause.until


@contextmanager
def sending_paused() -> Iterator[None]:
    """No messages, for a process that does the work itself."""
    before, SendingPause.until = SendingPause.until, math.inf
    try:
        yield
    finally:
        SendingPause.until = before


def send_tasks(task: Task, row_ids: Sequence[int], *, bulk: bool = False) -> list[int]:
    """Sends a message for each row; the rows whose message the broker didn't take."""
    return [row_id for row_id in row_ids if not send_task(task, row_id, bulk=bulk)]


def send_task(task: Task, row_id: int, *, bulk: bool = False) -> bool:
    """Whether the broker took the message."""
    if is_paused():
        return False
    try:
        current_app.send_task(
            task,
            (row_id,),
            queue=queue_of(task, bulk=bulk),
            priority=BULK_LATER if bulk and task is Task.OCR_DOCUMENT else PEOPLE_FIRST,
            retry=True,
            retry_policy=ONCE_MORE,
        )
    except (OperationalError, redis.RedisError, OSError):
        logger.warning("No broker: %s %s waits", task, row_id)
        SendingPause.until = time.monotonic() + PAUSE_SECONDS
        return False
    return True

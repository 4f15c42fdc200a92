"""Celery tasks for importing and reading documents.

`cases.intake.messages` sends by these names; settings say which queue each goes to.
"""

from __future__ import annotations

import atexit
import os
import signal
from types import FrameType

from celery import shared_task
from celery.signals import (
    task_prerun,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)
from django.db import close_old_connections

from cases.files import storage
from cases.files.reading_limits import reading_limits
from cases.intake import batches, pipeline, sweeper, watched_folder
from cases.intake.workers import FINISH_AT_ONCE_SECONDS, FINISH_SECONDS, stop_order
from cases.letters.reading.child import die_with_parent
from cases.letters.reading.sandbox import Sandbox

# One for each worker process; none is carried over a fork.
kept: list[Sandbox] = []


def sandbox() -> Sandbox:
    if not kept:
        kept.append(Sandbox(reading_limits()))
        atexit.register(close_sandbox)
    return kept[0]


@worker_process_shutdown.connect
def close_sandbox(**_: object) -> None:
    while kept:
        kept.pop().close()


@worker_process_init.connect
def start_afresh(**_: object) -> None:
    die_with_parent()
    kept.clear()


@worker_shutting_down.connect
def stop_soon(how: str = "", **_: object) -> None:
    """A letter under way has some seconds to its end; else it goes back to the queue."""
    if how == "Warm":
        stop_order.give(FINISH_SECONDS)


@worker_ready.connect
def hear_quit_first(**_: object) -> None:
    """Told to quit, Celery waits for the tasks under way before it says so: we say it before."""
    own, usual = os.getpid(), signal.getsignal(signal.SIGQUIT)

    def stop_at_once(number: int, frame: FrameType | None) -> None:
        if os.getpid() == own:
            stop_order.give(FINISH_AT_ONCE_SECONDS)
        if callable(usual):
            usual(number, frame)

    signal.signal(signal.SIGQUIT, stop_at_once)


@task_prerun.connect
def keep_good_connections(**_: object) -> None:
    """The connection to the database is kept from task to task, as from request to request."""
    close_old_connections()


@shared_task
def parse_document(document_id: int) -> None:
    if stop_order.is_given:
        pipeline.leave_for_others(document_id)
    else:
        pipeline.read_document(document_id, sandbox())


@shared_task
def ocr_document(document_id: int) -> None:
    if not stop_order.is_given:  # else the sweep sends it again
        pipeline.read_with_ocr(document_id, sandbox())


@shared_task
def unpack_archive(line_id: int) -> None:
    batches.unpack_members(line_id)


@shared_task
def watch_folder() -> None:
    watched_folder.scan_folder()


@shared_task
def read_mailbox() -> None:
    from cases.intake.mailbox import taking  # with libraries that others don't need

    taking.read_mailbox()


@shared_task
def sweep() -> None:
    sweeper.sweep()


@shared_task
def clear_copies() -> None:
    storage.clear_copies()

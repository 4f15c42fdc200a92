"""Celery's way into cases.ingest."""

from __future__ import annotations

import atexit

from celery import shared_task
from celery.signals import worker_process_init, worker_process_shutdown

from cases import ingest, summaries
from cases.letters.child import die_with_parent
from cases.letters.sandbox import Sandbox

# One for each worker process; none is carried over a fork.
kept: list[Sandbox] = []


def sandbox() -> Sandbox:
    if not kept:
        kept.append(Sandbox(ingest.limits()))
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


@shared_task
def parse_document(document_id: int) -> None:
    ingest.read_document(document_id, sandbox())


@shared_task
def sweep() -> None:
    ingest.sweep()


@shared_task
def fold_summaries() -> None:
    summaries.fold()

"""Clocks around the product's functions, in a process whose settings are those of the bench.

A part's time is without the parts inside it, so the shares add up. Each process writes its figures
to a file of its own as it ends. The clocks start when the file `start` is in the folder, so that
start-up and warm-up don't count.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init, worker_process_shutdown
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

FOLDER = "IMR_BENCH_CLOCKS"
WAIT, SEARCH, INDEX, SQL = "wait for the writer", "search rows", "index row", "SQL statements"
# Parts that keep the time of their own statements.
WHOLE = (WAIT, SEARCH, INDEX)


class Clocks:
    """Seconds of wall and processor time by part, and how often each was entered."""

    def __init__(self) -> None:
        self.start_afresh()

    def start_afresh(self) -> None:
        self.wall: Counter[str] = Counter()
        self.work: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.stack: list[str] = []
        self.began = (0.0, 0.0)
        self.counts = False

    def turn_to(self, part: str | None) -> None:
        """Books what has passed to the part on top, and puts another on top or takes it off."""
        now = (time.perf_counter(), time.process_time())
        if self.stack and self.counts:
            self.wall[self.stack[-1]] += now[0] - self.began[0]
            self.work[self.stack[-1]] += now[1] - self.began[1]
        if not self.stack:
            self.counts = (folder() / "start").exists()
        self.began = now
        if part is None:
            self.stack.pop()
            return
        self.stack.append(part)
        if self.counts:
            self.calls[part] += 1

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **options: Any) -> Any:
            self.turn_to(part)
            try:
                return function(*args, **options)
            finally:
                self.turn_to(None)

        return timed

    def statement(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not self.stack:
            return execute(sql, *rest)
        part = WAIT if sql.startswith("BEGIN") else SQL
        if part == SQL and self.counts:
            self.calls["statements"] += 1
        if self.stack[-1] in WHOLE:
            return execute(sql, *rest)
        self.turn_to(part)
        try:
            return execute(sql, *rest)
        finally:
            self.turn_to(None)

    def write(self, **_: Any) -> None:
        if not self.calls:
            return
        role = "worker" if "worker" in sys.argv else "command"
        figures = {"role": role, "wall": self.wall, "work": self.work, "calls": self.calls}
        (folder() / f"{os.getpid()}.json").write_text(json.dumps(figures))


CLOCKS = Clocks()


def folder() -> Path:
    return Path(os.environ[FOLDER])


def listen(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if CLOCKS.statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(CLOCKS.statement)


def with_own_numbers(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Each letter gets a case number of its own: copies of one letter would be one case."""

    @wraps(ask)
    def renumbered(*args: Any, **options: Any) -> Any:
        answer = ask(*args, **options)
        for letter in answer.get("reading", {}).get("letters", ()):
            number = random.randrange(10**9)
            letter["case_number"] = f"CM{number // 10**7:02d}-{number % 10**7:07d}"
        return answer

    return renumbered


def install() -> None:
    from cases.index import texts
    from cases.intake import batches, groups, messages, pipeline
    from cases.letters.reading.sandbox import Sandbox
    from cases.models import bulk_insert
    from cases.search import full_text, vocabulary

    connection_created.connect(listen, dispatch_uid="clocks")
    worker_process_init.connect(lambda **_: CLOCKS.start_afresh(), weak=False)
    worker_process_shutdown.connect(CLOCKS.write, weak=False)
    atexit.register(CLOCKS.write)
    Sandbox.ask = with_own_numbers(Sandbox.ask)  # type: ignore[method-assign]
    for part, owner, name in (
        ("rest of the command", batches, "add_group"),
        ("rest of the worker", pipeline, "read_document"),
        ("rest of the worker", batches, "unpack_members"),
        ("file to the disk", batches, "seal_member"),
        ("file to the disk", groups, "put_group_in_place"),
        ("messages", messages, "send_task"),
        ("claim and lease", pipeline, "claim"),
        ("sandbox", Sandbox, "read"),
        ("building rows", pipeline, "store_reading"),
        ("building rows", pipeline, "prepare_reading"),
        (SQL, bulk_insert, "write_rows"),
        (SEARCH, full_text.FullText, "put"),
        (SEARCH, full_text.FullText, "packed"),
        (SEARCH, full_text.FullText, "delete"),
        (SEARCH, vocabulary, "store_pending_words"),
        (INDEX, texts, "record_changes"),
        ("commit", BaseDatabaseWrapper, "_commit"),
    ):
        setattr(owner, name, CLOCKS.around(part, getattr(owner, name)))

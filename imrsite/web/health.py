"""/healthz: this process is up. /readyz: database, disk, broker and a worker are well."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock, Thread

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from cases.files import disk_space
from cases.intake.shortages import DATABASE_LOCKED, DISK_FULL, Shortage, shortage_in
from imrsite.running import heartbeat

ANSWER_SECONDS = 3.0  # what does not answer by then counts as down
KEEP_SECONDS = 1.0  # an answer serves every poll of that time
LOCK_MS = 2000  # who holds the database longer than that, locks it
WORDS: dict[Shortage | None, str] = {
    DATABASE_LOCKED: "locked by another program",
    DISK_FULL: "its disk is full",
}


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part's state in words, "ok" or why not; 503 unless all are ok. Answers within 3 s."""
    asked_at = time.monotonic()
    for probe in PROBES.values():
        probe.begin()
    states = {name: probe.answer(asked_at) for name, probe in PROBES.items()}
    ready = all(state == "ok" for state in states.values())
    return JsonResponse({"ready": ready, **states}, status=200 if ready else 503)


class NotReady(Exception):
    """Says in words why a part is not ready."""


def check_database() -> None:
    """That it answers, and takes what is written: a locked or full one does only the first."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA busy_timeout = {LOCK_MS}")
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("ROLLBACK")
    except DatabaseError as error:
        raise NotReady(WORDS.get(shortage_in(error), "does not answer")) from error
    finally:
        connection.close()  # this thread's own connection


def check_disk() -> None:
    if lack := disk_space.problem():
        raise NotReady(lack)


def check_broker() -> None:
    try:
        heartbeat.broker().ping()
    except redis.RedisError as error:
        raise NotReady("does not answer") from error


def check_worker() -> None:
    try:
        heard = heartbeat.is_worker_alive()
    except redis.RedisError as error:
        raise NotReady("unknown, since the broker does not answer") from error
    if not heard:
        raise NotReady(f"none heard in the last {heartbeat.SECONDS} seconds")


class Probe:
    """Runs one check in a thread of its own, so that a part that hangs cannot hang the page.

    While a check hangs no second one is started; an answer is kept a moment for the next poll.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self.check = check
        self.lock = Lock()
        self.thread: Thread | None = None
        self.state = ""
        self.known_at = float("-inf")

    def begin(self) -> None:
        with self.lock:
            if self.is_fresh(time.monotonic()) or (self.thread and self.thread.is_alive()):
                return
            self.thread = Thread(target=self.run, daemon=True)
            self.thread.start()

    def run(self) -> None:
        try:
            self.check()
            state = "ok"
        except NotReady as reason:
            state = str(reason)
        self.state, self.known_at = state, time.monotonic()

    def is_fresh(self, asked_at: float) -> bool:
        return asked_at - self.known_at < KEEP_SECONDS

    def answer(self, asked_at: float) -> str:
        """What was known when the page was asked for, or came to be while it waits for others."""
        if self.thread and not self.is_fresh(asked_at):
            self.thread.join(max(0.0, asked_at + ANSWER_SECONDS - time.monotonic()))
        return self.state if self.is_fresh(asked_at) else "does not answer"


PROBES = {
    "database": Probe(check_database),
    "disk": Probe(check_disk),
    "broker": Probe(check_broker),
    "worker": Probe(check_worker),
}

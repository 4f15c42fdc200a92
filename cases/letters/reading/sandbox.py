"""Untrusted PDFs are read in a process of their own, which a bomb, a hang or a crash may cost.

The process stands behind walls (`cases.letters.walls`): it is handed an open file, finds no other,
and gives JSON back, never code. It lives on from file to file and is thrown away after a failure
and after a number of files.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from cases.letters.drafts.model import DraftFile
from cases.letters.model import ReadError, Reading
from cases.letters.reading.child import send_request
from cases.letters.reading.unreadable import Unreadable, check_bytes
from cases.letters.record import dump_reading, load_reading
from cases.letters.walls import WallsStatus, walls_available

logger = logging.getLogger(__name__)

# How a reading process that ended tells why: exit code 3, or the signal of its CPU limit.
ENDS = {3: "memory", -signal.SIGXCPU: "timeout"}
ROOT = Path(__file__).resolve().parents[3]
MOST_ANSWER_BYTES = 64 * 1024 * 1024
FILES_PER_PROCESS = 1000  # its memory does not grow from file to file
START_SECONDS = 30
WAIT_SECONDS = 0.5  # between two calls of `meanwhile`
MB = 1024 * 1024


NOT_WALLED = ReadError(
    "not-walled",
    "This PDF was not read: IMR_REQUIRE_WALLS asks for Landlock and seccomp, and this machine lacks"
    " at least one of them. Ask your administrator to run a Linux kernel with both (5.13 or newer),"
    " or to set IMR_REQUIRE_WALLS=false; then try again.",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take, and whether it needs both walls."""

    seconds: int = 60
    memory_mb: int = 1024
    max_pages: int = 500
    max_bytes: int = 50 * MB
    require_walls: bool = False


class CannotRender(Exception):
    """A page of which no picture could be made."""


class Lost(Exception):
    """The reading process did not answer: "timeout", "memory", "crash" or "not-walled"."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ReadingProcess:
    """A child process, the socket that takes its requests, and the pipe that gives its answers."""

    process: subprocess.Popen[bytes]
    requests: socket.socket
    answers: IO[bytes]


class Sandbox:
    """Reads files one after another; a context manager. Not to be shared by threads."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.child: ReadingProcess | None = None
        self.served = 0

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def read(self, path: Path | str, meanwhile: Callable[[], None] = lambda: None) -> Reading:
        """The reading of a PDF; what is wrong with the file is told in `Reading.error`.

        `meanwhile` is called now and then while it lasts; what it raises ends the reading.
        """
        return load_reading(self.read_record(path, meanwhile))

    def read_record(
        self, path: Path | str, meanwhile: Callable[[], None] = lambda: None
    ) -> dict[str, Any]:
        """The same as JSON, as `cases.letters.record` writes it."""
        with Path(path).open("rb") as file:
            try:
                size = os.fstat(file.fileno()).st_size
                if size > self.limits.max_bytes:
                    return dump_reading(Reading(error=self.too_large(size)))
                check_bytes(file)
            except Unreadable as problem:
                return dump_reading(Reading(error=problem.error))
            request = {"do": "read", "max_pages": self.limits.max_pages}
            try:
                return self.ask(request, file, meanwhile)["reading"]
            except Lost as lost:
                return dump_reading(Reading(error=self.explain(lost.reason)))

    def render_page(self, path: Path | str, number: int, width: int) -> bytes:
        """A PNG of one page, `width` pixels wide.

        Raises:
            CannotRender: the page doesn't exist, or can't be drawn within the limits.
        """
        request = {"do": "render", "page": number, "width": width}
        try:
            with Path(path).open("rb") as file:
                return base64.b64decode(self.ask(request, file)["png"])
        except Lost as lost:
            raise CannotRender(f"Page {number} can't be drawn ({lost.reason}).") from lost

    def read_words(self, path: Path | str, number: int) -> list[Any]:
        """The words of one page as `page_runs` gives them.

        Raises:
            CannotRender: the page doesn't exist, or can't be read within the limits.
        """
        request = {"do": "words", "page": number}
        try:
            with Path(path).open("rb") as file:
                return self.ask(request, file)["runs"]
        except Lost as lost:
            raise CannotRender(f"Page {number} can't be read ({lost.reason}).") from lost

    def read_draft(self, file: BinaryIO, kind: str) -> DraftFile:
        """The text of an open file, "pdf" or "docx", that holds a draft."""
        request = {"do": "draft", "kind": kind, "max_pages": self.limits.max_pages}
        try:
            answer = self.ask(request, file)["draft"]
        except Lost as lost:
            return DraftFile(error=self.explain(lost.reason))
        return DraftFile(answer["text"], answer["error"] and ReadError(**answer["error"]))

    def ask(
        self,
        request: dict[str, Any],
        file: BinaryIO,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> dict[str, Any]:
        child = self.living(meanwhile)
        self.served += 1
        deadline = time.monotonic() + self.limits.seconds
        try:
            send_request(child.requests, request | {"seconds": self.limits.seconds}, file)
            answer = receive(child, deadline, meanwhile)
        except OSError as problem:
            self.close()
            raise Lost("crash") from problem
        except BaseException:
            self.close()
            raise
        if "failed" in answer:
            self.close()
            raise Lost(answer["failed"])
        return answer

    def living(self, meanwhile: Callable[[], None] = lambda: None) -> ReadingProcess:
        child = self.child
        if child and child.process.poll() is None and self.served < FILES_PER_PROCESS:
            return child
        self.close()
        self.child = child = start(self.limits)
        self.served = 0
        try:
            first = receive(child, time.monotonic() + START_SECONDS, meanwhile)
            self.check_walls(WallsStatus(**first["walls"]))
        except BaseException:
            self.close()
            raise
        return child

    def check_walls(self, standing: WallsStatus) -> None:
        if standing.complete:
            return
        if self.limits.require_walls:
            raise Lost("not-walled")
        if walls_available().complete:  # a kernel without them is told once, when a worker starts
            logger.warning("The reading process could not raise its walls: %s", standing)

    def close(self) -> None:
        """Ends the process and whatever it started."""
        child, self.child = self.child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        for end in (child.requests, child.answers):
            with contextlib.suppress(OSError):
                end.close()

    def too_large(self, size: int) -> ReadError:
        return ReadError(
            "too-large",
            f"This file has {size / MB:.0f} MB; up to {self.limits.max_bytes // MB} MB are read."
            " Split it, or save it with smaller images.",
        )

    def explain(self, reason: str) -> ReadError:
        if reason == "not-walled":
            return NOT_WALLED
        if reason == "timeout":
            return ReadError(
                "timed-out",
                f"Reading this PDF took more than {self.limits.seconds} seconds and was stopped."
                " Save it again from a PDF viewer, or split it, and upload that.",
            )
        if reason == "memory":
            return ReadError(
                "too-large",
                f"Reading this PDF took more than {self.limits.memory_mb} MB of memory and was"
                " stopped. Save it again from a PDF viewer, or split it, and upload that.",
            )
        return ReadError(
            "damaged",
            "This PDF is damaged: reading it failed. Save it again from a PDF viewer and upload"
            " that.",
        )


def start(limits: Limits) -> ReadingProcess:
    command = [sys.executable, "-m", "cases.letters.reading.child", str(limits.memory_mb)]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with theirs:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=kept | {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
            stdin=theirs.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    assert process.stdout is not None  # it was asked for as a pipe
    return ReadingProcess(process, ours, process.stdout)


def receive(
    child: ReadingProcess, deadline: float, meanwhile: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """The next answer, by the deadline."""
    head = receive_bytes(child, 4, deadline, meanwhile)
    (size,) = struct.unpack(">I", head)
    if size > MOST_ANSWER_BYTES:
        raise Lost("memory")
    try:
        return json.loads(receive_bytes(child, size, deadline, meanwhile))
    except ValueError as problem:
        raise Lost("crash") from problem


def receive_bytes(
    child: ReadingProcess, count: int, deadline: float, meanwhile: Callable[[], None]
) -> bytes:
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(child.answers, selectors.EVENT_READ)
        while count > 0:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Lost("timeout")
            if not selector.select(min(left, WAIT_SECONDS)):
                meanwhile()
                continue
            part = os.read(child.answers.fileno(), min(count, 1 << 20))
            if not part:
                raise Lost(ENDS.get(child.process.wait(), "crash"))
            parts.append(part)
            count -= len(part)
    return b"".join(parts)

"""Pictures of letters' pages: drawn in a process of its own, kept on disk.

A page that takes too long is given up, and remembered for a while so that it isn't tried again at
once. One picture is drawn at a time and as many more requests may wait for their turn as a browser
sends for the pages in sight; whoever else asks is told to come back, so that drawing never holds
more than half of a web server's threads.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from cases.files.reading_limits import reading_limits
from cases.letters.reading.sandbox import CannotRender, Lost, Sandbox

WIDTHS = (900, 1400)
DRAW_SECONDS = 6
START_SECONDS = 3  # the process that draws may have to be started first
RETRY_SECONDS = 5  # what a request that found no place is told
FAILURE_SECONDS = 600  # how long a page that can't be drawn is left alone
NICENESS = 10  # pages that are asked for meanwhile come first
BUSY = "Other pages are being drawn. Try again in a moment."

drawing = threading.Lock()
SLOTS = 4  # one draws, the others wait
drawing_slots = threading.BoundedSemaphore(SLOTS)
renderers: list[Sandbox] = []


class PictureUnavailable(Exception):
    """No picture at this moment; `seconds` says when to ask again."""

    def __init__(self, words: str, seconds: int) -> None:
        super().__init__(words)
        self.seconds = seconds


def page_picture(path: Path, sha256: str, number: int, width: int) -> Path:
    """The PNG of a page, drawn if it isn't kept yet.

    Raises:
        CannotRender: there is no such page, or it can't be drawn.
        PictureUnavailable: others are being drawn, or drawing this one took too long lately.
    """
    kept, given_up = places_of(sha256, number, width)
    if kept.exists():
        return kept
    if number < 1:
        raise CannotRender("Pages count from 1.")
    check_no_recent_failure(given_up)
    with drawing_slot():
        draw_if_missing(path, number, width, kept, given_up)
    return kept


def draw_ahead(path: Path, sha256: str, number: int, width: int) -> None:
    """Draws a page that nobody waits for. It takes no slot from those who ask for a picture; they
    wait for this one page at the most.

    Raises:
        CannotRender, PictureUnavailable: as `page_picture`.
    """
    kept, given_up = places_of(sha256, number, width)
    if not kept.exists():
        with drawing:
            draw_if_missing(path, number, width, kept, given_up)


def places_of(sha256: str, number: int, width: int) -> tuple[Path, Path]:
    """Where the picture is kept, and the mark that it could not be drawn."""
    folder = settings.VAR_DIR / "pages" / sha256[:2]
    return folder / f"{sha256}-{number}-{width}", folder / f"{sha256}-{number}.failed"


def draw_if_missing(path: Path, number: int, width: int, kept: Path, given_up: Path) -> None:
    """For whoever holds `drawing`."""
    if kept.exists():  # drawn while this request waited
        return
    check_no_recent_failure(given_up)
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        data = draw_page(path, number, width)
    except CannotRender:
        with suppress(OSError):
            given_up.touch()
        raise
    write_atomically(kept, data)


def check_no_recent_failure(mark: Path) -> None:
    with suppress(FileNotFoundError):
        left = FAILURE_SECONDS - (time.time() - mark.stat().st_mtime)
        if 0 < left <= FAILURE_SECONDS:
            raise PictureUnavailable(
                "This page could not be drawn within a few seconds. Open the PDF instead.",
                int(left) + 1,
            )


@contextmanager
def drawing_slot() -> Iterator[None]:
    """Holds the one drawing process; raises PictureUnavailable if too many requests wait."""
    if not drawing_slots.acquire(blocking=False):
        raise PictureUnavailable(BUSY, RETRY_SECONDS)
    try:
        if not drawing.acquire(timeout=DRAW_SECONDS + START_SECONDS):
            raise PictureUnavailable(BUSY, RETRY_SECONDS)
        try:
            yield
        finally:
            drawing.release()
    finally:
        drawing_slots.release()


def draw_page(path: Path, number: int, width: int) -> bytes:
    return running_renderer().render_page(path, number, width)


def running_renderer() -> Sandbox:
    """The process that draws, for whoever holds `drawing`."""
    if not renderers:
        renderers.append(Sandbox(replace(reading_limits(), seconds=DRAW_SECONDS)))
    [renderer] = renderers
    try:
        child = renderer.living()
    except Lost as lost:
        raise CannotRender("The process that draws pages did not start.") from lost
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, child.process.pid, NICENESS)
    return renderer


def write_atomically(place: Path, data: bytes) -> None:
    """The whole or nothing, whatever else draws the same page."""
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as part:
        try:
            part.write(data)
        except OSError:
            Path(part.name).unlink()
            raise
    Path(part.name).replace(place)

"""Pictures of pages that will soon be asked for, drawn while nobody waits for one.

One thread of each web process draws them, page by page, and leaves the process that draws to
whoever asks for a picture meanwhile. What it has no time for is let go: it will be drawn when it is
asked for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue

from django.conf import settings
from django.db import connections

from cases.files import storage
from cases.files.bucket import BucketUnavailable
from cases.files.page_pictures import WIDTHS, PictureUnavailable, draw_ahead
from cases.letters.reading.sandbox import CannotRender

WAITING = 20  # opened cases whose pages wait to be drawn
HEAD_START_SECONDS = 0.3  # for the page that somebody has just opened
IDLE_SECONDS = 60.0  # after which the thread ends
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PageAhead:
    """A page of a stored file."""

    sha256: str
    number: int


FindPages = Callable[[], Iterable[PageAhead]]
jobs: Queue[FindPages] = Queue(WAITING)
starting = threading.Lock()
drawers: list[threading.Thread] = []


def draw_later(find_pages: FindPages) -> None:
    """Draws these pages in the background. `find_pages` is called there, and may ask the
    database."""
    if not settings.DRAW_PICTURES_AHEAD:
        return
    with suppress(Full):
        jobs.put_nowait(find_pages)
    with starting:
        if not any(thread.is_alive() for thread in drawers):
            drawers[:] = [threading.Thread(target=work, name="pictures ahead", daemon=True)]
            drawers[0].start()


def work() -> None:
    while True:
        try:
            find_pages = jobs.get(timeout=IDLE_SECONDS)
        except Empty:
            with starting:  # a job that came just now starts another
                if jobs.empty():
                    drawers.clear()
                    return
            continue
        time.sleep(HEAD_START_SECONDS)
        try:
            draw_pages(find_pages())
        except Exception:  # whatever it is, the pages can be drawn when they are asked for
            log.exception("Pages were not drawn ahead")
        finally:
            connections.close_all()


def draw_pages(pages: Iterable[PageAhead]) -> None:
    for page in pages:
        with suppress(CannotRender, PictureUnavailable, BucketUnavailable, OSError):
            path = storage.path_of(page.sha256)
            if storage.is_available(path):
                draw_ahead(path, page.sha256, page.number, WIDTHS[1])

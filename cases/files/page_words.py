"""The words of letters' pages with their places, kept on disk beside the pictures of the pages."""

from __future__ import annotations

import json
from pathlib import Path

from cases.files.page_pictures import (
    check_no_recent_failure,
    drawing_slot,
    places_of,
    running_renderer,
    write_atomically,
)
from cases.letters.reading.sandbox import CannotRender


def page_words(path: Path, sha256: str, number: int) -> Path:
    """A JSON file of the page's words, as `cases.letters.reading.page_runs` gives them.

    Raises:
        CannotRender, PictureUnavailable: as `page_picture`.
    """
    picture, given_up = places_of(sha256, number, 0)
    kept = picture.with_name(f"{sha256}-{number}-words")
    if kept.exists():
        return kept
    if number < 1:
        raise CannotRender("Pages count from 1.")
    check_no_recent_failure(given_up)
    with drawing_slot():
        if not kept.exists():  # read while this request waited
            kept.parent.mkdir(parents=True, exist_ok=True)
            runs = running_renderer().read_words(path, number)
            write_atomically(kept, json.dumps(runs, separators=(",", ":")).encode())
    return kept

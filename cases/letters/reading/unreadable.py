"""PDFs that give no pages: why, and what to do about it."""

from __future__ import annotations

from typing import BinaryIO

from cases.letters.model import ReadError

HEAD_BYTES = 1024
TAIL_BYTES = 4096

EMPTY = ReadError(
    "not-a-pdf", "This file is empty. Save or download the letter again, then upload it."
)
NOT_A_PDF = ReadError(
    "not-a-pdf", "This file is not a PDF, despite its name. Upload the letter as a PDF."
)
LOCKED = ReadError(
    "encrypted",
    "This PDF is locked with a password. Save it without one and upload it again.",
)
CUT_SHORT = ReadError(
    "damaged",
    "This PDF is cut short: its end is missing. Download or export it again, then upload it.",
)
DAMAGED = ReadError(
    "damaged",
    "This PDF is damaged and can't be read. Open it in a PDF viewer, save it again (or export it"
    " again) and upload that.",
)


def too_many_pages(limit: int) -> ReadError:
    return ReadError(
        "too-many-pages",
        f"This PDF has more than {limit} pages, the most that are read. Split it and upload the"
        " parts.",
    )


class Unreadable(Exception):
    """A PDF that gives no pages; `error` says why and what to do."""

    def __init__(self, error: ReadError):
        super().__init__(error.message)
        self.error = error


def check_bytes(file: BinaryIO) -> None:
    """Raises Unreadable for what is no whole PDF by its first and last bytes."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read()
    if not head:
        raise Unreadable(EMPTY)
    if b"%PDF-" not in head:
        raise Unreadable(NOT_A_PDF)
    if b"startxref" not in tail and b"%%EOF" not in tail:
        raise Unreadable(CUT_SHORT)

"""PDF → pages of words with positions, through pdfplumber.

Everything after this module sees only `Page`s, so another reader can stand beside this one: a
function from a path to an iterator of pages that raises `Unreadable` is all it takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfplumber.utils.exceptions import PdfminerException

from .model import Page, ReadError, Word

# A gap wider than this share of the type size parts two words, in text set word by word without
# space characters too: a space is about a quarter of the size, loose letter spacing under a tenth.
WORD_GAP = 0.15
HEAD_BYTES = 1024
TAIL_BYTES = 4096

EMPTY = ReadError(
    "not-a-pdf", "This file is empty. Save or download the letter again, then upload it."
)
NOT_A_PDF = ReadError(
    "not-a-pdf", "This file is not a PDF, whatever its name says. Upload the letter as a PDF."
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
    "This PDF is damaged and can't be read. Open it in a PDF viewer, save it anew (or export it"
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


def check_bytes(path: Path) -> None:
    """Raises Unreadable for what is no whole PDF by its first and last bytes."""
    with path.open("rb") as file:
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


def read_pages(path: Path, *, max_pages: int) -> Iterator[Page]:
    """Pages in order, each closed once read: memory stays flat however long the file is.

    Raises:
        Unreadable: the file is no PDF, locked, damaged, or has more than `max_pages` pages.
    """
    check_bytes(path)
    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > max_pages:
                raise Unreadable(too_many_pages(max_pages))
            if not pdf.pages:
                raise Unreadable(DAMAGED)
            for page in pdf.pages:
                yield read_page(page)
                page.close()
    except (Unreadable, MemoryError, GeneratorExit):
        raise
    except PdfminerException as problem:
        locked = (PDFPasswordIncorrect, PDFTextExtractionNotAllowed)
        cause = problem.args[0] if problem.args else None
        raise Unreadable(LOCKED if isinstance(cause, locked) else DAMAGED) from problem
    except Exception as problem:  # pdfminer lets anything out of a broken file: KeyError, struct…
        raise Unreadable(DAMAGED) from problem


def read_page(page: pdfplumber.page.Page) -> Page:
    found = without_double_strike(page).extract_words(
        x_tolerance_ratio=WORD_GAP, use_text_flow=False, return_chars=True
    )
    words = tuple(read_word(one) for one in found if one["upright"])
    return Page(page.page_number, float(page.width), float(page.height), words)


def read_word(found: dict) -> Word:
    first = found["chars"][0]
    return Word(
        readable(found["text"]),
        float(found["x0"]),
        float(found["top"]),
        float(found["x1"]),
        float(found["bottom"]),
        first["fontname"],
        float(first["size"]),
    )


def readable(text: str) -> str:
    """Composed, without NULs; a code that a simple font leaves unused is its bullet (PDF 1.7, D.2),
    which pdfminer only numbers."""
    return unicodedata.normalize("NFC", text).replace("\x00", "").replace("(cid:127)", "•")


def without_double_strike(page: pdfplumber.page.Page) -> pdfplumber.page.Page:
    """The page without characters printed twice in place, as some programs make bold."""
    chars = page.chars
    places = {(char["text"], round(char["x0"]), round(char["top"])) for char in chars}
    return page.dedupe_chars() if len(places) < 0.95 * len(chars) else page

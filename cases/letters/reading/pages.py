"""PDF → pages of words with positions, through pdfplumber.

Everything after this module sees only `Page`s, so another reader can stand beside this one: a
function from a file to an iterator of pages that raises `Unreadable` is all it takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import extract_words

from cases.letters.model import Page, ReadError, Word

# A gap wider than this share of the type size parts two words, in text set word by word without
# space characters too: a space is about a quarter of the size, loose letter spacing under a tenth.
WORD_GAP = 0.15
# Points within which a character is struck again to look bold, and the share of its own width.
STRIKE = 1.5
STRIKE_SHARE = 0.45
SLANT = 0.2  # rise a point of run; a watermark is set at 30 degrees or more
WATERMARK_SIZE = 30.0  # points; no heading of a letter is as large
WATERMARK_TIMES = 3.0
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


Char = dict[str, Any]  # of pdfplumber


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


def read_pages(source: Path | BinaryIO, *, max_pages: int) -> Iterator[Page]:
    """Pages in order, each closed once read: memory stays flat however long the file is.

    Raises:
        Unreadable: the file is no PDF, locked, damaged, or has more than `max_pages` pages.
    """
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
        check_bytes(file)
        yield from read_checked(file, max_pages)


def read_checked(file: BinaryIO, max_pages: int) -> Iterator[Page]:
    try:
        # Its annotation names two classes, but any seekable binary file will do.
        with pdfplumber.open(file) as pdf:  # type: ignore[arg-type]
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
    chars = without_double_strike(without_watermark(page.chars))
    found = extract_words(chars, x_tolerance_ratio=WORD_GAP, use_text_flow=False, return_chars=True)
    words = tuple(read_word(one) for one in found)
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


def without_watermark(chars: Sequence[Char]) -> list[Char]:
    """The characters of the text: level, and not of a size that only a watermark or a stamp has.

    A diagonal watermark crosses lines of the text, and its letters would fall between theirs.
    """
    level = [char for char in chars if is_level(char["matrix"])]
    if not level:
        return []
    largest = max(WATERMARK_SIZE, WATERMARK_TIMES * median(char["size"] for char in level))
    return [char for char in level if char["size"] <= largest]


def is_level(matrix: Sequence[float]) -> bool:
    """Does the text run from left to right, up to the slant of a page scanned askew?"""
    a, b, *_ = matrix
    return a > 0 and abs(b) < SLANT * a


def without_double_strike(chars: Sequence[Char]) -> list[Char]:
    """The characters without those printed again a little beside, as some programs make bold.

    Two equal letters that follow each other are a letter's width apart, a second strike less than
    half of one.
    """
    kept: list[Char] = []
    cells: dict[tuple[str, int, int], list[Char]] = {}
    for char in chars:
        text, x, y = char["text"], char["x0"], char["top"]
        column, row = int(x // STRIKE), int(y // STRIKE)
        near = (
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in cells.get((text, i, j), ())
        )
        width = max(char["x1"] - x, 0.1)
        if not text.isspace() and any(
            abs(other["x0"] - x) < min(STRIKE, STRIKE_SHARE * width)
            and abs(other["top"] - y) < STRIKE
            for other in near
        ):
            continue
        cells.setdefault((text, column, row), []).append(char)
        kept.append(char)
    return kept

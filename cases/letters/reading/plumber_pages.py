"""PDF → pages of words with positions, through pdfplumber: the reference.

Everything after this module sees only `Page`s. `fast.pages` gives the same ones sooner, and leaves
to this one each page that it is unsure of; and this one alone says what is wrong with a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import extract_words

from cases.letters.model import Page, Word
from cases.letters.reading.characters import (
    STRIKE,
    STRIKE_SHARE,
    WORD_GAP,
    is_level,
    largest_size,
    readable,
)
from cases.letters.reading.unreadable import DAMAGED, LOCKED, Unreadable, too_many_pages

Char = dict[str, Any]  # of pdfplumber


class PlumberFile:
    """An open PDF, read through pdfplumber; a context manager.

    Raises:
        Unreadable: on opening it or reading a page: it is locked or damaged.
    """

    def __init__(self, file: BinaryIO) -> None:
        with unreadable_where_broken():
            # Its annotation names two classes, but any seekable binary file will do.
            self.pdf = pdfplumber.open(file)  # type: ignore[arg-type]

    def __enter__(self) -> PlumberFile:
        return self

    def __exit__(self, *exc: object) -> None:
        with unreadable_where_broken():
            self.pdf.close()

    def read_pages(self, max_pages: int) -> Iterator[Page]:
        """All pages in order; Unreadable too where there are none, or more than `max_pages`."""
        with unreadable_where_broken():
            count = len(self.pdf.pages)
        if count > max_pages:
            raise Unreadable(too_many_pages(max_pages))
        if not count:
            raise Unreadable(DAMAGED)
        for number in range(1, count + 1):
            yield self.read_page(number)

    def read_page(self, number: int) -> Page:
        """The page with this number, closed once read: memory stays flat."""
        with unreadable_where_broken():
            page = self.pdf.pages[number - 1]
            read = read_page(page)
            page.close()
        return read


@contextmanager
def unreadable_where_broken() -> Iterator[None]:
    try:
        yield
    except (Unreadable, MemoryError):
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


def without_watermark(chars: Sequence[Char]) -> list[Char]:
    """The characters of the text: level, and not of a size that only a watermark or a stamp has.

    A diagonal watermark crosses lines of the text, and its letters would fall between theirs.
    """
    level = [char for char in chars if is_level(char["matrix"])]
    if not level:
        return []
    largest = largest_size(char["size"] for char in level)
    return [char for char in level if char["size"] <= largest]


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

"""PDF → pages of words with positions.

Two readers give the same pages. `fast.pages` reads what it is sure to read as `plumber_pages`, the
reference, would; every other page, and every file with something wrong, is the reference's, which
also says what is wrong. Everything after this module sees only `Page`s, so a further reader need
only be a `PageReader` that raises `Unreadable`.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from cases.letters.model import Page
from cases.letters.reading.fast.pages import FastFile
from cases.letters.reading.unreadable import check_bytes

if TYPE_CHECKING:
    from cases.letters.reading.plumber_pages import PlumberFile

logger = logging.getLogger(__name__)


class PageReader(Protocol):
    """Reads pages in order, each closed once read: memory stays flat however long the file is.

    Raises:
        Unreadable: the file is no PDF, locked, damaged, or has more than `max_pages` pages.
    """

    def __call__(self, source: Path | BinaryIO, *, max_pages: int) -> Iterator[Page]: ...


def read_pages(source: Path | BinaryIO, *, max_pages: int) -> Iterator[Page]:
    """The `PageReader` in use: fast, and where that is unsure, the reference."""
    with checked_file(source) as file, ExitStack() as opened:
        fast = open_fast(file, max_pages)
        if fast is None:
            yield from opened.enter_context(open_reference(file)).read_pages(max_pages)
            return
        reference: PlumberFile | None = None
        for number in range(1, len(fast.pages) + 1):
            page = read_surely(fast, number)
            if page is None:
                reference = reference or opened.enter_context(open_reference(file))
                page = reference.read_page(number)
            yield page


def read_one_page(source: BinaryIO, number: int) -> Page:
    """A single page, as `read_pages` gives it.

    Raises:
        IndexError: there is no such page.
        Unreadable: as `read_pages`.
    """
    with checked_file(source) as file:
        fast = open_fast(file, max_pages=sys.maxsize)
        if fast is not None:
            page = read_surely(fast, number) if 0 < number <= len(fast.pages) else None
            if page is not None:
                return page
        with open_reference(file) as reference:
            return reference.read_page(number)


def reference_pages(source: Path | BinaryIO, *, max_pages: int) -> Iterator[Page]:
    """The `PageReader` that others are measured by: all pages through pdfplumber."""
    with checked_file(source) as file, open_reference(file) as reference:
        yield from reference.read_pages(max_pages)


@contextmanager
def checked_file(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
        check_bytes(file)
        yield file


def open_reference(file: BinaryIO) -> PlumberFile:
    # Few files need it, and pdfplumber takes longer to import than a letter to read.
    from cases.letters.reading.plumber_pages import PlumberFile

    return PlumberFile(file)


def open_fast(file: BinaryIO, max_pages: int) -> FastFile | None:
    """None for a file that is wholly left to the reference: something is wrong with it."""
    try:
        fast = FastFile(file)
    except MemoryError:
        raise
    except Exception as problem:
        logger.debug("Left to the reference reader: %r", problem)
        return None
    return fast if 0 < len(fast.pages) <= max_pages else None


def read_surely(fast: FastFile, number: int) -> Page | None:
    """None for a page that is left to the reference."""
    try:
        return fast.read_page(number)
    except MemoryError:
        raise
    except Exception as problem:  # Unsure, or whatever pdfminer lets out of a broken file
        logger.debug("Page %s is left to the reference reader: %r", number, problem)
        return None

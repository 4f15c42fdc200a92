"""PDF → pages of words with positions, fast: the same as `plumber_pages` gives, or `Unsure`.

The file's objects are pdfminer's, so fonts, widths and character maps are the very ones of the
reference; content streams are read by `content`, words made by `runs`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from numbers import Number
from typing import Any, BinaryIO

from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import list_value, resolve_all
from pdfminer.utils import Matrix

from cases.letters.model import Page
from cases.letters.reading.fast.content import Canvas, Interpreter
from cases.letters.reading.fast.document import LeanDocument
from cases.letters.reading.fast.glyphs import Glyphs
from cases.letters.reading.fast.runs import Sheet, Unsure
from cases.letters.reading.fast.words import page_words

OTHER_BOXES = ("CropBox", "TrimBox", "BleedBox", "ArtBox")


class FastFile:
    """An open PDF. Anything that pdfminer raises may come out of it, beside `Unsure`."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self.document = LeanDocument(file.read())
        self.resources = PDFResourceManager()
        self.glyphs: dict[PDFFont, Glyphs] = {}
        self.pages = list(PDFPage.create_pages(self.document))
        self.sheets = [sheet_of(page) for page in self.pages]

    def read_page(self, number: int) -> Page:
        with paused_collection():
            return self.read_plain_page(number)

    def read_plain_page(self, number: int) -> Page:
        page, sheet = self.pages[number - 1], self.sheets[number - 1]
        canvas = Canvas(self.resources, self.glyphs, sheet)
        interpreter = Interpreter(canvas, page.resources, page_matrix(page), frozenset())
        interpreter.run(list_value(page.contents))
        words = tuple(page_words(canvas.runs))
        return Page(number, float(sheet.width), float(sheet.height), words)


@contextmanager
def paused_collection() -> Iterator[None]:
    """No search for reference cycles meanwhile: a page makes many objects, and none of them."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def sheet_of(page: PDFPage) -> Sheet:
    rotated = resolve_all(page.attrs.get("Rotate")) or 0
    turned = rotated % 360 in (90, 270)
    for name in OTHER_BOXES:
        if name in page.attrs:
            box_of(page, name)
    x0, y0, x1, y1 = box_of(page, "MediaBox")
    if turned:
        x0, y0, x1, y1 = y0, x0, y1, x1
    tall = y1 - y0
    top, bottom = tall - y1, tall - y0
    return Sheet(x0, top, x1 - x0, bottom - top)


def box_of(page: PDFPage, name: str) -> Sequence[Any]:
    box = resolve_all(page.attrs.get(name))
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(x, Number) for x in box):
        raise Unsure(f"the page's {name}")
    x0, x1 = sorted((box[0], box[2]))
    y0, y1 = sorted((box[1], box[3]))
    return x0, y0, x1, y1


def page_matrix(page: PDFPage) -> Matrix:
    """From the page's own coordinates to those of the page as shown, as pdfminer has it."""
    x0, y0, x1, y1 = page.mediabox
    turned: dict[int, Matrix] = {
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }
    return turned.get(page.rotate, (1, 0, 0, 1, -x0, -y0))

"""A file that holds a draft → its text. Runs in the reading process (`cases.letters.reading`)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from cases.letters.drafts.flow import MARKER
from cases.letters.drafts.model import MOST_CHARACTERS, DraftFile
from cases.letters.drafts.table_rows import Cell, TableLine, text_of_lines
from cases.letters.model import Page, ReadError, Word
from cases.letters.reading.lines import Line, page_lines
from cases.letters.reading.pages import read_pages
from cases.letters.reading.text import Break, find_breaks
from cases.letters.reading.unreadable import Unreadable

if TYPE_CHECKING:
    from docx.document import Document

FEWEST_WORDS = 5  # stray marks of a scanner are no text
MOST_UNPACKED = 40 * 1024 * 1024  # bytes of a DOCX, unpacked
MOST_PARTS = 2000
WRAPS_BEYOND = 0.6  # of the page's width: a shorter line was ended by whoever wrote it
COLUMN_GAP = 14.0  # points: no space between two words of a line is as wide
PAGE_FOOT = re.compile(r"\s*(?:page\s+)?\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\s*", re.IGNORECASE)

SCAN = ReadError(
    "no-text-layer",
    "This PDF is a scan: its pages are pictures without text. Paste the words, or run text"
    " recognition (OCR) on it and choose the result.",
)
EMPTY = ReadError("empty", "This file holds no text. Paste the words of the draft instead.")
NOT_A_DOCX = ReadError(
    "not-a-docx",
    "This file can't be read as a Word document. Save it as .docx or PDF, or paste its words.",
)
TOO_LARGE = ReadError(
    "too-large",
    "This Word document is too large when unpacked. Save it without its pictures, or paste its"
    " words.",
)


def read_draft_file(file: BinaryIO, kind: str, max_pages: int) -> DraftFile:
    """The text of a PDF or a DOCX; what is wrong with it is told in `error`."""
    if kind == "docx":
        return read_docx(file)
    return read_pdf_draft(file, max_pages)


def read_pdf_draft(file: BinaryIO, max_pages: int) -> DraftFile:
    try:
        pages = list(read_pages(file, max_pages=max_pages))
    except Unreadable as problem:
        return DraftFile(error=problem.error)
    if sum(len(page.words) for page in pages) < FEWEST_WORDS:
        return DraftFile(error=SCAN)
    return DraftFile(shortened("\n\n".join(filter(None, map(text_of_page, pages)))))


def text_of_page(page: Page) -> str:
    lines = page_lines(page)
    while lines and PAGE_FOOT.fullmatch(lines[-1].text):
        lines = lines[:-1]
    far = WRAPS_BEYOND * page.width
    wraps = [
        one is Break.WRAP and line.x1 > far and not MARKER.match(following.text)
        for one, (line, following) in zip(find_breaks(lines), pairwise(lines), strict=True)
    ] + [False]
    return text_of_lines(
        [
            TableLine(line.top, line.bottom - line.top, cells_of(line), words_of(line), wrapped)
            for line, wrapped in zip(lines, wraps, strict=False)
        ]
    )


def words_of(line: Line) -> tuple[Cell, ...]:
    return tuple((word.x0, word.text) for word in line.words)


def cells_of(line: Line) -> tuple[Cell, ...]:
    """The stretches of a line that wide gaps part, each with where it begins."""
    cells: list[list[Word]] = []
    for word in line.words:
        if cells and word.x0 - cells[-1][-1].x1 < COLUMN_GAP:
            cells[-1].append(word)
        else:
            cells.append([word])
    return tuple((words[0].x0, " ".join(word.text for word in words)) for words in cells)


def read_docx(file: BinaryIO) -> DraftFile:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if "word/document.xml" not in {part.filename for part in parts}:
                return DraftFile(error=NOT_A_DOCX)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return DraftFile(error=TOO_LARGE)
        file.seek(0)
        from docx import Document as open_document  # takes longer to load than a draft to read

        text = "\n".join(docx_lines(open_document(file)))
    except MemoryError:
        raise
    except Exception:  # whatever zipfile, lxml and python-docx let out of a broken file
        return DraftFile(error=NOT_A_DOCX)
    return DraftFile(shortened(text)) if text.strip() else DraftFile(error=EMPTY)


def docx_lines(document: Document) -> Iterator[str]:
    """Paragraphs, each a line; the rows of tables with tabs between their cells; the numbers of
    numbered lists, which Word does not store as text, as dashes."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(distinct_cells([cell.text for cell in row.cells]))
            yield ""
            continue
        style = block.style.name if block.style is not None else ""
        listed = (style or "").startswith("List") and not re.match(r"\s*\(?\d", block.text)
        yield f"- {block.text}" if listed and block.text.strip() else block.text


def distinct_cells(cells: Sequence[str]) -> list[str]:
    """Merged cells are given once for each column that they span."""
    kept: list[str] = []
    for cell in (" ".join(cell.split()) for cell in cells):
        if not kept or cell != kept[-1] or not cell:
            kept.append(cell)
    return kept


def shortened(text: str) -> str:
    return text.replace("\x00", "").replace("\r", "")[:MOST_CHARACTERS]

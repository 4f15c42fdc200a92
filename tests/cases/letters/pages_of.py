"""Pages of words as a PDF reader gives them, set from plain lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cases.letters.model import Page, Word

LEFT, TOP, STEP, SIZE = 72.0, 72.0, 14.0, 12.0


def page_of(number: int, lines: Sequence[str], *, foot: str = "") -> Page:
    """Lines below each other; "" leaves a gap. A tab starts the right half of the page."""
    words: list[Word] = []
    for row, line in enumerate(lines):
        for column, part in enumerate(line.split("\t")):
            words += words_at(part, LEFT + 240 * column, TOP + STEP * row, SIZE)
    return Page(number, 612, 792, (*words, *words_at(foot, 250, 750, 9)))


def words_at(text: str, x: float, top: float, size: float) -> list[Word]:
    words = []
    for word in text.split():
        width = 0.5 * size * len(word)
        words.append(Word(word, x, top, x + width, top + size, "Times", size))
        x += width + 0.25 * size
    return words


def table_of(
    number: int, rows: Sequence[Sequence[Sequence[str]]], *, widths: Sequence[float]
) -> Page:
    """A table whose cells are lines; all but the last line of a cell are set justified."""
    words: list[Word] = []
    top = TOP
    for cells in rows:
        x = LEFT
        for cell, width in zip(cells, widths, strict=True):
            for row, line in enumerate(cell):
                wide = row + 1 < len(cell)
                set_line = words_at(line, x, top + STEP * row, SIZE)
                words += spread(set_line, x + width - 4) if wide else set_line
            x += width
        top += STEP * max(len(cell) for cell in cells) + 4
    return Page(number, 612, 792, tuple(words))


def spread(words: Sequence[Word], right: float) -> list[Word]:
    """The words of a line, moved apart until the last one ends at the right edge."""
    room = right - words[-1].x1
    step = room / max(len(words) - 1, 1)
    return [
        replace(word, x0=word.x0 + step * i, x1=word.x1 + step * i) for i, word in enumerate(words)
    ]

"""Pages of words as a PDF reader gives them, set from plain lines of text."""

from __future__ import annotations

from collections.abc import Sequence

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

"""A page → its words as they stand on it, for a layer over its picture in which to select them."""

from __future__ import annotations

from collections.abc import Iterator

from cases.letters.model import Page, Word
from cases.letters.reading.lines import page_lines

GAP = 0.7  # of a word's height: a wider one parts columns
MOST_RUNS = 4000

Run = tuple[float, float, float, float, str]  # left, top, width, height, words


def page_runs(page: Page) -> list[Run]:
    """Stretches of words in the order of reading; boxes in shares of the page's width and height.

    A word's height counts as a share of the width too: type is sized by it.
    """
    runs = []
    for line in page_lines(page):
        for words in split_at_gaps(line.words):
            first, last = words[0], words[-1]
            text = " ".join(word.text for word in words)
            runs.append(
                (
                    round(first.x0 / page.width, 5),
                    round(min(word.top for word in words) / page.height, 5),
                    round((last.x1 - first.x0) / page.width, 5),
                    round(max(word.bottom - word.top for word in words) / page.width, 5),
                    text,
                )
            )
    return runs[:MOST_RUNS]


def split_at_gaps(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        if run and word.x0 - run[-1].x1 > GAP * (word.bottom - word.top):
            yield run
            run = []
        run.append(word)
    yield run

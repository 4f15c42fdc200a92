"""Words of a page → its lines, from top to bottom, also on a page scanned askew."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, ne

from cases.letters.model import Box, Page, PageText, Word

SLIGHT = 0.002  # points down a point to the right: an eighth of a degree
ENOUGH_PAIRS = 20
NEAR_ROWS = 6  # in which the next word from top to bottom may stand

text_of, top_of, bottom_of = attrgetter("text"), attrgetter("top"), attrgetter("bottom")
x0_of, x1_of = attrgetter("x0"), attrgetter("x1")
by_place, by_height = attrgetter("top", "x0"), attrgetter("top", "bottom")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Words on one baseline; `start` is where the line begins in its page's text.

    A line is equal to itself alone. What is asked of every line again and again is worked out
    once, as it is made.
    """

    page: int
    start: int
    words: tuple[Word, ...]
    text: str = field(init=False, repr=False, compare=False)
    top: float = field(init=False, repr=False, compare=False)
    bottom: float = field(init=False, repr=False, compare=False)
    x1: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keep = object.__setattr__
        keep(self, "text", " ".join(map(text_of, self.words)))
        keep(self, "top", middle(map(top_of, self.words)))
        keep(self, "bottom", middle(map(bottom_of, self.words)))
        keep(self, "x1", max(map(x1_of, self.words)))

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def box(self) -> Box:
        tops, bottoms = map(top_of, self.words), map(bottom_of, self.words)
        return self.x0, min(tops), self.x1, max(bottoms)

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1.0)


def page_lines(page: Page) -> tuple[Line, ...]:
    """The lines of a page from top to bottom, words from left to right."""
    words = [word for word in page.words if word.text.strip()]
    slope = slope_of(words)
    rows: list[list[Word]] = []
    for run in level_runs(words, slope):
        first = run[0]
        for row in reversed(rows[-NEAR_ROWS:]):
            if (slope or first.top < row[0].bottom) and on_one_line(row[0], first, slope):
                row.extend(run)
                break
        else:
            rows.append(run)
    lines, start = [], 0
    for row in sorted(rows, key=lambda row: row[0].top - slope * row[0].x0):
        line = Line(page.number, start, tuple(sorted(row, key=x0_of)))
        lines.append(line)
        start += len(line.text) + 1
    return tuple(lines)


def level_runs(words: Sequence[Word], slope: float) -> Iterator[list[Word]]:
    """The words from top to bottom, those in a row that reach from one height to another, which
    stand on one line whichever it is: on an even page only the first of a run has to find its."""
    if slope:
        ordered = sorted(words, key=lambda word: (word.top - slope * word.x0, word.x0))
        yield from ([word] for word in ordered)
        return
    for _, same in itertools.groupby(sorted(words, key=by_place), by_height):
        run = list(same)
        if on_one_line(run[0], run[0]):
            yield run
        else:  # too flat to stand on one line with any
            yield from ([word] for word in run)


def middle(values: Iterable[float]) -> float:
    """The median, without what `statistics` does to allow for other numbers."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def slope_of(words: Sequence[Word]) -> float:
    """How much lower a word stands a point further right: not 0 on a page scanned askew.

    Judged by neighbors on a line; below SLIGHT, what an even page shows, it is 0.
    """
    bottoms = list(map(bottom_of, words))
    uneven = itertools.compress(itertools.pairwise(words), map(ne, bottoms, bottoms[1:]))
    if not any(are_neighbors(before, after) for before, after in uneven):
        return 0.0
    slopes = [
        (after.bottom - before.bottom) / (after.x0 - before.x0)
        for before, after in itertools.pairwise(words)
        if are_neighbors(before, after)
    ]
    slope = middle(slopes) if len(slopes) >= ENOUGH_PAIRS else 0.0
    return slope if abs(slope) > SLIGHT else 0.0


def are_neighbors(before: Word, after: Word) -> bool:
    """Do they follow each other on one line, or nearly so?"""
    height = before.bottom - before.top
    return (
        before.x1 <= after.x0 < before.x1 + 2 * height
        and abs(after.bottom - before.bottom) < 0.3 * height
    )


def on_one_line(first: Word, second: Word, slope: float = 0.0) -> bool:
    drop = slope * (second.x0 - first.x0)
    overlap = min(first.bottom, second.bottom - drop) - max(first.top, second.top - drop)
    lower = min(first.bottom - first.top, second.bottom - second.top)
    return overlap > 0.5 * max(lower, 0.1)


def page_text(page: Page, lines: Iterable[Line]) -> PageText:
    text = "\n".join(line.text for line in lines)
    return PageText(page.number, page.width, page.height, text)

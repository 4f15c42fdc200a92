"""Runs of text on a page → its words, as pdfplumber makes them of characters.

On a plain page the runs of a line stand one after another; where they lie over each other, the
order of every character counts, and `Unsure` leaves the page to the reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from cases.letters.model import Word
from cases.letters.reading.characters import (
    STRIKE,
    WATERMARK_SIZE,
    WORD_GAP,
    largest_size,
    readable,
)
from cases.letters.reading.fast.runs import OVERLAP, Fragment, Run, Unsure

LINE_GAP = 3  # points by which the tops of characters of one line may differ, from one to the next


def page_words(runs: Sequence[Run]) -> Iterator[Word]:
    """The words of a page, line by line.

    Raises:
        Unsure: runs lie over each other, or so close that one may be struck over another.
    """
    for line in lines_of(without_watermark(runs)):
        line.sort(key=lambda run: run.x0)
        check_line(line)
        yield from line_words(line)


def without_watermark(runs: Sequence[Run]) -> Sequence[Run]:
    if all(run.size <= WATERMARK_SIZE for run in runs):
        return runs
    largest = largest_size(run.size for run in runs for _ in range(run.char_count))
    return [run for run in runs if run.size <= largest]


def lines_of(runs: Sequence[Run]) -> Iterable[list[Run]]:
    """Runs whose tops lie close together, from the top of the page down."""
    lines: dict[float, list[Run]] = {}
    before: float | None = None
    for top in sorted({run.top for run in runs}):
        lines[top] = lines[before] if before is not None and top <= before + LINE_GAP else []
        before = top
    for run in runs:
        lines[run.top].append(run)
    return {id(line): line for line in lines.values()}.values()


def check_line(line: Sequence[Run]) -> None:
    reached = reached_glyph = float("-inf")
    for run in line:
        if run.x0 < reached:
            raise Unsure("text over other text")
        reached = run.last_x0
        if not run.fragments:
            continue
        if run.fragments[0][0] < reached_glyph + min(STRIKE, OVERLAP * run.size):
            raise Unsure("text struck twice")
        reached_glyph = run.glyph_x0


def line_words(line: Sequence[Run]) -> Iterator[Word]:
    """The words of a line: fragments with no space and no wide gap between them are one."""
    word: list[tuple[Run, Fragment]] = []  # that may go on
    parted = False
    for run in line:
        if not run.fragments:
            parted = True
            continue
        *inner, last = run.fragments
        if word and (parted or run.opens or begins_word(*word[-1], run, run.fragments[0])):
            yield joined_word(word)
            word = []
        if inner and word:
            word.append((run, inner.pop(0)))
            yield joined_word(word)
            word = []
        for x0, x1, text in inner:
            yield make_word(readable_text(text), x0, run.top, x1, run.bottom, run.font, run.size)
        word.append((run, last))
        parted = run.ends
    if word:
        yield joined_word(word)


def begins_word(before: Run, left: Fragment, run: Run, right: Fragment) -> bool:
    return right[0] > left[1] + WORD_GAP * before.size or abs(run.top - before.top) > LINE_GAP


def joined_word(parts: Sequence[tuple[Run, Fragment]]) -> Word:
    run, (x0, x1, text) = parts[0]
    if len(parts) == 1:
        return make_word(readable_text(text), x0, run.top, x1, run.bottom, run.font, run.size)
    return make_word(
        readable_text("".join(text for _, (_, _, text) in parts)),
        x0,
        min(one.top for one, _ in parts),
        max(x1 for _, (_, x1, _) in parts),
        max(one.bottom for one, _ in parts),
        run.font,
        run.size,
    )


def make_word(
    text: str, x0: float, top: float, x1: float, bottom: float, font: str, size: float
) -> Word:
    """The same as `Word(…)`, which as a frozen dataclass takes twice as long to fill."""
    word = object.__new__(Word)
    set_text(word, text)
    set_x0(word, x0)
    set_top(word, top)
    set_x1(word, x1)
    set_bottom(word, bottom)
    set_font(word, font)
    set_size(word, size)
    return word


set_text, set_x0, set_top, set_x1, set_bottom, set_font, set_size = (
    vars(Word)[field.name].__set__ for field in fields(Word)
)


def readable_text(text: str) -> str:
    return text if text.isascii() and "(cid:" not in text else readable(text)

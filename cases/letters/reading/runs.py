"""Runs of text on a page → its words, as pdfplumber makes them of characters.

A run is what one operator shows. On a plain page the runs of a line stand one after another, and
its words are found without looking at single characters. Where anything overlaps or stands askew,
words hang on the order of every character, and `Unsure` leaves the page to the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pdfminer.utils import Matrix

from cases.letters.model import Word
from cases.letters.reading.characters import (
    STRIKE,
    WATERMARK_SIZE,
    WORD_GAP,
    is_level,
    largest_size,
    readable,
)
from cases.letters.reading.glyphs import GLYPH, MARK, MOVE, SPACE, UNSURE, Advances, Glyphs

LINE_GAP = 3  # points by which the tops of characters of one line may differ, from one to the next
# Below these shares, glyphs keep the order and the distance that they have in the text.
NARROW_GAP = 0.99 * WORD_GAP
OVERLAP = 0.5
WIDE = ","  # a kind beside those of glyphs: a move that may part words
WORD = re.compile(f"{GLYPH}(?:[{GLYPH}{MOVE}]*{GLYPH})?")
SINGLE = re.compile(GLYPH)


class Unsure(Exception):
    """The fast reader might read otherwise than the reference; the message says why."""


class Sheet(NamedTuple):
    """A page's size, and where its media box puts what pdfminer places."""

    x0: float
    top: float
    width: float
    height: float


class Fragment(NamedTuple):
    """Glyphs of a run that no space parts."""

    x0: float
    last_x0: float  # where its last glyph begins
    x1: float
    text: str
    parted: bool  # from what stands before it in the run, by a space


class Run(NamedTuple):
    x0: float
    last_x0: float  # where its last glyph begins, be it a space
    fragments: Sequence[Fragment]
    parted: bool  # by a space, from what follows it
    top: float
    bottom: float
    size: float
    font: str
    char_count: int


class Face(NamedTuple):
    """A font as the text state sets it."""

    glyphs: Glyphs
    advances: Advances
    size: float
    charspace: float
    rise: float


def cut_run(
    codes: str,
    starts: Sequence[float],
    moves: Sequence[float],
    face: Face,
    matrix: Matrix,
    sheet: Sheet,
) -> Run | None:
    """The run of `codes`, cut into fragments; None for text that is not level.

    Args:
        starts: where on the text's line each code begins.
        moves: what each MARK moves the glyph behind it.
    """
    if not is_level(matrix):
        return None
    a, b, c, d, e, f = matrix
    if b or c or d <= 0 or face.advances.scaling <= 0 or face.size <= 0:
        raise Unsure("text set askew")
    low = face.glyphs.font.get_descent() * face.size + face.rise
    y0, y1 = d * low + f, d * (low + face.size) + f
    kinds = kinds_of(codes, starts, moves, face, (y1 - y0) / a)
    bare = kinds.rstrip(MOVE + WIDE)
    first = len(kinds) - len(kinds.lstrip(MOVE + WIDE))
    if first == len(kinds):
        return None
    return Run(
        (starts[first] * a + e) + sheet.x0,
        (starts[len(bare) - 1] * a + e) + sheet.x0,
        fragments_of(codes, kinds, starts, face, (a, e, sheet.x0)),
        bare[-1] == SPACE,
        (sheet.height - y1) + sheet.top,
        (sheet.height - y0) + sheet.top,
        y1 - y0,
        face.glyphs.font.fontname,
        len(codes) - len(moves),
    )


def kinds_of(
    codes: str, starts: Sequence[float], moves: Sequence[float], face: Face, size: float
) -> str:
    """The kinds of the glyphs, with WIDE where a move may part words.

    Args:
        size: the type's size in units of the line.
    """
    kinds = codes.translate(face.glyphs.kinds)
    if UNSURE in kinds:
        raise Unsure("glyphs without width or text")
    if not moves and not face.charspace:
        return kinds
    least, most = min(moves, default=0.0), max(moves, default=0.0)
    twice = MARK + MARK in codes
    if twice or min(least, 0.0) + face.charspace < -OVERLAP * face.advances.narrowest:
        check_order(codes, kinds, starts, face.advances)
    if twice or most + face.charspace > NARROW_GAP * size:
        wide = iter(moves)
        limit = -1.0 if twice else NARROW_GAP * size - face.charspace
        kinds = re.sub(re.escape(MOVE), lambda _: WIDE if next(wide) > limit else MOVE, kinds)
    return kinds


def check_order(codes: str, kinds: str, starts: Sequence[float], advances: Advances) -> None:
    """Raises Unsure where a glyph begins before the one ahead of it, or lies over it by half."""
    seen = [i for i, kind in enumerate(kinds) if kind in (GLYPH, SPACE)]
    if any(starts[j] < starts[i] for i, j in pairwise(seen)):
        raise Unsure("glyphs out of order")
    for i, j in pairwise(i for i in seen if kinds[i] == GLYPH):
        width = advances[codes[j]]
        if starts[j] - starts[i] < OVERLAP * width or (
            starts[j] + width < starts[i] + advances[codes[i]]
        ):
            raise Unsure("glyphs over each other")


def fragments_of(
    codes: str,
    kinds: str,
    starts: Sequence[float],
    face: Face,
    place: tuple[float, float, float],
) -> list[Fragment]:
    a, e, shift = place
    texts = face.glyphs.texts
    advances = face.advances
    whole = codes.translate(texts)
    aligned = len(whole) == len(codes)
    apart = face.charspace > 0 and is_wide(face)
    found: list[Fragment] = []
    end = 0
    for match in (SINGLE if apart else WORD).finditer(kinds):
        start, stop = match.span()
        last = stop - 1
        begins = starts[last] * a + e
        text = whole[start:stop] if aligned else codes[start:stop].translate(texts)
        found.append(
            Fragment(
                (starts[start] * a + e) + shift,
                begins + shift,
                (a * advances[codes[last]] + begins) + shift,
                text.replace(MARK, "") if MARK in text else text,
                kinds.find(SPACE, end, start) >= 0,
            )
        )
        end = stop
    return found


def is_wide(face: Face) -> bool:
    """May character spacing alone part words?"""
    return face.charspace > NARROW_GAP * face.size * face.advances.scaling


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
        if run.fragments[0].x0 < reached_glyph + min(STRIKE, OVERLAP * run.size):
            raise Unsure("text struck twice")
        reached_glyph = run.fragments[-1].last_x0


def line_words(line: Sequence[Run]) -> Iterator[Word]:
    """The words of a line: fragments with no space and no wide gap between them are one."""
    word: list[tuple[Run, Fragment]] = []
    parted = True
    for run in line:
        for fragment in run.fragments:
            if word and (parted or fragment.parted or begins_word(*word[-1], run, fragment)):
                yield joined_word(word)
                word = []
            word.append((run, fragment))
            parted = False
        # A run of spaces only has no fragments, and parts words as one that ends in a space.
        parted = parted or run.parted
    if word:
        yield joined_word(word)


def begins_word(before: Run, left: Fragment, run: Run, right: Fragment) -> bool:
    return right.x0 > left.x1 + WORD_GAP * before.size or abs(run.top - before.top) > LINE_GAP


def joined_word(parts: Sequence[tuple[Run, Fragment]]) -> Word:
    run, fragment = parts[0]
    if len(parts) == 1:
        text, x1, top, bottom = fragment.text, fragment.x1, run.top, run.bottom
    else:
        text = "".join(part.text for _, part in parts)
        x1 = max(part.x1 for _, part in parts)
        top = min(one.top for one, _ in parts)
        bottom = max(one.bottom for one, _ in parts)
    if not text.isascii() or MARK in text or "(cid:" in text:
        text = readable(text)
    return Word(text, fragment.x0, top, x1, bottom, run.font, run.size)

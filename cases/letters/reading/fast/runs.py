"""What one operator shows → runs of text with their place on the page.

Words are found without looking at single characters, for within a run glyphs stand one after
another. Where they do not, or the run is askew, words hang on the order of every character on the
page, and `Unsure` leaves the page to the reference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pdfminer.utils import Matrix

from cases.letters.reading.characters import WORD_GAP, is_level
from cases.letters.reading.fast.glyphs import (
    EMPTY,
    GLYPH,
    MARK,
    MOVE,
    SPACE,
    UNSURE,
    Advances,
    Glyphs,
)

# Below these shares, glyphs keep the order and the distance that they have in the text.
NARROW_GAP = 0.99 * WORD_GAP
OVERLAP = 0.5
WIDE = ","  # a kind beside those of glyphs: a move that may part words
MOVES = MOVE + WIDE
FRAGMENT = re.compile(f"{GLYPH}(?:[{GLYPH}{MOVE}]*{GLYPH})?|{EMPTY}")
SEGMENT = re.compile(f"{EMPTY}|[^{WIDE}{EMPTY}]+")
SPACED_SEGMENT = re.compile(f"[{GLYPH}{EMPTY}]|[^{GLYPH}{EMPTY}]+")


class Unsure(Exception):
    """The fast reader might read otherwise than the reference; the message says why."""


class Sheet(NamedTuple):
    """A page's size, and where its media box puts what pdfminer places."""

    x0: float
    top: float
    width: float
    height: float


# Glyphs that no space parts: x0, x1, text. A plain tuple, for there are many.
Fragment = tuple[float, float, str]


class Run(NamedTuple):
    """Fragments with spaces between them."""

    x0: float
    last_x0: float  # where its last glyph begins, be it a space
    glyph_x0: float  # the same for the last that is no space
    fragments: Sequence[Fragment]
    opens: bool  # begins with a space
    ends: bool  # ends with one
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
    least_space: float  # between two glyphs; below zero where spacing draws them together
    rise: float


def cut_runs(
    codes: str,
    starts: Sequence[float],
    moves: Sequence[float],
    face: Face,
    matrix: Matrix,
    sheet: Sheet,
) -> list[Run]:
    """The runs of `codes`: one, unless moves in it may part words. None for text not level.

    Args:
        starts: where on the text's line each code begins.
        moves: what each MARK moves the glyph behind it.
    """
    if not is_level(matrix):
        return []
    a, b, c, d, e, f = matrix
    if b or c or d <= 0 or face.advances.scaling <= 0 or face.size <= 0:
        raise Unsure("text set askew")
    low = face.glyphs.font.get_descent() * face.size + face.rise
    y0, y1 = d * low + f, d * (low + face.size) + f
    size = y1 - y0
    top, bottom = (sheet.height - y1) + sheet.top, (sheet.height - y0) + sheet.top
    kinds = kinds_of(codes, starts, moves, face, size / a)
    runs: list[Run] = []
    for first, end in segments(kinds, spaced=face.charspace > NARROW_GAP * size / a):
        part = kinds[first:end]
        bare = part.strip(MOVES)
        if not bare:
            continue
        begin = first + part.index(bare[0])
        last_glyph = begin + len(bare.rstrip(MOVE + SPACE)) - 1
        place = (a, e, sheet.x0)
        fragments = (
            fragments_of(codes, kinds, (first, end), starts, face, place) if bare != SPACE else ()
        )
        run = Run(
            (starts[begin] * a + e) + sheet.x0,
            (starts[begin + len(bare) - 1] * a + e) + sheet.x0,
            (starts[last_glyph] * a + e) + sheet.x0,
            fragments,
            bare[0] == SPACE,
            bare[-1] == SPACE,
            top,
            bottom,
            size,
            face.glyphs.font.fontname,
            len(bare) - bare.count(MOVE),
        )
        runs.append(run)
    return runs


def kinds_of(
    codes: str, starts: Sequence[float], moves: Sequence[float], face: Face, size: float
) -> str:
    """The kinds of the glyphs, with WIDE where a move may part words.

    Args:
        size: the type's size in units of the line.
    """
    kinds = codes.translate(face.glyphs.kinds)
    if UNSURE in kinds:
        raise Unsure("glyphs without text")
    empty = EMPTY in kinds
    if empty and kinds.count(EMPTY) > 1:
        raise Unsure("glyphs without width")
    if not moves and face.least_space >= 0:
        return kinds
    least, most = (min(moves), max(moves)) if moves else (0.0, 0.0)
    twice = MARK + MARK in codes
    if twice or empty or min(least, 0.0) + face.least_space < -OVERLAP * face.advances.narrowest:
        check_order(codes, kinds, starts, face.advances)
    limit = NARROW_GAP * size - face.charspace
    if twice or most > limit:
        wide = iter(moves)
        least_wide = -1.0 if twice else limit
        kinds = "".join(
            [kind if kind != MOVE or next(wide) <= least_wide else WIDE for kind in kinds]
        )
    return kinds


def segments(kinds: str, *, spaced: bool) -> Sequence[tuple[int, int]]:
    """The parts of a string of kinds in which only spaces part words."""
    if spaced:
        return [match.span() for match in SPACED_SEGMENT.finditer(kinds)]
    if WIDE in kinds or EMPTY in kinds:
        return [match.span() for match in SEGMENT.finditer(kinds)]
    return [(0, len(kinds))]


def check_order(codes: str, kinds: str, starts: Sequence[float], advances: Advances) -> None:
    """Raises Unsure where a glyph begins before the one ahead of it, or lies over it by half."""
    seen = [i for i, kind in enumerate(kinds) if kind in (GLYPH, EMPTY, SPACE)]
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
    segment: tuple[int, int],
    starts: Sequence[float],
    face: Face,
    place: tuple[float, float, float],
) -> Sequence[Fragment]:
    first, end = segment
    a, e, shift = place
    advances = face.advances
    texts = codes[first:end].translate(face.glyphs.texts).replace(MARK, "").split()
    spans = [match.span() for match in FRAGMENT.finditer(kinds, first, end)]
    if len(texts) != len(spans):
        raise Unsure("glyphs without text")
    x0s = [(starts[begin] * a + e) + shift for begin, _ in spans]
    x1s = [
        (a * advances[codes[stop - 1]] + (starts[stop - 1] * a + e)) + shift for _, stop in spans
    ]
    return list(zip(x0s, x1s, texts, strict=True))

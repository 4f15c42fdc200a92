"""Where an annotation stands in a text: offsets in Unicode code points, quote and context.

Pure: text in, dataclasses out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Anchor:
    """W3C TextPositionSelector (start, end) and TextQuoteSelector (the rest) in one."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text under the same annotations; `ids` in the order they were given."""

    text: str
    ids: tuple[int, ...]


def anchor_for(text: str, start: int, end: int) -> Anchor:
    """Raises ValueError when no words of the text stand there."""
    if not 0 <= start < end <= len(text):
        raise ValueError("These words are not in the text.")
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(start, end, text[start:end], prefix, suffix)


def find_quote(text: str, quote: str) -> list[int]:
    """Every place at which the quote begins, overlapping ones too."""
    places, at = [], text.find(quote) if quote else -1
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


def segments(text: str, ranges: Iterable[tuple[int, int, int]]) -> list[Segment]:
    """The text cut wherever an annotation (id, start, end) begins or ends."""
    ranges = [(id_, max(0, start), min(end, len(text))) for id_, start, end in ranges]
    cuts = {0, len(text)} | {edge for _, start, end in ranges for edge in (start, end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    return [
        Segment(text[a:b], tuple(id_ for id_, start, end in ranges if start <= a and b <= end))
        for a, b in itertools.pairwise(edges)
        if a < b
    ]

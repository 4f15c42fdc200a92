"""Where some words of a field stand on the letter's pages.

A field's spans mark all of it. Its text is reflowed (other spaces, hyphens gone at line ends), so
words are found by their letters and digits alone, counted from the beginning of the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Span = dict[str, Any]


def spans_of_words(
    spans: Sequence[Span], pages: Mapping[int, str], text: str, start: int, end: int
) -> list[Span]:
    """The lines, cut to the words, that hold text[start:end] of a field; none where the pages have
    other words than the field, as after a correction."""
    lines = list(lines_of(spans, pages))
    if signs("".join(words for *_, words in lines)) != signs(text):
        return []
    first = len(signs(text[:start]))
    last = first + len(signs(text[start:end]))
    found, at = [], 0
    for page, box, words in lines:
        count = len(signs(words))
        low, high = max(first - at, 0), min(last - at, count)
        if low < high:
            found.append({"page": page, "boxes": [cut(box, low / count, high / count)]})
        at += count
    return found


def lines_of(spans: Sequence[Span], pages: Mapping[int, str]) -> Iterator[tuple[int, Any, str]]:
    """The lines of the spans, each with its page and box; none of a span whose text has changed."""
    for span in spans:
        lines = pages.get(span["page"], "")[span["start"] : span["end"]].split("\n")
        if len(lines) == len(span["boxes"]):
            for line, box in zip(lines, span["boxes"], strict=True):
                yield span["page"], box, line


def signs(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def cut(box: Sequence[float], start: float, end: float) -> list[float]:
    """A part of a line's box, by shares of its width."""
    left, top, right, bottom = box
    width = right - left
    return [left + start * width, top, left + end * width, bottom]

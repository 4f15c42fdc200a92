"""The text of a draft as it is read: wrapped lines joined, sentences apart.

`flow` changes characters in place, so that every offset in it is one of the draft's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

Range = tuple[int, int]

LONG = 60  # characters: where no line is as long, none of them wrapped
FULL = 0.82  # of the longest line, which the next word would not have fitted into
GOES_ON = 40  # characters of a line that a small letter goes on from
MARKER = re.compile(
    r"\s*(?:[•▪●◦‣·*–—-]\s|\(?\d{1,2}[.)]\s|\(?[a-zA-Z][.)]\s|#\d{1,2}\b|[A-Z][\w()/ ,&'-]{0,60}:)"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:Drs?|Mrs?|Ms|St|vs|No|Nos|Inc|approx|e\.g|i\.e|etc|cf|al|pp?|pgs?|Sec|Ch|Chap|Fig"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|M\.D|D\.C|D\.O|R\.N|ed|Qty|qty)|\b[A-Z])\.$"
)
ITEM_NUMBER = re.compile(r"\(?\d{1,2}\.")
STOP = re.compile(r"[.?!][\"'”’)\]]*(?=\s)|\n\s*")


@lru_cache(maxsize=8)
def flow(text: str) -> str:
    """The text with a space for each line end at which a line only wrapped."""
    lines = text.split("\n")
    longest = max((len(line) for line in lines), default=0)
    parts = [
        line + (" " if wraps(line, following, longest) else "\n")
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
    ]
    return "".join(parts)[: len(text)]


def wraps(line: str, following: str, longest: int) -> bool:
    """Whether a line ends only because the next word did not fit."""
    words = following.split(maxsplit=1)
    if not words or "\t" in line or "\t" in following or MARKER.match(following):
        return False
    if line.rstrip().endswith((":", ";")):
        return False
    if words[0][0].islower() and len(line) >= GOES_ON:
        return True
    return longest >= LONG and len(line) + 1 + len(words[0]) >= FULL * longest


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[Range, ...]:
    """The sentences of a text whose lines end only where something ends, without outer space."""
    return tuple(trimmed(text, *one) for one in raw_sentences(text) if text[slice(*one)].strip())


def raw_sentences(text: str) -> Iterator[Range]:
    start = 0
    for stop in STOP.finditer(text):
        if stop[0][0] != "\n" and not ends_sentence(text, start, stop):
            continue
        yield start, stop.end()
        start = stop.end()
    yield start, len(text)


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    before = text[start : stop.start() + 1].lstrip()
    if ITEM_NUMBER.fullmatch(before) or ABBREVIATION.search(before[-12:]):
        return False
    return not text[stop.end() : stop.end() + 40].lstrip()[:1].islower()


def trimmed(text: str, start: int, end: int) -> Range:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def line_number(text: str, offset: int) -> int:
    """The line, counted from 1, that the offset stands in."""
    return text.count("\n", 0, offset) + 1

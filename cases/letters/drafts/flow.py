"""The text of a draft as it is read: wrapped lines joined, sentences apart.

`flow` changes characters in place, so that every offset in it is one of the draft's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

Range = tuple[int, int]

LEAST = 40  # characters of a line that wraps
NEAR_FULL = 0.7  # of the longest line, where a small letter goes on from it
FULL = 0.82  # of the lines that wrap for sure, which the next word would not have fitted into
UNENDED = re.compile(r"(?:,|\b(?:and|or|of|the|an?|for|to|in|with|by|per|from|on))\s*$")
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
    pairs = list(zip(lines, [*lines[1:], ""], strict=True))
    longest = max(map(len, lines), default=0)
    sure = [len(line) for line, following in pairs if goes_on(line, following, longest)]
    width = max(sure, default=0)
    parts = [
        line + (" " if goes_on(*pair, longest) or is_full(*pair, width) else "\n")
        for line, pair in zip(lines, pairs, strict=True)
    ]
    return "".join(parts)[: len(text)]


def may_wrap(line: str, following: str) -> bool:
    if not following.strip() or "\t" in line or "\t" in following or len(line) < LEAST:
        return False
    return not (line.rstrip().endswith((":", ";")) or MARKER.match(following))


def goes_on(line: str, following: str, longest: int) -> bool:
    """Whether a line goes on in the next for sure: with a small letter, from a long line, or from
    a word that ends nothing."""
    if not may_wrap(line, following):
        return False
    if UNENDED.search(line):
        return True
    return following.lstrip()[0].islower() and len(line) >= NEAR_FULL * longest


def is_full(line: str, following: str, width: int) -> bool:
    """Whether the next word did not fit, in a text whose lines wrap at this width."""
    if not width or not may_wrap(line, following):
        return False
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) >= FULL * width


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


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """The lines with their numbers, without empty ones at the end."""
    return list(enumerate(text.rstrip().split("\n"), 1))

"""Which lines of a letter's pages are running heads, feet and page numbers.

They belong to no field. A line is one when it stands at the page's edge and either is nothing but
a page number, names the letter in few words, or stands so on other pages of the letter as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .text import Line

EDGE_LINES = 3
PAGE_NUMBER = re.compile(
    r"(?:[-–—|~\[(]\s*)?(?:page|pg\.?|p\.)?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–—|~\])]?",
    re.IGNORECASE,
)
CASE_NUMBER = re.compile(r"CM\s?\d{2}\s?-\s?\d{7}", re.IGNORECASE)
# What a running line that names the letter is made of, besides numbers.
NAMES_THE_LETTER = re.compile(
    r"\b(?:final|determination|letter|for|imr|case|number|no|page|of|maximus|federal|services|inc"
    r"|independent|medical|review|notice|confidential|continued|date|dated|the)\b",
    re.IGNORECASE,
)
LONGEST = 14  # words


def body_lines(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of a letter without its running heads and feet."""
    repeated = repeated_lines(pages)
    kept: list[Line] = []
    for number, lines in enumerate(pages):
        first, last = 0, len(lines)
        # A first page opens with the letter's own header, which is no running head.
        if number > 0:
            first = count_running(lines[:EDGE_LINES], repeated)
        last -= count_running(tuple(reversed(lines[first:]))[:EDGE_LINES], repeated)
        kept.extend(lines[first:last])
    return kept


def count_running(edge: Sequence[Line], repeated: frozenset[str]) -> int:
    """How many lines, from the page's edge inwards, are running ones."""
    count = 0
    for line in edge:
        if not is_running(line, repeated):
            break
        count += 1
    return count


def is_running(line: Line, repeated: frozenset[str]) -> bool:
    text = line.text.strip()
    if PAGE_NUMBER.fullmatch(text):
        return True
    if len(line.words) > LONGEST:
        return False
    if shape(line) in repeated:
        return True
    without_number = CASE_NUMBER.sub("", text)
    if without_number != text:
        return not re.sub(r"[\W\d_]+", "", NAMES_THE_LETTER.sub("", without_number))
    return bool(
        re.fullmatch(
            r"(?:imr\s*)?(?:final\s*)?determination(?:\s*letter)?(?:\s*[-–|,]?\s*(?:page\s*)?\d+(?:\s*of\s*\d+)?)?",
            text,
            re.IGNORECASE,
        )
        or re.search(r"\bpage\s*\d+\s*of\s*\d+$", text, re.IGNORECASE)
        or re.match(r"page\s*\d+\s*of\s*\d+\b", text, re.IGNORECASE)
    )


def shape(line: Line) -> str:
    """A line's text with its numbers blanked, so that page 2 and page 3 look alike."""
    return re.sub(r"\d+", "#", line.text.lower())


def repeated_lines(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Shapes that stand at the same height on the edge of two or more pages of the letter."""
    places: Counter[tuple[str, int, str]] = Counter()
    for number, lines in enumerate(pages):
        tops = lines[:EDGE_LINES] if number > 0 else ()
        for side, edge in (("head", tops), ("foot", lines[-EDGE_LINES:])):
            for key in {(side, round(line.top / 4), shape(line)) for line in edge}:
                places[key] += 1
    return frozenset(text for (_, _, text), count in places.items() if count > 1)

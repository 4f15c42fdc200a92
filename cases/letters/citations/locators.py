"""Where in a guideline a citation points: page ranges and the topic or section beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cases.letters.model import PageRange

DASH = r"(?:-|–|—|‑|\bto\b|\bthrough\b)"
RANGE = rf"\d{{1,4}}(?:\s*{DASH}\s*\d{{1,4}})?(?:\s*of\s*\d{{1,4}})?"
# After a comma a lone year is a year, not the next page.
NEXT = rf"(?!(?:19|20)\d\d(?!\s*[-–—\d])){RANGE}(?![\w-]|\(|\.\d)"
LIST = rf"{RANGE}(?:\s*(?:,\s*and\b|,\s*&|,|;|&|\band\b)\s*{NEXT})*"
PAGES = re.compile(
    rf"[,;(]?\s*\b(?:pages?\s*(?:\(\s*s\s*\)|numbers?)?|pgs?|pp?)\s*[.:#]?\s*:?\s*(?P<list>{LIST})\)?",
    re.IGNORECASE,
)
ONE_RANGE = re.compile(rf"(\d{{1,4}})(?:\s*{DASH}\s*(\d{{1,4}}))?(?:\s*of\s*\d{{1,4}})?", re.I)
# What stands beside a topic and is none: regulations, editions, years, short names in brackets.
NO_SECTION = re.compile(
    r"\bSections?\s*(?:\(\s*s\s*\))?\s*:|(?<!\w)\(?(?:CA|California)?\s*(?:title\s*)?8,?\s*"
    r"C\.?\s*C\.?\s*R\.?\)?,?\s*(?:§+|sections?)?\s*[\d.]+\w?(?:\s*[-–]\s*[\d.]+)?\)?"
    r"|(?:§+\s*)?\b9792\.\d+(?:\.\d+)?(?:\([a-z]\)|[a-z]\b)?(?:\s*[-–]\s*9792[\d.]+)?"
    r"|\(\s*(?:19|20)\d\d\s*\)|\(\s*(?:effective|revised)[^)]*\)"
    r"|\(\s*(?:ODG|MTUS|ACOEM)\s*\)|,\s*MTUS\s*$"
    r"|,?\s*\(?\s*(?:\d+(?:st|nd|rd|th)|second|third)\s+ed(?:ition\b|\.|n\.?)(?:\s*\(web\))?"
    r"(?:,?\s*\(?(?:19|20)\d\d)?\)?",
    re.IGNORECASE,
)
LEADING_YEAR = re.compile(r"^[\s,;:.(-]*(?:19|20)\d\d\b\)?")
LEADING_WORDS = re.compile(
    r"^[\s,;:.]*(?:Guidelines?|Chapter)\b(?=\s*(?:[,;:.]|\0|$))", re.IGNORECASE
)
SECTION_WORD = re.compile(r"^[\s,;:]*sections?\b\s*(?:on\b|:)?\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
TOPIC = re.compile(r"[\s,]*\btopics?\s*[.:]?\s*$", re.IGNORECASE)
NOTHING = {
    "and",
    "the",
    "guidelines",
    "guideline",
    "citation",
    "of",
    "in",
    "section",
    "sections",
    "chapter",
}
BRACKETS = {"(": 1, ")": -1}
EDGE = " \t\n,;:.–—-"


def read_pages(text: str) -> tuple[tuple[PageRange, ...], list[tuple[int, int]]]:
    """Page ranges as written, and where they stand. Years, tables and sections are none."""
    ranges: list[PageRange] = []
    spots: list[tuple[int, int]] = []
    for match in PAGES.finditer(text):
        spots.append(match.span())
        ranges.extend(ranges_in(match["list"]))
    return tuple(ranges), spots


def ranges_in(written: str) -> tuple[PageRange, ...]:
    return tuple(page_range(one) for one in ONE_RANGE.finditer(written))


def range_in_words(first: int, last: int) -> str:
    """125, 126 → "125-126"."""
    return str(first) if first == last else f"{first}-{last}"


def ranges_in_words(pages: Iterable[Sequence[int]]) -> str:
    """[[125, 126], [130, 130]] → "125-126, 130"."""
    return ", ".join(range_in_words(first, last) for first, last in pages)


def page_range(match: re.Match[str]) -> PageRange:
    first = int(match[1])
    if match[2] is None:
        return first, first
    last = int(match[2])
    if last < first and len(match[2]) < len(match[1]):  # "125-6" is 125-126
        last = int(match[1][: len(match[1]) - len(match[2])] + match[2])
    return (first, last) if last >= first else (first, first)


def read_section(rest: str, spots: list[tuple[int, int]]) -> str | None:
    """What stands beside the pages: the topic as written."""
    parts, at = [], 0
    for start, end in [*spots, (len(rest), len(rest))]:
        parts.append(rest[at:start])
        at = end
    kept: list[str] = []
    for part in parts:
        part = LEADING_YEAR.sub(" ", drop_placeholder(part))
        part = LEADING_WORDS.sub(" ", part)
        part = balance_brackets(" ".join(SECTION_WORD.sub("", part).split()).strip(EDGE))
        part = TOPIC.sub("", part).strip(EDGE)
        if whole := IN_BRACKETS.fullmatch(part):
            part = whole[1]
        if part.strip("()[] ") and part.lower() not in NOTHING:
            kept.append(part)
    return ", ".join(kept) or None


def drop_placeholder(part: str) -> str:
    return re.sub(r"\s*\0\s*(?=[,;])", "", NO_SECTION.sub("\0", part)).replace("\0", " ")


def balance_brackets(text: str) -> str:
    """Without a bracket at either end that has lost its other half."""
    start, end = 0, len(text)
    excess = text.count("(") - text.count(")")
    while excess and start < end:
        if text[start] in "()":
            excess -= BRACKETS[text[start]]
            start += 1
        elif text[end - 1] in "()":
            end -= 1
            excess -= BRACKETS[text[end]]
        else:
            break
        while start < end and text[start] in EDGE:
            start += 1
        while start < end and text[end - 1] in EDGE:
            end -= 1
    return text[start:end].strip(EDGE)

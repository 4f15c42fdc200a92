"""Which lines of a letter's pages are running heads, feet and page numbers.

They belong to no field. A line is one only where that is proven: it is the page's own number, it
names the letter in few words, or it stands so on other pages of the letter as well, but for its
numbers. In doubt it is text: a letter may have no running lines at all, and each page of it then
begins in the middle of a sentence, a request or a citation.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cases.letters.citations.wording import CHAPTERS, REGARDING
from cases.letters.header.labels import count_labels
from cases.letters.reading.lines import Line
from cases.letters.reading.text import line_pitch

HEADINGS = (*CHAPTERS.values(), REGARDING)
EDGE_LINES = 3
MOST_HEADING_LINES = 3
PAGE_NUMBER = re.compile(
    r"(?:[-–—|~\[(]\s*)?(?:page|pg\.?|p\.)?\s*(?P<number>\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?"
    r"(?:\s*[-–—|~\])]?|\s*[-–—|~]\s*page)",
    re.IGNORECASE,
)
CASE_NUMBER = re.compile(r"CM\s?\d{2}\s?-\s?\d{7}", re.IGNORECASE)
# What a running line that names the letter is made of, besides numbers.
NAMES_THE_LETTER = re.compile(
    r"\b(?:final|determination|letter|for|imr|case|number|no|page|of|maximus|federal|services|inc"
    r"|independent|medical|review|notice|confidential|continued|date|dated|the)\b",
    re.IGNORECASE,
)
# What a page can't end with unless its last sentence goes on with a number on the next.
BROKEN_OFF = re.compile(r"\b(?:pages?|pgs?|pp)\s*(?:\(\s*s\s*\))?\s*[.:]?\s*$", re.IGNORECASE)
NAMES_PAGE = re.compile(r"\bpage\s*\d", re.IGNORECASE)
DETERMINATION = re.compile(
    r"(?:imr\s*)?(?:final\s*)?determination(?:\s*letter)?"
    r"(?:\s*[-–|,]?\s*(?:page\s*)?\d+(?:\s*of\s*\d+)?)?",
    re.IGNORECASE,
)
PAGE_OF = re.compile(r"^page\s*\d+\s*of\s*\d+\b|\bpage\s*\d+\s*of\s*\d+$", re.IGNORECASE)
# What running lines say beside the letter's name, and no text begins with.
FURNITURE = re.compile(
    r"confidential|^\W*(?:claim|case|file)\s*(?:number|no\.?|#)\s*:|p\.?\s?o\.?\s*box|\btel\b|\bfax\b|www\.",
    re.IGNORECASE,
)
NUMBERS = re.compile(r"\d+")
NO_LETTERS = re.compile(r"[\W\d_]+")
LONGEST = 14  # words
FAR_BELOW = 8  # lines
FAR_ABOVE = 2.6
LEAST_THROUGHOUT = 2  # pages
SMALLER = 0.4  # points
SHARE_OF_PAGES = 0.34  # heads of odd and even pages may differ, and of the first


@dataclass(frozen=True, slots=True)
class Edges:
    """What a letter's pages have in common, which tells their running lines from the text."""

    repeated: frozenset[str]  # shapes of lines that stand so on several pages
    throughout: frozenset[str]  # those that stand so on all pages but the first, and count them
    pitch: float  # from one line of the text to the next
    size: float  # of the text's type
    top: float  # where the first page begins
    type: tuple[str, float]  # of the text


def body_lines(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of a letter without its running heads and feet."""
    edges = find_edges(pages)
    kept: list[Line] = []
    for index, lines in enumerate(pages):
        fixed = heading_lines(lines)
        if kept and lines and BROKEN_OFF.search(kept[-1].text) and is_number(lines[0], edges):
            fixed |= {lines[0].start}
        first, last = 0, len(lines)
        # A first page opens with the letter's own header, which is no running head.
        if index > 0:
            first = count_running(lines, edges, fixed, index, heads=True)
        last -= count_running(tuple(reversed(lines[first:])), edges, fixed, index, heads=False)
        kept.extend(lines[first:last])
    return kept


def find_edges(pages: Sequence[Sequence[Line]]) -> Edges:
    lines = [line for lines in pages for line in lines]
    types: Counter[tuple[str, float]] = Counter()
    sizes: Counter[float] = Counter()
    for (font, size), count in Counter(map(font_of, lines)).items():
        types[type_of(font, size)] += count
        sizes[half_points(size)] += count
    return Edges(
        *repeated_lines(pages),
        line_pitch(lines),
        sizes.most_common(1)[0][0] if sizes else 0.0,
        pages[0][0].top if pages and pages[0] else 0.0,
        types.most_common(1)[0][0] if types else ("", 0.0),
    )


def heading_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Where those lines at a page's edges start that belong to a heading, which may wrap."""
    found: set[int] = set()
    near = EDGE_LINES + MOST_HEADING_LINES - 1
    for edge in (lines[:near], lines[max(near, len(lines) - near) :]):
        text = "\n".join(line.text for line in edge)
        spans = [span.span() for form in HEADINGS for span in form.finditer(text)]
        at = 0
        for line in edge:
            end = at + len(line.text)
            if any(first < end and at < last for first, last in spans):
                found.add(line.start)
            at = end + 1
    return frozenset(found)


def count_running(
    inwards: Sequence[Line], edges: Edges, fixed: frozenset[int], index: int, *, heads: bool
) -> int:
    """How many lines, from the page's edge inwards, are running ones.

    They stand together, apart from the text, and each is proven one by itself, by other pages or
    by its type, or goes with one that is. `index` is the page's place in the letter, from 0.
    """
    signs: list[bool] = []  # of each line so far
    best = 0
    for place, line in enumerate(inwards[:EDGE_LINES]):
        own = names_letter(line) or numbers_page(line, index, edges)
        following = inwards[place + 1] if place + 1 < len(inwards) else None
        throughout = shape(line) in edges.throughout
        signs.append(
            own
            or throughout
            or is_out_of_text(line, edges)
            or stands_far(line, following, edges, heads=heads)
        )
        if line.start in fixed and not names_letter(line):
            break
        if not own and not may_run(line):
            break
        apart = (
            throughout
            or stands_apart(line, following, edges.pitch)
            or (own and not (following and flush(line, following)))
        )
        if apart and all(signs[i] or adjoins(inwards, signs, i, edges) for i in range(place + 1)):
            best = place + 1
    return best


def is_out_of_text(line: Line, edges: Edges) -> bool:
    """Does it stand so on other pages, in type smaller than the text's, or count the pages?"""
    return (
        shape(line) in edges.repeated
        or (line.words[0].size < edges.size - SMALLER and not count_labels([line]))
        or (PAGE_OF.search(line.text) is not None and not line.text.endswith("."))
    )


def adjoins(inwards: Sequence[Line], signs: Sequence[bool], place: int, edges: Edges) -> bool:
    """Is the line a further one of a running head or foot that is proven? It holds close to a
    proven line, and is set as no text is or says what only such lines say: the first line of the
    text may stand as close."""
    line = inwards[place]
    as_text = type_of(*font_of(line)) == edges.type
    if as_text and not FURNITURE.search(line.text) and not line.text.isupper():
        return False
    return any(
        0 <= other < len(signs)
        and signs[other]
        and distance(line, inwards[other]) < 1.3 * line.height
        for other in (place - 1, place + 1)
    )


def font_of(line: Line) -> tuple[str, float]:
    return line.words[0].font, line.words[0].size


def type_of(font: str, size: float) -> tuple[str, float]:
    """Family and size, whatever the weight: "TimesNewRomanPS-BoldMT" is "times"."""
    return font.rpartition("+")[2][:5].lower(), half_points(size)


def half_points(size: float) -> float:
    return round(size * 2) / 2


def flush(line: Line, following: Line) -> bool:
    """A lone number right under the text, at its left edge, is the end of a sentence."""
    return line.text.strip(" .").isdigit() and abs(line.x0 - following.x0) < 18


def may_run(line: Line) -> bool:
    return len(line.words) <= LONGEST and not line.text[:1].islower()


def stands_apart(line: Line, following: Line | None, pitch: float) -> bool:
    """Words of the text may stand at the same place of two pages, too; a running line is set in
    another type, or further from the text than its lines are from each other."""
    if following is None or abs(line.words[0].size - following.words[0].size) > 0.4:
        return True
    return distance(line, following) > 1.25 * pitch


def stands_far(line: Line, following: Line | None, edges: Edges, *, heads: bool) -> bool:
    """At the foot of a page whose text ended long before, or at its head above where the first
    page begins: further from the text than its paragraphs are from each other."""
    if following is None or not edges.pitch:
        return False
    if heads and line.bottom >= edges.top:
        return False
    return distance(line, following) > (FAR_ABOVE if heads else FAR_BELOW) * edges.pitch


def distance(line: Line, other: Line) -> float:
    return abs(line.bottom - other.bottom)


def names_letter(line: Line) -> bool:
    """Is it nothing but the letter's name or its case number, in few words?"""
    text = line.text.strip()
    if len(line.words) > LONGEST:
        return False
    without_number = CASE_NUMBER.sub("", text)
    if without_number != text or NAMES_PAGE.search(text):
        return not NO_LETTERS.sub("", NAMES_THE_LETTER.sub("", without_number))
    return DETERMINATION.fullmatch(text) is not None


def numbers_page(line: Line, index: int, edges: Edges) -> bool:
    """Is it the number of this page? A lone number may as well be the end of a citation: it has to
    say "page", to be this page's, or to stand so on other pages."""
    text = line.text.strip()
    match = PAGE_NUMBER.fullmatch(text)
    if match is None:
        return False
    marked = not text.strip(" .").isdigit()
    is_this = int(match["number"]) in (index + 1, line.page)
    return marked or is_this or shape(line) in edges.repeated


def is_number(line: Line, edges: Edges) -> bool:
    """Is it a lone number that does not stand so on other pages?"""
    return line.text.strip(" .,").isdigit() and shape(line) not in edges.repeated


def shape(line: Line) -> str:
    """A line's text with its numbers blanked, so that page 2 and page 3 look alike."""
    return NUMBERS.sub("#", line.text.lower())


def repeated_lines(pages: Sequence[Sequence[Line]]) -> tuple[frozenset[str], frozenset[str]]:
    """Shapes that stand at the same height on the edge of two or more pages of the letter, and of
    no small part of them: in a long letter the text comes to begin two pages alike. Those that
    stand on all pages but the first, with numbers that count, come apart as well."""
    places: dict[tuple[str, int, str], dict[int, str]] = {}
    for index, lines in enumerate(pages):
        for side, edge in (("head", lines[:EDGE_LINES]), ("foot", lines[-EDGE_LINES:])):
            for line in edge:
                key = (side, round(line.top / 4), shape(line))
                places.setdefault(key, {})[index] = line.text
    filled = {index for index, lines in enumerate(pages) if lines}
    enough = max(2, SHARE_OF_PAGES * len(filled))
    # A sentence that ends on two pages alike, "for its decision.", is the text's own more likely.
    every = filled - {0}
    repeated = {
        text
        for (*_, text), on in places.items()
        if len(on) >= enough and (not text.endswith(".") or on.keys() >= every)
    }
    throughout = {
        text
        for (*_, text), on in places.items()
        if len(on) >= LEAST_THROUGHOUT and on.keys() >= every and counts_up(list(on.values()))
    }
    return frozenset(repeated), frozenset(throughout)


def counts_up(texts: Sequence[str]) -> bool:
    """Do these lines, alike but for their numbers, hold one that is greater by one each time?"""
    columns = zip(*(map(int, NUMBERS.findall(text)) for text in texts), strict=False)
    return any(
        all(after - before == 1 for before, after in itertools.pairwise(column))
        for column in columns
    )

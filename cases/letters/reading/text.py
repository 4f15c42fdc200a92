"""Lines of pages → the text of a letter, which knows where each character came from.

Two texts exist. A page's text (`page_text`) holds every word of the page and is what spans count
in. A letter's `Body` holds the lines that say something (no running heads, feet or page
numbers), joined over its pages; fields are found in it as ranges of offsets, and a range turns
into a value (`Body.reflow`) and into spans on the pages (`Body.spans`).
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from cases.letters.model import Box, Field, Span, Status, Word
from cases.letters.reading.lines import Line

JUSTIFIED = 1.5  # points by which the ends of justified lines may differ
SENTENCE_END = re.compile(r"[.?!:;][\"'”’)\]]*$")
ITEM = re.compile(r"[•▪●◦‣·]\s|\(?(?:\d{1,2}|[a-z])[).]\s+[A-Z]")  # of a list
GOES_ON = re.compile(
    r"(?:,|&|/|\b(?:and|or|of|with|for|to|the|in|by|per))\s*$", re.IGNORECASE
)  # nothing ends here
TITLE_END = re.compile(r"\b(?:Drs?|Mrs?|Ms|St|vs|No|Nos|approx)\.$")
# Space that does not stay as it is when a text is reflowed: all but a single space.
GAP = re.compile(r"\s(?:\s+|(?<! ))")
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
HYPHENS = ("-", "‐")
HEAD = re.compile(r"([A-Za-z]+).$")  # of a word that a hyphen breaks
TAIL = re.compile(r"[a-z]+")
# What is left of a word after a hyphen that only broke it: endings that are no words.
ENDINGS = re.compile(
    r"(?:tion|sion|ation|ment|ing|ture|ance|ence|cian)s?|ness|ity|ities|ous|ously|ive|tive|ative"
    r"|ical|ically|ally|ably|sary|gery|apy|apies|ated|ating"
)
# "pre- and postoperative": the hyphen stands for a word to come, and nothing is broken. In
# "return-" / "to-work" it does not.
SUSPENDED = re.compile(r"(?:and|or|to|through|vs|versus)\b(?!-)", re.IGNORECASE)


class Break(Enum):
    """Why a line ended where it did; the order is of how surely something new begins."""

    WRAP = 0  # the next word did not fit
    PAGE = 1  # the page was full
    FORCED = 2  # there was room for the next word
    INDENT = 3  # the next line is indented
    GAP = 4  # more space than between lines


@dataclass(frozen=True, slots=True)
class Reflowed:
    """Text as read aloud, made of pieces of the body's text with other space between them.

    Piece i stands at `places[i]` in the text, the space before it at `edges[i]`, and both come
    from `sources[i]` in the body.
    """

    text: str
    edges: tuple[int, ...]
    places: tuple[int, ...]
    sources: tuple[int, ...]

    def origin(self, offset: int) -> int:
        """Where a character stands in the body; for space, where the word behind it stands."""
        i = bisect.bisect_right(self.edges, offset) - 1
        return self.sources[i] + max(offset - self.places[i], 0)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the body; the range must not be empty."""
        return self.origin(start), self.origin(end - 1) + 1

    def place(self, source: int) -> int:
        """The last character that comes from this place of the body or from before it; -1 where
        none does."""
        i = bisect.bisect_right(self.sources, source) - 1
        if i < 0:
            return -1
        end = self.edges[i + 1] if i + 1 < len(self.edges) else len(self.text)
        return min(self.places[i] + source - self.sources[i], end - 1)


class Body:
    """The text of some lines: one line of the page a line, "\\n\\n" between paragraphs."""

    def __init__(self, lines: Sequence[Line]):
        self.lines = tuple(lines)
        self.breaks = tuple(find_breaks(self.lines))
        parts: list[str] = []
        self.starts: list[int] = []
        offset = 0
        for i, line in enumerate(self.lines):
            self.starts.append(offset)
            parts.append(self.line_part(i, line.text))
            offset += len(parts[-1])
        self.text = "".join(parts).rstrip("\n")
        self._reflowed: dict[tuple[int, int], Reflowed] = {}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return vocabulary(self.lines)

    def line_part(self, i: int, text: str) -> str:
        """A line with what parts it from the next: nothing where a hyphen only breaks a word."""
        if i >= len(self.breaks):
            return text
        if self.breaks[i] in (Break.WRAP, Break.PAGE) and self.breaks_word(
            text, self.lines[i + 1].text
        ):
            return text[:-1]
        return text + ("\n\n" if self.ends_paragraph(i) else "\n")

    def breaks_word(self, text: str, following: str) -> bool:
        """Does the line end in a hyphen that belongs to no word? One that does ("medical-" /
        "legal") stays, unless the letter writes the word without it elsewhere, or what follows is
        a mere ending."""
        if text.endswith("\u00ad"):
            return True
        if not text.endswith(HYPHENS):
            return False
        head, tail = HEAD.search(text), TAIL.match(following)
        if head is None or tail is None or SUSPENDED.match(following):
            return False
        whole, hyphened = head[1] + tail[0], f"{head[1]}-{tail[0]}"
        known = whole.lower() in self.vocabulary or ENDINGS.fullmatch(tail[0]) is not None
        return known and hyphened.lower() not in self.vocabulary

    def ends_paragraph(self, i: int) -> bool:
        """Is there more between the lines than a wrap? Not where a sentence plainly goes on, as
        behind a blanked-out name ("Dr. … saw")."""
        kind, text = self.breaks[i], self.lines[i].text
        if kind is Break.GAP:
            return bool(SENTENCE_END.search(text)) or not self.lines[i + 1].text[:1].islower()
        if kind not in (Break.FORCED, Break.INDENT):
            return False
        if ITEM.match(self.lines[i + 1].text):
            return True
        if self.lines[i + 1].text[:1].islower():
            return False
        if ITEM.match(text) and not GOES_ON.search(text):
            return True
        return SENTENCE_END.search(text) is not None and TITLE_END.search(text) is None

    def line_at(self, offset: int) -> int:
        """The index of the line that holds this offset."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def fresh_lines(self, start: int, end: int) -> list[int]:
        """Where lines begin between the offsets that the line before did not wrap into."""
        first = self.line_at(start)
        return [
            self.starts[i]
            for i in range(first + 1, len(self.lines))
            if start < self.starts[i] < end and self.breaks[i - 1] is not Break.WRAP
        ]

    def reflow(self, start: int, end: int) -> Reflowed:
        """Single spaces, paragraphs split by a blank line, words broken at a line end joined."""
        if (start, end) not in self._reflowed:
            self._reflowed[start, end] = reflow(self.text, start, end)
        return self._reflowed[start, end]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where these characters stand: one span for each run of neighbouring lines of a page."""
        spans: list[Span] = []
        run: list[tuple[int, int, int, Box]] = []
        for i in range(self.line_at(start), len(self.lines)):
            if self.starts[i] >= end:
                break
            piece = self.piece(i, start, end)
            if piece is None:
                continue
            if run and not (run[-1][0] == piece[0] and run[-1][2] + 1 >= piece[1]):
                spans.append(join_run(run))
                run = []
            run.append(piece)
        if run:
            spans.append(join_run(run))
        return tuple(spans)

    def piece(self, i: int, start: int, end: int) -> tuple[int, int, int, Box] | None:
        """The part of line i inside [start, end): page, offsets in its text, box."""
        line, base = self.lines[i], self.starts[i]
        text = line.text
        a, b = max(start - base, 0), min(end - base, len(text))
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a >= b:
            return None
        box = line.box if b - a == len(text) else box_within(line, a, b)
        return line.page, line.start + a, line.start + b, box

    def field(self, start: int, end: int, status: Status = "found") -> Field[str | None]:
        """The text of a range as a field; missing when nothing but space stands there."""
        value = self.reflow(start, end).text
        return Field(value, status, self.spans(start, end)) if value else Field(None)


def box_within(line: Line, start: int, end: int) -> Box:
    """The box of the characters [start, end) of a line, which are as wide as their word's are on
    average."""
    boxes, at = [], 0
    for word in line.words:
        length = len(word.text)
        if at < end and start < at + length:
            width = (word.x1 - word.x0) / length
            left = word.x0 + max(start - at, 0) * width
            right = word.x0 + min(end - at, length) * width
            boxes.append((left, word.top, right, word.bottom))
        at += length + 1
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def vocabulary(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset(WORD.findall("\n".join(line.text for line in lines).lower()))


def reflow(text: str, start: int, end: int) -> Reflowed:
    whole = text[start:end]
    start += len(whole) - len(whole.lstrip())
    end = start + len(whole.strip())
    parts: list[str] = []
    edges, places, sources = [], [], []
    length, before = 0, ""
    for piece, source, gap in pieces(text, start, end):
        if gap == "\n" and goes_on(before, piece):
            between = ""
        else:
            between = "\n\n" if gap.count("\n") > 1 else " " if gap else ""
        parts += (between, piece)
        edges.append(length)
        places.append(length + len(between))
        sources.append(source)
        length += len(between) + len(piece)
        before = piece
    return Reflowed("".join(parts), tuple(edges), tuple(places), tuple(sources))


def pieces(text: str, start: int, end: int) -> Iterator[tuple[str, int, str]]:
    """What stands between the gaps, with its place and the gap before it."""
    space = ""
    for gap in GAP.finditer(text, start, end):
        yield text[start : gap.start()], start, space
        start, space = gap.end(), gap[0]
    yield text[start:end], start, space


def goes_on(before: str, after: str) -> bool:
    """Does a word with a hyphen of its own, a range of numbers, a date or two words with a slash
    go on in the next line? The texts end and begin with the two words."""
    if before[-1] not in "-‐‑–/" or len(before) < 2:
        return False
    if before[-1] == "/":
        return (before[-2].isalnum() or before[-2] == ")") and (
            after[0].isalnum() or after[0] == "("
        )
    return before[-2].isalnum() and after[0].isalnum() and not SUSPENDED.match(after)


def join_run(run: list[tuple[int, int, int, Box]]) -> Span:
    return Span(run[0][0], run[0][1], run[-1][2], tuple(box for *_, box in run))


def find_breaks(lines: Sequence[Line]) -> Iterable[Break]:
    """Why each line but the last ended."""
    pitch = line_pitch(lines)
    right = right_margin(lines)
    left = left_margin(lines)
    # In justified text a line that falls short of the margin at all is a paragraph's last.
    slack = JUSTIFIED if is_justified(lines, left, right) else None
    for line, following in itertools.pairwise(lines):
        yield break_between(line, following, pitch=pitch, left=left, right=right, slack=slack)


def line_pitch(lines: Sequence[Line]) -> float:
    """The usual distance from one line to the next."""
    steps = Counter(
        round((after.bottom - line.bottom) * 2) / 2
        for line, after in itertools.pairwise(lines)
        if line.page == after.page and 0 < after.bottom - line.bottom < 4 * line.height
    )
    return min(steps, key=lambda step: (-steps[step], step)) if steps else 0.0


def left_margin(lines: Sequence[Line]) -> float:
    edges = Counter(round(line.x0) for line in lines)
    return float(edges.most_common(1)[0][0]) if edges else 0.0


def right_margin(lines: Sequence[Line]) -> float:
    """The edge that lines wrap at: the furthest that two lines come close to, for a title or a
    table's row may stand beyond it."""
    ends = sorted((line.x1 for line in lines), reverse=True)
    return next((a for a, b in itertools.pairwise(ends) if a - b < 8), ends[0] if ends else 0.0)


def is_justified(lines: Sequence[Line], left: float, right: float) -> bool:
    """Do nearly all lines of about full width end at the very margin?"""
    full = [line.x1 for line in lines if line.x1 > right - 0.2 * (right - left)]
    return len(full) > 5 and sum(abs(end - right) < JUSTIFIED for end in full) > 0.7 * len(full)


def break_between(
    line: Line, following: Line, *, pitch: float, left: float, right: float, slack: float | None
) -> Break:
    if line.page == following.page and pitch:
        step = following.bottom - line.bottom
        if step > 1.15 * pitch + 0.7 or step < 0:
            return Break.GAP
    if (
        following.x0 > left + 6
        and line.x0 < left + 3
        and following.x0 < left + 0.4 * (right - left)
    ):
        return Break.INDENT
    if has_room(line, following.words[0], right, slack):
        return Break.FORCED
    return Break.PAGE if line.page != following.page else Break.WRAP


def has_room(line: Line, word: Word, right: float, slack: float | None) -> bool:
    """Would the next line's first word have fitted at this line's end? Then it was not wrapped."""
    if line.text.endswith(("-", "\u00ad", "/")):
        return False
    if slack is not None:
        return line.x1 < right - slack
    size = word.size or line.height
    return line.x1 + 0.25 * size + (word.x1 - word.x0) < right - 0.4 * size

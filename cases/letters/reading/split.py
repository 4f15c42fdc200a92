"""A file's pages → its letters: which pages each takes, and which belong to none.

A letter starts on a page that carries a header block (a case number with its label, and two
labels more) or a format's title, or where the headings begin again. A stretch of pages without
any heading of a determination is a cover page (a mail letter, a fax sheet), not a letter; so are
such pages at the end of a letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import groupby

from cases.letters.citations.wording import (
    CHAPTERS,
    COVER_LINE,
    OPENING,
    TITLES,
    may_be_heading,
)
from cases.letters.header.header import CASE_NUMBER, normal_case_number, read_labelled
from cases.letters.header.labels import Label, Token, read_labels, sure_fields
from cases.letters.reading.lines import Line
from cases.letters.reading.running import body_lines

HEADER_LINES = 45
LEAST_LABELS = 3
FEW_LINES = 12  # of a page that may hold the beginning of a header block and nothing else
LONGEST_LABEL_LINE = 400  # characters
CASE_LABEL = re.compile(r"\bcase\b", re.IGNORECASE)
ITEM_LINE = re.compile(r"\s*\d{1,2}\s?[).]\s*(?:MAXIMUS\b|Regarding)")
REPEATED = {"claims", "maximus", "rationale", "relied-upon", "rationale-why", "rationale-decision"}
DECIDES = re.compile(r"\bupheld\b|\boverturned\b|medically\s*necessary", re.IGNORECASE)
# A line that is about a case number, not a sentence that mentions one.
LABELLED = re.compile(r"\W*(?:[A-Za-z]+\W+){0,4}" + CASE_NUMBER.pattern + r"\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class PageSigns:
    """What a page tells about where letters begin and end."""

    starts_letter: bool
    labels: frozenset[str]  # of a header block
    opening: bool
    chapters: frozenset[str]
    case_numbers: frozenset[str]
    block: tuple[Sequence[Token], Sequence[Label]] | None  # its header block
    empty: bool

    @cached_property
    def own(self) -> str | None:
        """The case number of the header block: asked only where more pages than one have such."""
        field = read_labelled(*self.block).get("case_number") if self.block else None
        return field.value if field else None


def split_letters(pages: Sequence[Sequence[Line]]) -> list[tuple[int, int]]:
    """Index ranges [first, last] of the pages of each letter; [] when nothing looks like one."""
    signs = [read_signs(lines) for lines in pages]
    stretches: list[list[int]] = []
    for index, sign in enumerate(signs):
        if not stretches or begins_anew(sign, [signs[i] for i in stretches[-1]]):
            stretches.append([])
        stretches[-1].append(index)
    known = [stretch for stretch in stretches if any(signs[i].chapters for i in stretch)]
    taken = frozenset().union(*(signs[i].case_numbers for stretch in known for i in stretch))
    letters = [
        trimmed
        for stretch in stretches
        if (trimmed := trim(stretch, signs, pages))
        and (stretch in known or is_unknown_letter(trimmed, signs, pages, taken))
    ]
    return [(letter[0], letter[-1]) for letter in letters]


def is_unknown_letter(
    stretch: Sequence[int],
    signs: Sequence[PageSigns],
    pages: Sequence[Sequence[Line]],
    taken: frozenset[str],
) -> bool:
    """A determination without any known heading: it has a header block and decides something,
    and neither greets its reader nor goes with another letter of the file."""
    first = signs[stretch[0]]
    lines = [line.text for i in stretch for line in pages[i]]
    marks = sum(bool(COVER_LINE.match(line)) for line in lines)
    return (
        first.starts_letter
        and marks < 2
        and not first.case_numbers & taken
        and DECIDES.search("\n".join(lines)) is not None
    )


def read_signs(lines: Sequence[Line]) -> PageSigns:
    text = "\n".join(line.text for line in lines)
    head = header_lines([lines])
    with_labels = may_hold_block(head) or len(lines) <= FEW_LINES
    tokens, found = read_labels(head) if with_labels else ((), ())
    labels = sure_fields(found)
    titled = any(title.is_in(text) for title in TITLES)
    block = "case_number" in labels and len(labels) >= LEAST_LABELS
    return PageSigns(
        starts_letter=block or titled,
        labels=labels,
        opening=any(heading.is_in(text) for heading in OPENING),
        chapters=frozenset(name for name, form in CHAPTERS.items() if form.is_in(text)),
        case_numbers=find_case_numbers(text),
        block=(tokens, found) if block else None,
        empty=not text.strip(),
    )


def find_case_numbers(text: str) -> frozenset[str]:
    if "cm" not in text.lower():
        return frozenset()
    return frozenset(normal_case_number(match) for match in CASE_NUMBER.finditer(text))


def may_hold_block(lines: Sequence[Line]) -> bool:
    """Have these lines what a header block cannot do without? Cheap to ask of every page."""
    text = "\n".join(line.text for line in lines)
    return text.count(":") >= LEAST_LABELS and CASE_LABEL.search(text) is not None


def header_lines(pages: Sequence[Sequence[Line]]) -> tuple[Line, ...]:
    """The lines before the first heading, on which the labels and their values stand."""
    block: list[Line] = []
    for lines in pages[:2]:
        for line in lines:
            if len(block) >= HEADER_LINES or is_heading(line.text):
                return tuple(block)
            block.append(line)
    return tuple(block)


def is_heading(text: str) -> bool:
    if ITEM_LINE.match(text) or len(text) > LONGEST_LABEL_LINE:
        return True
    return may_be_heading(text) and any(form.opens(text) for form in CHAPTERS.values())


def begins_anew(sign: PageSigns, before: Sequence[PageSigns]) -> bool:
    if sign.starts_letter:
        return not goes_on_under_header(sign, before)
    # Without a header block to go by: the headings start over.
    return sign.opening and any(page.opening for page in before)


def goes_on_under_header(sign: PageSigns, before: Sequence[PageSigns]) -> bool:
    """Is the header block or the title but the running head of the letter that has begun? It names
    the same case, and the letter's chapters go on below it."""
    own = before[0].own
    same = own == sign.own if own and sign.own else bool(sign.case_numbers & before[0].case_numbers)
    seen = frozenset().union(*(page.chapters for page in before))
    return same and bool(seen) and not sign.chapters & (seen - REPEATED)


def trim(
    stretch: list[int], signs: Sequence[PageSigns], pages: Sequence[Sequence[Line]]
) -> list[int]:
    """The stretch without pages before its first sign and cover or blank pages at its end; none
    where nothing in it is a sign."""
    begins = (i for i in stretch if signs[i].starts_letter or signs[i].chapters)
    if (first := next(begins, None)) is None:
        return []
    kept = [index for index in stretch if index >= first]
    if first - 1 in stretch and shares_header(signs[first - 1], signs[first], pages[first - 1]):
        kept.insert(0, first - 1)
    own = own_case_numbers(signs[kept[0]], kept, signs)
    last = max((place for place, index in enumerate(kept) if signs[index].chapters), default=0)
    if last + 1 == len(kept):
        return kept
    body = cache(partial(body_by_page, tuple(kept), pages))

    def covers(index: int) -> bool:
        return may_be_cover(pages[index]) and is_cover(
            body()[index], body().get(index - 1, ()), signs[index], own
        )

    while len(kept) > 1 and (signs[kept[-1]].empty or covers(kept[-1])):
        kept.pop()
    # A cover may be followed by blank pages or by further covers: look inside as well.
    for place, index in enumerate(kept[last + 1 :], last + 1):
        if covers(index):
            return kept[:place]
    return kept


def shares_header(before: PageSigns, sign: PageSigns, lines: Sequence[Line]) -> bool:
    """Does a header block begin on the page before, with its case number, and go on here?"""
    return (
        "case_number" in before.labels
        and "case_number" not in sign.labels
        and len(lines) <= FEW_LINES
        and (bool(sign.labels) or bool(sign.chapters))
    )


def body_by_page(
    stretch: Sequence[int], pages: Sequence[Sequence[Line]]
) -> dict[int, Sequence[Line]]:
    """Each page's lines without running heads and feet, which only the pages together show."""
    lines = body_lines([(), *(pages[index] for index in stretch)])
    by_number = {number: list(run) for number, run in groupby(lines, lambda line: line.page)}
    # A page of a few lines has nothing to tell its text from its edges by.
    return {
        index: (by_number.get(pages[index][0].page) or pages[index]) if pages[index] else ()
        for index in stretch
    }


def own_case_numbers(
    first: PageSigns, stretch: Sequence[int], signs: Sequence[PageSigns]
) -> frozenset[str]:
    return first.case_numbers or frozenset().union(*(signs[i].case_numbers for i in stretch))


def may_be_cover(lines: Sequence[Line]) -> bool:
    """Has the page a line that a cover cannot do without? Cheap to ask before its text is parted
    from its running lines."""
    return any(COVER_LINE.match(line.text) or LABELLED.match(line.text) for line in lines)


def is_cover(
    lines: Sequence[Line], before: Sequence[Line], sign: PageSigns, own: frozenset[str]
) -> bool:
    """A page that does not go on with the letter: it greets, encloses, faxes or certifies.

    `lines` are its own, `before` those of the page before it; `own` the letter's case numbers.
    """
    if sign.chapters or not lines:
        return False
    if lines[0].text.isupper() and COVER_LINE.match(lines[0].text):
        return True
    marks = sum(bool(COVER_LINE.match(line.text)) for line in lines[:25])
    if marks >= 2:
        return True
    if breaks_off(before):
        return False
    named = {normal_case_number(m) for line in lines if (m := LABELLED.match(line.text))}
    stranger = bool(named) and not named & own
    return bool(marks) or (stranger and len(lines) < 25)


def breaks_off(lines: Sequence[Line]) -> bool:
    """Does the page end in the middle of a sentence?"""
    return bool(lines) and not re.search(r"[.:?!][\"'”’)]*$", lines[-1].text)

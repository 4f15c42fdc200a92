"""The guidelines named in a text, each with all the words that make up its name.

Names come in pieces: "Non-MTUS Citation", "MTUS", "ACOEM … 2nd Edition, 2004", "Chapter 12", the
catalogue's names. Pieces that nothing but punctuation parts are one `Name`, until a piece comes
that must belong to another guideline.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cases.letters.citations.catalogue import (
    BY_CHAPTER,
    BY_NAME,
    BY_REGULATION,
    GUIDELINES,
    Guideline,
    compiled,
)
from cases.letters.citations.locators import PAGES
from cases.letters.citations.wording import loose_pattern
from cases.letters.model import Source
from cases.letters.reading.spelling import Respelled, is_credible, respell

Kind = Literal["outside", "mtus", "acoem", "edition", "chapter", "regulation", "other", "name"]


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    kind: Kind
    guideline: Guideline | None = None
    bare: bool = False  # a common word, a guideline's name only behind the MTUS or a chapter


@dataclass(frozen=True, slots=True)
class Name:
    """A guideline's name at [start, end).

    `name` is "" behind "Other Medical Treatment Guideline or Medical Evidence", whose own words
    follow. `within` tells whether the letter's words put it into the MTUS; None: they don't say.
    `edition` is the year behind a chapter of the MTUS.
    """

    start: int
    end: int
    source: Source
    name: str
    within: bool | None
    edition: str | None = None


OTHER = (
    r"Other Medical Treatment Guidelines?(?: \( ?s ?\))?"
    r"(?: (?:or|and|/) (?:Other )?Medical Evidence)?"
    r"|Other Medical Evidence|Medical Evidence(?= ?:)"
)
ACOEM = (
    r"(?:American College of Occupational (?:and|&) Environmental Medicine(?:['’]s)?"
    r"(?: ?\( ?ACOEM ?\))?|ACOEM)(?:['’]s)?(?:,? Occupational Medicine)?(?: Practice)?"
    r"(?: Guidelines?)?"
)
EDITION = (
    r"\(? ?(?:\d(?:nd|rd|th)|Second|Third) Ed(?:ition|n?\.)(?:,? \(? ?(?:19|20)\d\d ?\)?)? ?\)?"
    r"|\( ?(?:19|20)\d\d ?\)|(?:19|20)\d\d(?= ?[,)] ?Chap)"
)
SCHEDULE = (
    r"(?:(?:California|CA|State) )?"
    r"(?:Medical Treatment Utilization Schedule(?: ?\( ?MTUS ?\))?|MTUS)"
)
REGULATION = (
    r"(?:8 C\.?C\.?R\.? )?(?:§+|section)? ?(?P<number>9792\.\d+(?:\.\d+)?)"
    r"(?:[a-z](?![a-z])|(?: ?\( ?\w ?\))+)?"
)


def form_of(pattern: str) -> str:
    return rf"(?<![\w-])(?:{loose_pattern(pattern)})"


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a piece is written."""

    kind: Kind
    written: str
    guideline: Guideline | None = None
    bare: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        return compiled(self.written)


# By the first three letters of the word that they begin with: a text is looked through once, word
# by word, and only what can begin there is tried.
FORMS_OF_WORDS = (
    (("non",), Form("outside", form_of(r"Non ?-? ?MTUS(?: Citations?)?"))),
    (("oth", "med"), Form("other", form_of(OTHER))),
    (("ame", "aco"), Form("acoem", form_of(ACOEM + r"(?![A-Za-z])"))),
    (
        ("ca", "cam", "cal", "sta", "med", "mtu"),
        Form("mtus", form_of(SCHEDULE + r"(?![A-Za-z-])(?: Guidelines?(?= ?[,:]))?")),
    ),
    (("cha",), Form("chapter", form_of(r"Chap(?:ter|\.)? ?(?P<number>\d{1,2})(?!\d)"))),
    *((one.starts, Form("name", one.forms, one)) for one in GUIDELINES),
    *(
        (one.starts, Form("name", one.bare_forms, one, bare=True))
        for one in GUIDELINES
        if one.bare_forms
    ),
)
BY_START: dict[str, list[Form]] = {}
for starts, form in FORMS_OF_WORDS:
    for letters in starts:
        BY_START.setdefault(letters, []).append(form)
WORD_START = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,3}")
# Those that may begin with a number or a sign, each behind what it cannot do without: an ordinal
# number or a year, the number of a regulation.
FORMS_OF_NUMBERS = (
    (re.compile(r"[\dSsTt](?:\d{3}|(?i:nd|rd|th|econd|hird))"), Form("edition", form_of(EDITION))),
    (re.compile(r"9792"), Form("regulation", form_of(REGULATION))),
)
LEADS: frozenset[Kind] = frozenset(("outside", "mtus", "acoem", "other"))
GAP = re.compile(r"[\s,:()\[\].–—-]*(?:\b(?:the|chapter)\s+)?[(]?", re.IGNORECASE)
SENTENCE = re.compile(r"[.;]\s+$")
LISTED = re.compile(r"(?:[,;]|\band)\s*$", re.IGNORECASE)
YEAR = re.compile(r"\s*(?:19|20)\d\d\b")
NEAR = 12  # characters: what joins two names is not longer
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def find_names(text: str, start: int, end: int) -> list[Name]:
    """The guidelines named between the offsets, in order, none of them another's topic."""
    names: list[Name] = []
    for chain in chains(text, find_pieces(text, start, end)):
        for part in one_guideline_each(text, chain):
            name = name_of(part)
            if name and (not names or stands_alone(text, part, names[-1])):
                names.append(name)
    return names


def find_pieces(text: str, start: int, end: int) -> list[Piece]:
    """Pieces of names in order, the longest where they overlap; misspelt ones as well."""
    found = pieces_in(text, start, end)
    respelled = respell(text, start, end)
    if respelled.spots:
        pieces = pieces_in(respelled.text, 0, len(respelled.text))
        moved = (in_original(piece, respelled) for piece in pieces)
        found += [one for one in moved if is_credible(text, one.start, one.end, respelled.spots)]
    addresses = find_addresses(text, start, end)
    found = [one for one in found if not is_inside(one.start, addresses)]
    found.sort(key=lambda piece: (piece.start, -piece.end, piece.bare))
    kept: list[Piece] = []
    for piece in found:
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def find_addresses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if "://" not in text and "www." not in text.lower():
        return []
    return [match.span() for match in ADDRESS.finditer(text, start, end)]


def pieces_in(text: str, start: int, end: int) -> list[Piece]:
    found = [
        piece_of(form, match)
        for word in WORD_START.finditer(text, start, end)
        for form in BY_START.get(word[0].lower(), ())
        if (match := form.pattern.match(text, word.start(), end))
    ]
    for sign, form in FORMS_OF_NUMBERS:
        if sign.search(text, start, end):
            found += [piece_of(form, match) for match in form.pattern.finditer(text, start, end)]
    return found


def piece_of(form: Form, match: re.Match[str]) -> Piece:
    guideline = form.guideline or guideline_of(form.kind, match)
    return Piece(match.start(), match.end(), form.kind, guideline, form.bare)


def is_inside(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Does the offset stand in one of these spans, which are in order and apart?"""
    place = bisect.bisect_right(spans, (offset, sys.maxsize)) - 1
    return place >= 0 and offset < spans[place][1]


def in_original(piece: Piece, respelled: Respelled) -> Piece:
    start, end = respelled.original(piece.start), respelled.original(piece.end)
    return replace(piece, start=start, end=end)


def guideline_of(kind: Kind, match: re.Match[str]) -> Guideline | None:
    if kind == "chapter":
        return BY_CHAPTER.get(int(match["number"]))
    return BY_REGULATION.get(match["number"]) if kind == "regulation" else None


def chains(text: str, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Runs of pieces with nothing but punctuation between them; bare names only behind others."""
    run: list[Piece] = []
    lead: Kind | None = None
    for piece in pieces:
        lead = piece.kind if piece.kind in LEADS else lead
        joined = bool(run) and GAP.fullmatch(text, run[-1].end, piece.start) is not None
        if joined and SENTENCE.search(text[run[-1].end : piece.start]):
            joined = False
        listed = lead == "mtus" and is_listed(text, piece)
        if piece.bare and not listed and not (joined and leads_to(run, piece)):
            continue
        if run and not joined:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def leads_to(run: Sequence[Piece], bare: Piece) -> bool:
    """Do the pieces before a common word make it a guideline's name?"""
    if any(piece.kind == "name" for piece in run):
        return False
    has_chapters = bare.guideline is not None and bool(bare.guideline.chapters)
    leads = {"mtus", "acoem", "chapter", "edition"} if has_chapters else {"mtus"}
    return run[-1].kind in leads


def is_listed(text: str, piece: Piece) -> bool:
    """Is it one more of the MTUS's guidelines by year: "…, and Acupuncture Treatment 2007"?"""
    if not piece.bare or piece.guideline is None or piece.guideline.chapters:
        return False
    if not YEAR.match(text, piece.end):
        return False
    return LISTED.search(text[max(0, piece.start - NEAR) : piece.start]) is not None


def one_guideline_each(text: str, chain: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The chain cut where the next guideline's own lead-in begins."""
    part: list[Piece] = []
    named = False  # has the part what its guideline is called?
    for place, piece in enumerate(chain):
        if piece.kind in LEADS:
            fresh = named and not adds_to(text, part, chain, place)
        elif piece.kind == "name":
            fresh = named and not same_guideline(part, piece)
            leads = trailing_leads(part) if fresh else 0
            if leads:
                yield part[:-leads]
                part, fresh = part[-leads:], False
            named = True
        else:
            fresh = False
        if fresh:
            yield part
            part, named = [], piece.kind == "name"
        part.append(piece)
        named = named or (piece.kind == "chapter" and piece.guideline is not None)
    if part:
        yield part


def adds_to(text: str, part: Sequence[Piece], chain: Sequence[Piece], place: int) -> bool:
    """Does "MTUS" or "ACOEM" behind a name say where that is from ("Knee Complaints (ACOEM …,
    Chapter 13)"), and not lead to the next?"""
    lead = chain[place]
    if in_brackets(text, lead):
        return True
    own = next(one.guideline for one in reversed(part) if one.guideline)
    fits = {"mtus": own.source == "MTUS", "acoem": bool(own.chapters or own.adopted)}
    following = (chain[i] for i in range(place + 1, len(chain)))
    upcoming = next((one for one in following if one.guideline), None)
    return fits.get(lead.kind, False) and (upcoming is None or same_guideline(part, upcoming))


def in_brackets(text: str, piece: Piece) -> bool:
    before, after = (
        text[max(0, piece.start - NEAR) : piece.start],
        text[piece.end : piece.end + NEAR],
    )
    return before.rstrip().endswith("(") and after.lstrip().startswith(")")


def same_guideline(part: Sequence[Piece], piece: Piece) -> bool:
    if piece.guideline is None:
        return False
    matter = matter_of(piece.guideline)
    return any(matter_of(one.guideline) == matter for one in part if one.guideline)


def matter_of(guideline: Guideline) -> str:
    return guideline.adopted or guideline.name


def trailing_leads(part: Sequence[Piece]) -> int:
    count = 0
    for piece in reversed(part):
        if piece.kind == "name":
            break
        count += 1
    return count if count < len(part) else 0


def name_of(part: Sequence[Piece]) -> Name | None:
    """What the pieces name together; None for a mere "MTUS"."""
    kinds = {piece.kind for piece in part}
    start, end = part[0].start, part[-1].end
    within = True if "mtus" in kinds else False if "outside" in kinds else None
    guideline = next(
        (piece.guideline for kind in ("name", "chapter", "regulation") for piece in part
         if piece.kind == kind and piece.guideline and (kind != "chapter" or len(kinds) > 1)),
        None,
    )  # fmt: skip
    if "other" in kinds and "name" not in kinds and "acoem" not in kinds:
        label = next(piece for piece in part if piece.kind == "other")
        return Name(start, label.end, "other", "", within)
    if guideline is None:
        return Name(start, end, "ACOEM", "ACOEM Guidelines", within) if "acoem" in kinds else None
    if "regulation" in kinds and kinds <= {"regulation"}:
        return None
    numbered = any(one.kind == "chapter" and one.guideline for one in part)
    if guideline.adopted and (within or numbered):
        guideline = BY_NAME[guideline.adopted]
    # "Knee Complaints (ACOEM …, Chapter 13)" is how the regulations call what the MTUS adopts.
    outside = within is False or (within is None and part[0].kind == "acoem")
    if guideline.chapters and outside and kinds & {"acoem", "chapter"}:
        return Name(start, end, "ACOEM", guideline.name, within)
    return Name(start, end, guideline.source, guideline.name, within)


def stands_alone(text: str, part: Sequence[Piece], before: Name) -> bool:
    """Is this a guideline of its own and not the topic of the one before ("ODG, Neck and Upper
    Back")? Then it has its own lead-in, or follows pages, an "and" or a sentence's end."""
    kinds = {piece.kind for piece in part}
    between = text[before.end : part[0].start]
    if before.source == "other" and not kinds & {"outside", "mtus", "other"}:
        return re.search(r"[.;]\s*(?:and\s+|the\s+)*$", between) is not None and is_full(text, part)
    if kinds & LEADS or PAGES.search(between):
        return True
    if part[-1].guideline is not None and part[-1].guideline.source == "ODG":
        return True
    if re.search(r"[.;]\s*(?:and\s+|the\s+)*$", between):
        return before.source != "ODG" or "chapter" in kinds or is_full(text, part)
    after_and = re.search(r"\band\b[\s,]*(?:the\s+)?$", between) is not None
    return before.source != "ODG" and (after_and or "chapter" in kinds)


def is_full(text: str, part: Sequence[Piece]) -> bool:
    """A name that says it is a guideline's, or a chapter's of the ACOEM."""
    words = text[part[0].start : part[-1].end].lower()
    return any(word in words for word in ("guideline", "complaints", "treatment", "acoem", "odg"))


def by_closing(name: Name, part_of_mtus: bool) -> Name:
    """A sentence's "which is (not) part of the MTUS" settles where an ACOEM chapter belongs."""
    guideline = BY_NAME.get(name.name)
    if guideline is None or not (guideline.chapters or guideline.adopted):
        return name
    source: Source = "MTUS" if part_of_mtus else "ACOEM"
    called = matter_of(guideline) if part_of_mtus else name.name
    return Name(name.start, name.end, source, called, part_of_mtus)

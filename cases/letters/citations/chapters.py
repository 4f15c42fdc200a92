"""Chapters of the MTUS cited by year: "MTUS Low Back Complaints 2004, Section(s): Special Studies,
and Opioid Treatment 2016".

One opening holds several, "MTUS" stands before the first alone. A chapter's name with a year behind
it opens a citation; what stands up to the next one are its topics, whatever words they hold.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from functools import lru_cache

from cases.letters.citations.catalogue import CURRENT, GUIDELINES, Guideline, alternatives
from cases.letters.header.names import Name
from cases.letters.reading.spelling import Respelled, is_credible, respell

FIRST_CURRENT = 2017  # the year from which the MTUS has adopted today's chapters of the ACOEM
LONGEST_NAME = 120  # characters
YEAR_ALONE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
YEAR = (
    r"[\s,]*\(?(?P<year>(?:19|20)\d\d)\)?"
    r"(?=\s*(?:Guidelines?\b)?\s*(?:[,.;:)]|$|and\b|Sections?\b|Pages?\b))(?![-/.,]\d)"
)
SCHEDULE = r"(?:MTUS|Medical\s*Treatment\s*Utilization\s*Schedule(?:\s*\(MTUS\))?)"
# What may stand before a chapter's name: the MTUS, or what joins it to the one before.
STEP = re.compile(
    r"(?P<outside>Non\s?-?\s?MTUS|outside\s+of\s+the\s+MTUS|\bODG\b|\bOfficial\s*Disability"
    r"|\bOther\s*Medical|(?<!MTUS )(?<!MTUS/)(?<!MTUS, )\bACOEM\b)"
    rf"|(?<![\w-])(?P<lead>{SCHEDULE}(?:\s*[,/]?\s*ACOEM\b)?)\s*[:,-]?\s*(?:Guidelines?\s*[:,]\s*)?"
    r"(?:the\s+)?"
    r"|(?P<link>,\s*and\s+)(?:the\s+)?|(?P<joint>\band\b|&)\s*(?:the\s+)?|(?P<mark>[,;.:])\s*",
    re.IGNORECASE,
)
CHAPTERS = [one for one in (*CURRENT, *GUIDELINES) if one.source != "ODG"]
UNKNOWN = re.compile(
    r"(?P<name>[A-Z][A-Za-z-]+(?:(?:,\s(?!and\s)|\s|/|:\s|\s&\s)"
    r"(?:[A-Z][A-Za-z-]*|and|of|the|to|in|for)){0,9})" + YEAR
)


def find_dated(text: str, start: int, end: int) -> list[Name]:
    """The chapters cited by year between the offsets, in order, each with its edition."""
    if not YEAR_ALONE.search(text[start:end]):
        return []
    respelled = respell(text, start, end)
    names: list[Name] = []
    years = [match.start() for match in YEAR_ALONE.finditer(respelled.text)]
    within, last = True, 0
    for before, at, kind in steps(respelled.text):
        within = kind == "lead" or (within and kind != "outside")
        if not within or at < last or not has_year_near(years, at):
            continue
        open_to_any = kind == "lead" or (kind == "link" and bool(names))
        match = match_known(respelled.text, at) or (
            UNKNOWN.match(respelled.text, at) if open_to_any else None
        )
        if match is None:
            continue
        if name := name_of(text, respelled, match, before if kind == "lead" else at):
            names.append(name)
            last = match.end()
    return names


def match_known(text: str, at: int) -> re.Match[str] | None:
    """A chapter of the catalogue with its year."""
    form = known_form(text[at : at + 3].lower())
    return form.match(text, at) if form else None


@lru_cache(maxsize=256)
def known_form(start: str) -> re.Pattern[str] | None:
    """The chapters whose names begin with these three letters, each with its year."""
    chapters = [one for one in CHAPTERS if start in one.starts]
    if not chapters:
        return None
    return re.compile(rf"(?P<name>{alternatives(chapters)}){YEAR}", re.IGNORECASE)


def has_year_near(years: Sequence[int], offset: int) -> bool:
    place = bisect.bisect_left(years, offset)
    return place < len(years) and years[place] - offset < LONGEST_NAME


def steps(text: str) -> list[tuple[int, int, str]]:
    """Where a chapter's name may begin, and what stands before it there."""
    return [(0, 0, "start"), *((*m.span(), m.lastgroup or "") for m in STEP.finditer(text))]


def name_of(text: str, respelled: Respelled, match: re.Match[str], begin: int) -> Name | None:
    """The chapter of a match; `begin` is where its lead-in begins."""
    start, end = respelled.original(match.start("name")), respelled.original(match.end("name"))
    if not is_credible(text, start, end, respelled.spots):
        return None
    printed = " ".join(text[start:end].split())
    known = guideline_of(" ".join(match["name"].split()), int(match["year"]))
    name = known.name if known else printed
    first, last = respelled.original(begin), respelled.original(match.end())
    return Name(first, last, "MTUS", name, True, match["year"])


@lru_cache(maxsize=4096)
def guideline_of(printed: str, year: int) -> Guideline | None:
    """A chapter of today for an edition of today, else the one that the MTUS had."""
    known = [one for one in GUIDELINES if one.source == "MTUS" and one.is_called(printed)]
    current = [one for one in CURRENT if one.is_called(printed)]
    ranked = current + known if year >= FIRST_CURRENT else known + current
    return ranked[0] if ranked else None

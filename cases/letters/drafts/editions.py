"""What the editions of guidelines say about a citation: superseded or not, and which pages it has.

Since December 1, 2017 the MTUS consists of the ACOEM's current guidelines. A chapter that it had
before, by name or by year, is superseded by the one that the same section of title 8 adopts now.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from cases.letters.citations.catalogue import BY_NAME, CURRENT, GUIDELINES, Guideline
from cases.letters.citations.chapters import FIRST_CURRENT
from cases.letters.drafts.model import DraftCitation

TABLES = tomllib.loads(Path(__file__).with_name("guideline_pages.toml").read_text())
UPDATES: dict[str, list[str]] = TABLES["updates"]["chapters"]
UPDATES_SOURCE: str = TABLES["updates"]["source"]
CURRENT_BY_NAME = {one.name: one for one in CURRENT}
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
OLD_EDITION = re.compile(r"\b(?:2nd|second)\s+ed", re.IGNORECASE)
MENTAL_HEALTH = "Workplace Mental Health"
SINCE = "Since December 1, 2017 the MTUS"


@dataclass(frozen=True, slots=True)
class PageRangeKnown:
    """The pages that one edition has."""

    edition: str
    first: int
    last: int
    source: str


PAGES = {
    one["name"]: PageRangeKnown(one["edition"], one["first"], one["last"], one["source"])
    for one in TABLES["guideline"]
}


def is_in_catalog(citation: DraftCitation) -> bool:
    return citation.guideline in BY_NAME or citation.guideline in CURRENT_BY_NAME


def current_chapter(citation: DraftCitation) -> Guideline | None:
    """The chapter of today's MTUS that a citation names as such, by its name of today: of the names
    that stand first in its words, the longest."""
    old = [match for one in GUIDELINES if (match := one.form.search(citation.raw))]
    current = [(match, one) for one in CURRENT if (match := one.form.search(citation.raw))]
    if not current:
        return None
    match, chapter = min(current, key=lambda one: (one[0].start(), -one[0].end()))
    earlier = any(
        one.start() < match.start() or (one.start() == match.start() and one.end() > match.end())
        for one in old
    )
    return None if earlier else chapter


def successor_of(name: str) -> Guideline | None:
    """Today's chapter in the place of a guideline that the MTUS had."""
    old = BY_NAME.get(name)
    if old is None:
        return None
    regulation = old.regulation
    if regulation is None and old.adopted:
        regulation = BY_NAME[old.adopted].regulation
    heirs = [one for one in CURRENT if regulation and one.regulation == regulation]
    return next((one for one in heirs if one.name == MENTAL_HEALTH), heirs[0] if heirs else None)


def edition_year(citation: DraftCitation) -> int | None:
    if citation.edition:
        return int(citation.edition)
    place = re.search(r"(?:pages?|pp?\.)\s", citation.raw, re.IGNORECASE)
    found = YEAR.search(citation.raw[: place.start()] if place else citation.raw)
    return int(found[0]) if found else None


def named_as_today(citation: DraftCitation) -> DraftCitation:
    """By the name of today's chapter, where that is what its words name."""
    current, year = current_chapter(citation), edition_year(citation)
    if current is None or (year is not None and year < first_edition(current)):
        return citation
    return replace(citation, guideline=current.name)


def superseded(citation: DraftCitation) -> str:
    """In words by what the edition was superseded; "" where it was not, or nothing is known."""
    if citation.source not in ("MTUS", "ACOEM"):
        return ""
    year = edition_year(citation)
    current = current_chapter(citation)
    if current and (year is None or year >= first_edition(current)):
        return newer_edition(current, year)
    if citation.guideline == "ACOEM Guidelines":
        if OLD_EDITION.search(citation.raw) or year == 2004:
            return f"{SINCE} consists of the ACOEM’s current guidelines, not its second edition."
        return ""
    heir = successor_of(citation.guideline)
    if heir is None or (year is None and heir.name == citation.guideline):
        return ""
    if year is not None and year >= FIRST_CURRENT:
        return ""
    if year is None and citation.guideline in CURRENT_BY_NAME:
        return ""
    return f"{SINCE} has “{heir.name}” in its place."


def first_edition(chapter: Guideline) -> int:
    return int(UPDATES.get(chapter.name, [str(FIRST_CURRENT)])[0])


def newer_edition(chapter: Guideline, year: int | None) -> str:
    latest = int(UPDATES.get(chapter.name, ["0"])[-1])
    if year is None or year >= latest:
        return ""
    return f"The edition of {latest} replaced it ({UPDATES_SOURCE})."


def known_pages(citation: DraftCitation) -> PageRangeKnown | None:
    """The pages of the edition that is cited, where they are known for sure."""
    known = PAGES.get(citation.guideline)
    if known is None or (citation.edition and citation.edition != known.edition):
        return None
    return None if current_chapter(citation) else known


def pages_outside(citation: DraftCitation, first: int, last: int) -> list[tuple[int, int]]:
    return [one for one in citation.pages if one[0] < first or one[1] > last]

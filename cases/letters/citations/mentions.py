"""Guidelines that a rationale names in running text; kept apart from what the sides cite."""

from __future__ import annotations

import re

from cases.letters.citations.catalogue import BY_NAME
from cases.letters.citations.find import FoundCitation
from cases.letters.citations.locators import LIST, PAGES, ranges_in
from cases.letters.header.names import Name, by_closing, find_names
from cases.letters.model import PageRange

PAGE_OF = re.compile(
    rf"\b(?:pages?|pp?\.|pgs?\.?)\s*(?P<list>{LIST})\s*(?:of|in|from)\s+(?:the\s+)?$", re.IGNORECASE
)
NEAR = 80  # characters that pages before a name take at most


def find_mentions(text: str) -> tuple[FoundCitation, ...]:
    """Guidelines of the catalogue, with pages only where they adjoin the name."""
    return tuple(mention(text, name) for name in find_names(text, 0, len(text)) if name.name)


def mention(text: str, name: Name) -> FoundCitation:
    start, end = name.start, name.end
    pages: tuple[PageRange, ...] = ()
    first = max(0, start - NEAR)
    if before := PAGE_OF.search(text[first:start]):
        pages, start = ranges_in(before["list"]), first + before.start()
    elif after := PAGES.match(text, end):
        pages, end = ranges_in(after["list"]), after.end()
    # Reviewers write "ACOEM Chapter 12" for the chapter that the MTUS adopts.
    guideline = BY_NAME.get(name.name)
    if name.within is None and guideline and guideline.chapters:
        name = by_closing(name, True)
    return FoundCitation(start, end, name.source, name.name, None, None, pages)

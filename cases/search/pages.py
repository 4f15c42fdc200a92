"""Cited pages as facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cases.search.language import Fact, Or

LONG = 50  # pages; the index knows a longer range only as such
LONG_RANGE = ("cites_page", "long")


def page_facts(pages: Iterable[tuple[int, int]]) -> set[tuple[str, str]]:
    """What the index knows of a citation's ranges of pages, both ends included."""
    facts: set[tuple[str, str]] = set()
    for first, last in pages:
        if last - first >= LONG:
            facts.add(LONG_RANGE)
        else:
            facts |= {("cites_page", str(page)) for page in range(first, last + 1)}
    return facts


def may_cite(page: int) -> Or:
    """The question for citations of this page, which those of long ranges may be."""
    return Or((Fact("cites_page", str(page)), Fact(*LONG_RANGE)))

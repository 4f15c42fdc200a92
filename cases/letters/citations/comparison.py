"""How the two sides of one issue cite: row by row, and as one verdict.

Only source, guideline, edition, section and pages count, never the words a citation was written in.
The verdict goes by guidelines alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cases.letters.model import Citation, PageRange

Relation = Literal["same", "other_pages_or_section", "other_edition", "claims_only", "maximus_only"]
Verdict = Literal[
    "same", "overlapping", "different", "claims_silent", "maximus_silent", "both_silent"
]


@dataclass(frozen=True, slots=True)
class Row:
    claims: Citation | None
    maximus: Citation | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class Comparison:
    rows: tuple[Row, ...]
    verdict: Verdict


def compare_citations(claims: Sequence[Citation], maximus: Sequence[Citation]) -> Comparison:
    """Every citation stands in exactly one row. Pairs are made closest first (see `closeness`),
    ties in the order of the letter, so that the result is the same every time."""
    pairs = sorted(
        (-closeness(one, other), i, j)
        for i, one in enumerate(claims)
        for j, other in enumerate(maximus)
        if citation_key(one) == citation_key(other)
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    rows = [best_partner(one, maximus, partner.get(i)) for i, one in enumerate(claims)]
    rows += [Row(None, other, "maximus_only") for j, other in enumerate(maximus) if j not in taken]
    return Comparison(tuple(rows), verdict(claims, maximus))


def best_partner(one: Citation, maximus: Sequence[Citation], j: int | None) -> Row:
    if j is None:
        return Row(one, None, "claims_only")
    other = maximus[j]
    if editions_differ(one, other):
        return Row(one, other, "other_edition")
    same = pages_agree(one.pages, other.pages) and sections_agree(one, other)
    return Row(one, other, "same" if same else "other_pages_or_section")


def words(text: str | None) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", (text or "").lower()))


def citation_key(citation: Citation) -> tuple[str, str]:
    return citation.source, words(citation.guideline)


def closeness(one: Citation, other: Citation) -> int:
    """16 for equal editions, 8 for editions that don't differ, 4 for pages that agree, 2 for
    sections that agree, 1 for equal sections."""
    return (
        16 * (one.edition == other.edition)
        + 8 * (not editions_differ(one, other))
        + 4 * pages_agree(one.pages, other.pages)
        + 2 * sections_agree(one, other)
        + (words(one.section) == words(other.section))
    )


def editions_differ(one: Citation, other: Citation) -> bool:
    """An edition that one side does not give is no difference."""
    return bool(one.edition and other.edition and one.edition != other.edition)


def pages_agree(one: Sequence[PageRange], other: Sequence[PageRange]) -> bool:
    """They overlap, or neither side gives any."""
    if not one or not other:
        return not one and not other
    return any(a[0] <= b[1] and b[0] <= a[1] for a in one for b in other)


def sections_agree(one: Citation, other: Citation) -> bool:
    a, b = words(one.section), words(other.section)
    return not a or not b or a == b


def verdict(claims: Sequence[Citation], maximus: Sequence[Citation]) -> Verdict:
    ours, theirs = {citation_key(one) for one in claims}, {citation_key(one) for one in maximus}
    if not ours or not theirs:
        return "both_silent" if ours == theirs else "claims_silent" if theirs else "maximus_silent"
    if ours == theirs:
        return "same"
    return "overlapping" if ours & theirs else "different"

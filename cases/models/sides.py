"""The stored citations of an issue, compared side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from cases.letters.citations.comparison import (
    Comparison,
    Relation,
    Row,
    compare_citations,
    pages_agree,
)
from cases.letters.model import Citation as CitationRead
from cases.letters.model import Source as SourceRead
from cases.models import Citation

# Values of the CSV column `relations`: they are public and do not change.
CSV_RELATIONS: dict[Relation, str] = {
    "same": "same",
    "other_pages_or_section": "other pages or section",
    "other_edition": "same guideline, other edition",
    "claims_only": "only claims administrator",
    "maximus_only": "only MAXIMUS",
}
RELATION_LABELS: dict[Relation, str] = {
    "same": "Same",
    "other_pages_or_section": "Different pages",
    "other_edition": "Different edition",
    "claims_only": "One side only",
    "maximus_only": "One side only",
}


def compare_rows(rows: Sequence[Citation]) -> Comparison:
    """How the two sides' stored citations of one issue compare."""
    claims = [citation_of(row) for row in rows if row.side == Citation.Side.CLAIMS]
    maximus = [citation_of(row) for row in rows if row.side == Citation.Side.MAXIMUS]
    return compare_citations(tuple(claims), tuple(maximus))


class CitationValues(Protocol):
    """What the comparison looks at: of a stored row, or of values read without one."""

    @property
    def side(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def guideline(self) -> str: ...
    @property
    def edition(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def pages(self) -> Sequence[Sequence[int]]: ...


def citation_of(row: Citation) -> CitationRead:
    """A stored citation as it was read, without its place in the letter."""
    return comparable_citation(row, row.raw)


def comparable_citation(row: CitationValues, raw: str = "") -> CitationRead:
    """As the comparison takes a citation, which looks at no words as written."""
    pages = tuple((first, last) for first, last in row.pages)
    source = cast("SourceRead", row.source)  # the database holds no other
    return CitationRead(source, row.guideline, row.edition or None, row.section or None, pages, raw)


def relation_label(row: Row) -> str:
    """How two citations stand to each other, in the words of the case page."""
    claims, maximus = row.claims, row.maximus
    apart = row.relation == "other_pages_or_section"
    if apart and claims and maximus and pages_agree(claims.pages, maximus.pages):
        return "Different section"
    return RELATION_LABELS[row.relation]


def has_other_edition(comparison: Comparison) -> bool:
    return any(row.relation == "other_edition" for row in comparison.rows)


def other_editions(rows: Sequence[Citation]) -> tuple[str, ...]:
    """The guidelines that the sides cite by different editions."""
    compared = compare_rows(rows).rows
    differing = (row.claims for row in compared if row.relation == "other_edition")
    return tuple(sorted({claims.guideline[:200] for claims in differing if claims}))


def relations_in_words(rows: Sequence[CitationValues]) -> str:
    """Of each row of the comparison, in the order of the case page."""
    sides = (
        tuple(comparable_citation(row) for row in rows if row.side == side)
        for side in (Citation.Side.CLAIMS, Citation.Side.MAXIMUS)
    )
    return "; ".join(CSV_RELATIONS[row.relation] for row in compare_citations(*sides).rows)

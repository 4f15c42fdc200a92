"""How the two sides cite and how IMR decides, across the issues that a filter lets through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.index.counts import NONE, Count, DecidedRows, Figures, value_counts
from cases.index.current import current_index
from cases.index.rows import CASE, CLAIM, ISSUE
from cases.lists.base_filterset import IndexFilter

# What issues are counted by: the dimension's name and its fact.
DIMENSIONS = {
    "claims": "claims_guideline",
    "maximus": "maximus_guideline",
    "category": "category",
    "subcategory": "subcategory",
    "specialty": "specialty",
    "year": "year",
    "other_edition": "other_edition_of",
    **{name: name for name in CLAIM},
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures by the values of one fact, (value, ""), and of the two sides' guidelines; `cases`
    says how many cases each value of a claim fact has."""

    issues: Count = NONE
    matrix: Figures = field(default_factory=dict)
    figures: Mapping[str, Figures] = field(default_factory=dict)
    cases: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def by(self, dimension: str) -> Figures:
        return self.figures.get(dimension, {})


def compare_issues(filterset: IndexFilter) -> Comparison:
    """Compares the issues that a valid filter set finds."""
    with current_index() as index:
        issues = DecidedRows(index.spaces[ISSUE], filterset.found().rows)
        cases = index.moved(issues.rows, ISSUE, CASE)
        return Comparison(
            issues.count,
            issues.by_both(DIMENSIONS["claims"], DIMENSIONS["maximus"]),
            {name: issues.by(fact) for name, fact in DIMENSIONS.items()},
            {name: value_counts(index.spaces[CASE], cases, name) for name in CLAIM},
        )


def most_frequent(figures: Figures, side: int, most: int | None = None) -> tuple[list[str], int]:
    """The names at one side of a matrix by how many issues they have, and how many more exist.

    Silence ("") comes last, and is never left out.
    """
    weights: Counter[str] = Counter()
    for place, count in figures.items():
        weights[place[side]] += count.total
    silent = [""] if weights.pop("", 0) else []
    names = [name for name, _ in sorted(weights.items(), key=lambda one: (-one[1], one[0]))]
    kept = names[:most] if most else names
    return kept + silent, len(names) - len(kept)


def sorted_by_total(figures: Figures) -> list[tuple[str, Count]]:
    rows = [(first, count) for (first, _), count in figures.items()]
    return sorted(rows, key=lambda one: (-one[1].total, one[0]))


def sorted_by_name(figures: Figures) -> list[tuple[str, Count]]:
    return sorted((first, count) for (first, _), count in figures.items())

"""How the two sides cite and how IMR decides, across the issues that a filter lets through.

Figures come from the summaries where they can answer the filter; else they are counted from the
issues themselves, the newest ones where there are many.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cases.facts import CaseFacts, Count, Mark, issue_values, tallied
from cases.models import Issue
from cases.summaries import counted

MOST_LIVE = 400

Figures = Mapping[tuple[str, str], Count]
FACTS = (
    "issues",
    "matrix",
    "claims",
    "maximus",
    "category",
    "subcategory",
    "specialty",
    "year",
    "other_edition",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`newest` is how many issues were counted when there are more that match, else None."""

    figures: Mapping[str, Figures]
    newest: int | None = None

    @property
    def issues(self) -> Count:
        return self.figures["issues"].get(("", ""), Count())

    def by(self, dimension: str) -> Figures:
        return self.figures[dimension]


def compare(
    asked: Mapping[str, Any],
    issues: Callable[[int], QuerySet[Issue]],
    names: Sequence[str] = FACTS,
) -> Comparison:
    """`asked` are the filter's cleaned values; `issues` gives the newest so many that it lets
    through; `names` are the dimensions wanted."""
    scopes = scopes_for(asked)
    if scopes is None:
        return live(issues(MOST_LIVE + 1))
    if not scopes:
        return Comparison(nothing())
    decisions = asked.get("decision") or ()
    return Comparison({name: only(counted(name, scopes), decisions) for name in names})


def scopes_for(asked: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The scopes that add up to what is asked; None where the summaries can't tell.

    They know one filter at a time: treatment categories, verdicts, or whole years; and with any
    of them the decision.
    """
    names = {name for name, value in asked.items() if value} - {"decision", "order"}
    if not names:
        return ("",)
    for name in ("category", "verdict"):
        if names == {name}:
            return tuple(f"{name}={value}" for value in dict.fromkeys(asked[name]))
    if names == {"decision_date_after", "decision_date_before"}:
        return years(asked["decision_date_after"], asked["decision_date_before"])
    return None


def years(first: dt.date, last: dt.date) -> tuple[str, ...] | None:
    whole = (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31)
    if not whole or last.year - first.year > 100:
        return None
    return tuple(f"year={year}" for year in range(first.year, last.year + 1))


def only(figures: Figures, decisions: Any) -> Figures:
    """The figures of issues that were decided so."""
    if not decisions:
        return figures
    chosen = {place: count.only(decisions) for place, count in figures.items()}
    return {place: count for place, count in chosen.items() if count.total}


def nothing() -> dict[str, Figures]:
    return {name: {} for name in FACTS}


def live(issues: QuerySet[Issue]) -> Comparison:
    """Counts the issues themselves."""
    rows = issues.order_by("-place")
    found = list(rows.values_list("position", "case__stored_facts__facts"))
    marks: Counter[Mark] = Counter()
    for position, data in found[:MOST_LIVE]:
        if data is None:
            continue
        facts = CaseFacts.of_json(data, position)
        for issue in facts.issues:
            marks.update(
                ("", dimension, first, second, issue.decision)
                for dimension, first, second in issue_values(facts, issue)
            )
    figures: dict[str, dict[tuple[str, str], Count]] = {name: {} for name in FACTS}
    for key, count in tallied(marks).items():
        if key.dimension in figures:
            figures[key.dimension][key.first, key.second] = count
    return Comparison(figures, MOST_LIVE if len(found) > MOST_LIVE else None)


def heaviest(figures: Figures, side: int, most: int | None = None) -> tuple[list[str], int]:
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


def by_weight(figures: Figures) -> list[tuple[str, Count]]:
    rows = [(first, count) for (first, _), count in figures.items()]
    return sorted(rows, key=lambda one: (-one[1].total, one[0]))


def by_name(figures: Figures) -> list[tuple[str, Count]]:
    return sorted((first, count) for (first, _), count in figures.items())

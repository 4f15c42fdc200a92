"""Overturn rates by what staff entered about the claim: claims administrator, unit, requesting
physician, UR vendor.

A group of few cases says little and would soon name a person, so groups below
`IMR_LEAST_CASES` are counted together. Cases of which nothing was entered are counted as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict

from cases.analysis.comparison import Comparison
from cases.analysis.comparison_links import issues_link
from cases.analysis.rate_rows import Rank, RateRow, RateTable, rate_row
from cases.index.counts import Count
from cases.index.rows import CLAIM, SILENT
from cases.lists.filter_types import NONE as NOT_ENTERED
from cases.lists.filtersets import CLAIM_LABELS

FEW, MORE = "\0few", "\0more"  # values of rows that stand for several groups; no name is like them
TITLES = {
    "claims_administrator": "By claims administrator",
    "claims_unit": "By unit of the claims administrator",
    "requesting_physician": "By requesting physician",
    "ur_vendor": "By UR vendor",
}


@dataclass(frozen=True, slots=True)
class Groups:
    """Of one fact: the groups of enough cases, and those of them that have a row."""

    enough: frozenset[str]
    shown: frozenset[str]
    few_words: str


GroupsOf = Mapping[str, Groups]


def claim_groups(comparisons: Sequence[Comparison], most: int | None) -> GroupsOf:
    """By fact. Of two selections a group has enough cases where it has in both."""
    return {fact: groups_of(fact, comparisons, most) for fact in CLAIM}


def groups_of(fact: str, comparisons: Sequence[Comparison], most: int | None) -> Groups:
    least = settings.IMR_LEAST_CASES
    large = [
        {name for name, cases in one.cases.get(fact, {}).items() if cases >= least}
        for one in comparisons
    ]
    enough = frozenset.intersection(*map(frozenset, large)) - {SILENT}
    issues: Counter[str] = Counter()
    for one in comparisons:
        issues.update({name: count.total for (name, _), count in one.by(fact).items()})
    ordered = sorted(enough, key=lambda name: (-issues[name], name))
    words = f"Fewer than {least} case{'' if least == 1 else 's'}"
    where = " each" if len(comparisons) == 1 else " in A or B"
    return Groups(enough, frozenset(ordered[:most]), words + where)


def claim_tables(
    comparison: Comparison, query: QueryDict, groups: GroupsOf
) -> tuple[RateTable, ...]:
    return tuple(claim_table(fact, comparison, query, groups[fact]) for fact in CLAIM)


def claim_table(fact: str, comparison: Comparison, query: QueryDict, groups: Groups) -> RateTable:
    """Without rows where nobody entered such a fact."""
    counts = {name: count for (name, _), count in comparison.by(fact).items()}
    rows: list[RateRow] = []
    if set(counts) - {SILENT}:
        for name in sorted(
            groups.shown & set(counts), key=lambda name: (-counts[name].total, name)
        ):
            link = issues_link(query, **{fact: [name]})
            rows.append(rate_row(name, name, link, counts[name]))
        rows += rows_of_several(counts, groups)
        if SILENT in counts:
            link = issues_link(query, **{fact: [NOT_ENTERED]})
            rows.append(rate_row(SILENT, "Not entered", link, counts[SILENT], Rank.SILENT))
    note = (
        f"Groups of fewer than {settings.IMR_LEAST_CASES} cases are counted together. What nobody"
        " entered is counted as such, never guessed."
    )
    slug = fact.replace("_", "-")
    return RateTable(slug, TITLES[fact], CLAIM_LABELS[fact], tuple(rows), note=note)


def rows_of_several(counts: Mapping[str, Count], groups: Groups) -> Iterable[RateRow]:
    more = [counts[name] for name in groups.enough - groups.shown if name in counts]
    if more:
        yield rate_row(MORE, "All others with as many cases", None, total(more), Rank.MORE)
    few = [count for name, count in counts.items() if name not in {*groups.enough, SILENT}]
    if few:
        yield rate_row(FEW, groups.few_words, None, total(few), Rank.FEW)


def total(counts: Sequence[Count]) -> Count:
    return Count(*map(sum, zip(*counts, strict=True)))

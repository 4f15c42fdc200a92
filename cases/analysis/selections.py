"""Two selections of issues beside each other: their queries in one address, and their rates.

The first selection has the names that every list's filters have; those of the second begin with
"with-". An address without such names has one selection; "with=all" stands for all issues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django import forms
from django.http import QueryDict

from cases.analysis.claim_rates import claim_groups
from cases.analysis.comparison import Comparison, most_frequent
from cases.analysis.comparison_page import (
    LEAST_DECIDED,
    MOST_ROWS,
    Matrix,
    build_matrix,
    rate_tables,
)
from cases.analysis.rate_rows import Rank, RateRow, RateTable
from cases.analysis.rates import Difference, share_difference
from cases.index.counts import NONE, Count
from cases.lists.definition import FilterChip
from cases.lists.filtersets import IssueFilter

PREFIX, ALL = "with-", "with"
MOST_GUIDELINES_OF_TWO = 6


def first_query(query: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name != ALL and not name.startswith(PREFIX):
            kept.setlist(name, values)
    return kept


def second_query(query: QueryDict) -> QueryDict | None:
    """None where there is one selection alone."""
    found = QueryDict(mutable=True)
    for name, values in query.lists():
        if name.startswith(PREFIX) and any(values):
            found.setlist(name.removeprefix(PREFIX), [value for value in values if value])
    return found if found or ALL in query else None


def second_parameters(second: QueryDict) -> list[tuple[str, str]]:
    """As an address and a form name them."""
    named = [(PREFIX + name, value) for name, values in second.lists() for value in values]
    return named or [(ALL, "all")]


def query_of_both(first: str, second: QueryDict) -> str:
    named = QueryDict(mutable=True)
    for name, value in second_parameters(second):
        named.appendlist(name, value)
    return f"{first}&{named.urlencode()}".lstrip("&")


def second_chips(chips: Sequence[FilterChip], first: str) -> tuple[FilterChip, ...]:
    """Chips of the second selection whose links keep the first one."""
    return tuple(replace(c, query=query_of_both(first, QueryDict(c.query))) for c in chips)


class SecondFilter(IssueFilter):
    """The filters of issues, with fields that are named as the second selection's are."""

    @property
    def form(self) -> forms.Form:
        if not hasattr(self, "_form"):
            named = QueryDict(query_of_both("", self.data))
            self._form = self.get_form_class()(named, prefix=PREFIX.rstrip("-"))
        return self._form


@dataclass(frozen=True, slots=True)
class RatePair:
    """One line of a table: the rates of both selections; a selection may have no such issue."""

    label: str
    first: RateRow | None
    second: RateRow | None
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class PairTable:
    name: str
    title: str
    heading: str
    rows: tuple[RatePair, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Selections:
    """Both compared. `shared` is how many issues are in both: a difference has an interval only
    where there are none, since those of separate rows alone are known."""

    first: Comparison
    second: Comparison
    shared: int
    difference: Difference | None
    matrices: tuple[Matrix, Matrix]
    tables: tuple[PairTable, ...]


def compare_selections(
    comparisons: tuple[Comparison, Comparison], queries: tuple[QueryDict, QueryDict], shared: int
) -> Selections:
    first, second = comparisons
    difference = difference_of(first.issues, second.issues, shared)
    tables = tuple(pair_tables(comparisons, queries, shared))
    one, other = matrices(comparisons, queries)
    both = (one, with_differences(one, other, shared))
    return Selections(first, second, shared, difference, both, tables)


def difference_of(first: Count, second: Count, shared: int) -> Difference | None:
    """Without an interval that tells how sure it is, a difference of few issues is none."""
    if shared and min(first.decided, second.decided) < LEAST_DECIDED:
        return None
    found = share_difference(first.turned, first.decided, second.turned, second.decided)
    return replace(found, interval=None) if found and shared else found


def matrices(
    comparisons: tuple[Comparison, Comparison], queries: tuple[QueryDict, QueryDict]
) -> tuple[Matrix, Matrix]:
    """With the same rows and columns, those that both together have most issues of."""
    first, second = (comparison.matrix for comparison in comparisons)
    together = {
        place: Count(first.get(place, NONE).total + second.get(place, NONE).total)
        for place in {*first, *second}
    }
    most = None if queries[0].get("guidelines") == "all" else MOST_GUIDELINES_OF_TWO
    ours, hidden = most_frequent(together, 0, most)
    theirs, more = most_frequent(together, 1, most)
    shown = (ours, theirs, hidden + more)
    one, other = (build_matrix(c, q, shown) for c, q in zip(comparisons, queries, strict=True))
    return one, other


def with_differences(first: Matrix, second: Matrix, shared: int) -> Matrix:
    """The second with the difference of each cell from that of the first, of those that are
    shaded in both: of fewer issues a share says little."""
    rows = (
        replace(
            row,
            cells=tuple(
                replace(cell, difference=cell_difference(before.count, cell.count, shared))
                for before, cell in zip(row_before.cells, row.cells, strict=True)
            ),
        )
        for row_before, row in zip(first.rows, second.rows, strict=True)
    )
    return replace(second, rows=tuple(rows))


def cell_difference(first: Count, second: Count, shared: int) -> Difference | None:
    if min(first.decided, second.decided) < LEAST_DECIDED:
        return None
    return difference_of(first, second, shared)


def pair_tables(
    comparisons: tuple[Comparison, Comparison], queries: tuple[QueryDict, QueryDict], shared: int
) -> Iterator[PairTable]:
    groups = claim_groups(comparisons, MOST_ROWS)
    both = [
        rate_tables(c, q, most=None, groups=groups)
        for c, q in zip(comparisons, queries, strict=True)
    ]
    for first, second in zip(*both, strict=True):
        rows = tuple(pair_rows(first, second, shared))
        yield PairTable(first.name, first.title, first.heading, rows, first.note)


def pair_rows(first: RateTable, second: RateTable, shared: int) -> Iterator[RatePair]:
    """In the order that a table of one selection has: by name for years, else by number."""
    ours, theirs = ({row.value: row for row in table.rows} for table in (first, second))
    values = [*dict.fromkeys([*ours, *theirs])]
    if first.by_name:
        values.sort()
    else:
        values.sort(key=lambda value: -total(ours, value) - total(theirs, value))
    single = [value for value in values if rank(ours, theirs, value) is Rank.GROUP]
    several = [value for value in values if rank(ours, theirs, value) is not Rank.GROUP]
    several.sort(key=lambda value: rank(ours, theirs, value))
    for value in [*single[:MOST_ROWS], *several]:
        row, other = ours.get(value), theirs.get(value)
        difference = difference_of(row.count, other.count, shared) if row and other else None
        label = row.label if row else theirs[value].label
        yield RatePair(label, row, other, difference)


def rank(ours: Mapping[str, RateRow], theirs: Mapping[str, RateRow], value: str) -> Rank:
    return (ours.get(value) or theirs[value]).rank


def total(rows: Mapping[str, RateRow], value: str) -> int:
    return rows[value].count.total if value in rows else 0

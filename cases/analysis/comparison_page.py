"""A Comparison → the tables and plots of its page, with links to the lists behind the figures."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict

from cases.analysis.claim_rates import GroupsOf, claim_groups, claim_tables
from cases.analysis.comparison import Comparison, most_frequent, sorted_by_name, sorted_by_total
from cases.analysis.comparison_links import cell_link, issues_link, side_link, year_link
from cases.analysis.plots import MatrixPlot, matrix_plot
from cases.analysis.rate_rows import RateTable, rate_row
from cases.analysis.rates import Difference
from cases.index.counts import NONE, Count
from cases.lists.filter_types import NONE as NO_VALUE
from cases.lists.guideline_names import full_name, short_name
from cases.models import Category
from cases.models.taxonomy import Subcategory

MOST_GUIDELINES = 11
LEAST_DECIDED = 10  # issues of a cell that is shaded: of fewer a share says little
# From which share on a cell has the next shade.
SHADES = (0.05, 0.1, 0.2, 0.4)


@dataclass(frozen=True, slots=True)
class Cell:
    """`difference` is that from the same cell of the first selection, where there are two."""

    count: Count
    link: str | None = None
    difference: Difference | None = None

    @property
    def shade(self) -> str:
        """The class of its ground, by the share that was overturned."""
        if self.count.rate is None or self.count.decided < LEAST_DECIDED:
            return "few"
        return f"shade-{bisect_right(SHADES, self.count.rate)}"


@dataclass(frozen=True, slots=True)
class Heading:
    name: str
    short: str
    link: str | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    heading: Heading
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`hidden` guidelines of the two sides are left out for want of room."""

    columns: tuple[Heading, ...]
    rows: tuple[MatrixRow, ...]
    hidden: int

    @property
    def plot(self) -> MatrixPlot:
        columns = [column.short for column in self.columns]
        rows = [(row.heading.short, [one.count for one in row.cells]) for row in self.rows]
        return matrix_plot(columns, rows)


Link = Callable[[str], str | None]
TableOf = Callable[[int | None], RateTable]  # with at most so many rows


Shown = tuple[list[str], list[str], int]


def guidelines_shown(comparison: Comparison, query: QueryDict) -> Shown:
    """The guidelines of the rows, those of the columns, and how many are left out."""
    most = None if query.get("guidelines") == "all" else MOST_GUIDELINES
    ours, more_of_ours = most_frequent(comparison.matrix, 0, most)
    theirs, more_of_theirs = most_frequent(comparison.matrix, 1, most)
    return ours, theirs, more_of_ours + more_of_theirs


def build_matrix(comparison: Comparison, query: QueryDict, shown: Shown | None = None) -> Matrix:
    figures = comparison.matrix
    ours, theirs, hidden = shown or guidelines_shown(comparison, query)
    rows = tuple(
        MatrixRow(
            heading(query, "claims", claims),
            tuple(
                cell(figures.get((claims, maximus)), query, claims, maximus) for maximus in theirs
            ),
        )
        for claims in ours
    )
    columns = tuple(heading(query, "maximus", name) for name in theirs)
    return Matrix(columns, rows, hidden)


def heading(query: QueryDict, side: str, guideline: str) -> Heading:
    return Heading(full_name(guideline), short_name(guideline), side_link(query, side, guideline))


def cell(count: Count | None, query: QueryDict, claims: str, maximus: str) -> Cell:
    return Cell(NONE) if count is None else Cell(count, cell_link(query, claims, maximus))


MOST_ROWS = 20


def rate_tables(
    comparison: Comparison,
    query: QueryDict,
    most: int | None = MOST_ROWS,
    groups: GroupsOf | None = None,
) -> tuple[RateTable, ...]:
    """The overturn rate by each of the things that it may depend on, `most` rows each; `groups`
    are those of claim facts, where several tables show the same."""
    groups = groups or claim_groups([comparison], most)
    tables = (
        *rates_by_treatment(comparison, query),
        *rates_by_guideline(comparison, query),
        *rates_by_review(comparison, query),
        rates_by_edition(comparison, query),
    )
    return (*(table(most) for table in tables), *claim_tables(comparison, query, groups))


def rates_by_treatment(comparison: Comparison, query: QueryDict) -> tuple[TableOf, ...]:
    categories, subcategories = dict(Category.choices), dict(Subcategory.choices)
    return (
        rate_table(
            "category",
            "By treatment category",
            "Treatment",
            sorted_by_total(comparison.by("category")),
            lambda name: categories.get(name, name),
            lambda name: issues_link(query, category=[name]),
        ),
        rate_table(
            "subcategory",
            "By treatment subcategory",
            "Subcategory",
            sorted_by_total(comparison.by("subcategory")),
            lambda name: subcategories.get(name, "None"),
            lambda name: issues_link(query, subcategory=[name or NO_VALUE]),
        ),
    )


def rates_by_guideline(comparison: Comparison, query: QueryDict) -> tuple[TableOf, ...]:
    return (
        rate_table(
            "claims-guideline",
            "By guideline of the claims administrator",
            "Claims administrator cites",
            sorted_by_total(comparison.by("claims")),
            short_name,
            lambda name: side_link(query, "claims", name),
        ),
        rate_table(
            "maximus-guideline",
            "By guideline of MAXIMUS",
            "MAXIMUS cites",
            sorted_by_total(comparison.by("maximus")),
            short_name,
            lambda name: side_link(query, "maximus", name),
        ),
    )


def rates_by_review(comparison: Comparison, query: QueryDict) -> tuple[TableOf, ...]:
    return (
        rate_table(
            "specialty",
            "By reviewer’s specialty",
            "Specialty",
            sorted_by_total(comparison.by("specialty")),
            lambda name: name or "Not found",
            lambda name: issues_link(query, specialty=[name]) if name else None,
        ),
        rate_table(
            "year",
            "By year of the decision",
            "Decided",
            sorted_by_name(comparison.by("year")),
            lambda name: name or "Not found",
            lambda name: year_link(query, name),
            by_name=True,
        ),
    )


def rates_by_edition(comparison: Comparison, query: QueryDict) -> TableOf:
    editions = comparison.by("other_edition")
    # Of several such guidelines no filter tells the one that an issue is counted under.
    only_link = issues_link(query, other_edition=["true"]) if len(editions) == 1 else None
    return rate_table(
        "other-edition",
        "Same guideline, different edition",
        "Both sides cite, different editions",
        sorted_by_total(editions),
        full_name,
        lambda name: only_link,
    )


def rate_table(
    name: str,
    title: str,
    column: str,
    figures: Iterable[tuple[str, Count]],
    label: Callable[[str], str],
    link: Link,
    by_name: bool = False,
) -> TableOf:
    def build(most: int | None) -> RateTable:
        rows = tuple(
            rate_row(value, label(value), link(value), count)
            for value, count in list(figures)[:most]
        )
        return RateTable(name, title, column, rows, by_name)

    return build

"""A Comparison → the tables and plots of its page, with links to the lists behind the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict

from cases.analysis.comparison import Comparison, most_frequent, sorted_by_name, sorted_by_total
from cases.analysis.comparison_links import cell_link, issues_link, side_link, year_link
from cases.analysis.plots import MatrixPlot, RatePlot, matrix_plot, rate_plot
from cases.analysis.rates import Interval, wilson_interval
from cases.index.counts import Count
from cases.lists.guideline_names import full_name, short_name
from cases.models import Category
from cases.models.taxonomy import Subcategory

MOST_GUIDELINES = 11


@dataclass(frozen=True, slots=True)
class Cell:
    count: Count
    link: str | None = None
    width: float = 0  # of its bar, in percent of the largest cell's
    turned: float = 0  # the part of the bar that stands for overturned issues


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
    plot: MatrixPlot


@dataclass(frozen=True, slots=True)
class RateRow:
    label: str
    link: str | None
    count: Count
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class RateTable:
    name: str
    title: str
    heading: str
    rows: tuple[RateRow, ...]
    plot: RatePlot


Link = Callable[[str], str | None]


def build_matrix(comparison: Comparison, query: QueryDict) -> Matrix:
    figures = comparison.matrix
    most = None if query.get("guidelines") == "all" else MOST_GUIDELINES
    ours, more_of_ours = most_frequent(figures, 0, most)
    theirs, more_of_theirs = most_frequent(figures, 1, most)
    largest = max((count.total for count in figures.values()), default=0)
    rows = tuple(
        MatrixRow(
            heading(query, "claims", claims),
            tuple(
                cell(figures.get((claims, maximus)), largest, cell_link(query, claims, maximus))
                for maximus in theirs
            ),
        )
        for claims in ours
    )
    plot = matrix_plot(
        [short_name(name) for name in theirs],
        [(row.heading.short, [one.count for one in row.cells]) for row in rows],
    )
    columns = tuple(heading(query, "maximus", name) for name in theirs)
    return Matrix(columns, rows, more_of_ours + more_of_theirs, plot)


def heading(query: QueryDict, side: str, guideline: str) -> Heading:
    return Heading(full_name(guideline), short_name(guideline), side_link(query, side, guideline))


def cell(count: Count | None, largest: int, link: str | None) -> Cell:
    if count is None:
        return Cell(Count())
    width = 100 * count.total / largest
    return Cell(count, link, width, width * count.turned / count.total)


def rate_tables(comparison: Comparison, query: QueryDict) -> tuple[RateTable, ...]:
    """The overturn rate by each of the things that it may depend on."""
    return (
        *rates_by_treatment(comparison, query),
        *rates_by_guideline(comparison, query),
        *rates_by_review(comparison, query),
        rates_by_edition(comparison, query),
    )


def rates_by_treatment(comparison: Comparison, query: QueryDict) -> tuple[RateTable, ...]:
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
            lambda name: issues_link(query, subcategory=[name]) if name else None,
        ),
    )


def rates_by_guideline(comparison: Comparison, query: QueryDict) -> tuple[RateTable, ...]:
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


def rates_by_review(comparison: Comparison, query: QueryDict) -> tuple[RateTable, ...]:
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
        ),
    )


def rates_by_edition(comparison: Comparison, query: QueryDict) -> RateTable:
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


MOST_ROWS = 20


def rate_table(
    name: str,
    title: str,
    column: str,
    figures: Iterable[tuple[str, Count]],
    label: Callable[[str], str],
    link: Link,
) -> RateTable:
    rows = tuple(
        RateRow(label(value), link(value), count, wilson_interval(count.turned, count.decided))
        for value, count in list(figures)[:MOST_ROWS]
    )
    plot = rate_plot(
        f"Overturn rate {title[0].lower()}{title[1:]}",
        [(row.label, row.count, row.interval) for row in rows],
    )
    return RateTable(name, title, column, rows, plot)

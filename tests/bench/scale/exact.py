"""Whether pages serve exactly what plain SQL counts, for random combinations of filters and words.

`python -m tests.bench.scale.exact` asks both databases and prints every disagreement.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import numpy as np

from cases.analysis.similarity import RequestFeatures, compute_similarity
from cases.letters.citations.comparison import compare_citations
from cases.letters.model import Citation
from cases.letters.requests.request_words import request_words

from . import served
from .combinations import SIDES, Combination, combinations
from .databases import Database, databases, settle
from .terms import Terms
from .truth import LISTS, Texts, Truth, as_list, product

ENGINES = ("sqlite", "postgresql")
CHANGES = "from tests.bench.scale.changes import make_changes; make_changes()"
MOST_VALUES, MOST_ROWS = 12, 20
MOST_LINES = 20_000  # of a CSV whose lines are counted
DECISIONS = ("upheld", "overturned", "partially_overturned")
CLAIMS, MAXIMUS = "citations.claims.counted_as", "citations.maximus.counted_as"
Page = Callable[[str], str]
Disagreement = tuple[str, object, object]  # what, as served, as counted


class Figures:
    """Counts of a selection, by the values of one column or of two."""

    def __init__(self, truth: Truth):
        self.truth, self.known = truth, {}
        decisions = truth.columns["issues", "decision"]
        ranks = [DECISIONS.index(name) + 1 if name in DECISIONS else 0 for name in decisions.names]
        self.decisions = np.array(ranks)[decisions.codes]
        self.differing = [*other_editions(truth)]
        self.sides = [self.values("issues", side, empty=True) for side in (CLAIMS, MAXIMUS)]
        self.pairs = product(*self.sides)

    def values(self, of: str, column: str, *, empty: bool = False) -> Texts:
        """What the rows of a list are counted under; with `empty`, "" is counted as well."""
        if (of, column, empty) not in self.known:
            table, *side, name = column.split(".")
            only = self.truth.having(table, "side", SIDES[side[0]]) if side else None
            texts = self.truth.values(of, table, name, only)
            length = self.truth.length(of)
            self.known[of, column, empty] = texts.or_empty(length) if empty else texts
        return self.known[of, column, empty]

    def by_value(self, of: str, column: str, selection: np.ndarray) -> Counter[str]:
        texts = self.values(of, column)
        numbers = np.bincount(texts.codes[selection[texts.rows]], minlength=len(texts.names))
        found = dict(zip(texts.names, numbers.tolist(), strict=True))
        return Counter({name: number for name, number in found.items() if name and number})

    def decided(self, rows: np.ndarray, keys: np.ndarray) -> dict[int, tuple[int, ...]]:
        """By key: issues, decided, upheld, overturned, overturned in part."""
        counts = np.bincount(4 * keys + self.decisions[rows])
        counts = np.pad(counts, (0, -len(counts) % 4)).reshape(-1, 4)
        totals = {int(key): tuple(counts[key].tolist()) for key in np.flatnonzero(counts.sum(1))}
        return {key: (sum(row), sum(row[1:]), *row[1:]) for key, row in totals.items()}

    def rates(self, column: str, selection: np.ndarray) -> list[tuple[int, int, str]]:
        texts = self.values("issues", column, empty=True)
        kept = selection[texts.rows]
        return [rate(*row) for row in self.decided(texts.rows[kept], texts.codes[kept]).values()]

    def matrix(self, selection: np.ndarray) -> dict[tuple[str, str], tuple[int, ...]]:
        (rows, ours, theirs), (claims, maximus) = self.pairs, self.sides
        kept, width = selection[rows], len(maximus.names)
        differing = Counter(name for row, name in self.differing if selection[row])
        found = {}
        for key, counts in self.decided(rows[kept], (ours * width + theirs)[kept]).items():
            cell = claims.names[key // width], maximus.names[key % width]
            found[cell] = (*counts, differing[cell[0]] if cell[0] == cell[1] else 0)
        return found


def rate(total: int, decided: int, upheld: int, *_: int) -> tuple[int, int, str]:
    turned = decided - upheld
    return total, turned, f"{100 * (turned / decided):.1f}%" if decided else "–"


def other_editions(truth: Truth) -> Iterator[tuple[int, str]]:
    """Issues with the guidelines that both sides cite by different editions."""
    cited = truth.select(
        "SELECT issue_id, side, source, guideline, edition, section, pages FROM cases_citation"
        " WHERE issue_id IN (SELECT id FROM cases_issue WHERE other_edition)"
        " ORDER BY issue_id, side, position"
    )
    for issue, rows in groupby(cited, lambda row: row[0]):
        sides: dict[str, list[Citation]] = {"claims": [], "maximus": [], "rationale": []}
        for _, side, source, guideline, edition, section, pages in rows:
            ranges = tuple(map(tuple, as_list(pages)))
            one = Citation(source, guideline, edition or None, section or None, ranges, "")
            sides[side].append(one)
        row = int(np.searchsorted(truth.columns["issues", "id"], issue))
        compared = compare_citations(sides["claims"], sides["maximus"]).rows
        names = {one.claims.guideline for one in compared if one.relation == "other_edition"}
        yield from ((row, name) for name in names)


class NotServedError(Exception):
    """Any answer but 200."""


def pages_of(database: Database) -> Page:
    def page(address: str) -> str:
        answer = database.ask(address, "body")
        if answer["status"] != 200:
            raise NotServedError(f"{address} answered {answer['status']}")
        return answer["text"]

    return page


def differences(page: Page, figures: Figures, one: Combination) -> Iterator[Disagreement]:
    """What the pages of one combination serve otherwise than it is counted."""
    yield "count", served.count_on(page(f"/{one.of}/?{one.query}")), one.number
    if one.number <= MOST_LINES:
        lines = served.rows_in(page(f"/{one.of}/export.csv?{one.query}"))
        yield "lines of CSV", lines, one.number
    if one.of in LISTS["facets"]:
        part = page(f"/{one.of}/?{one.query}#facets")
        yield from facets(served.facets_on(part), figures, one)
    if one.of == "cases":
        issues = figures.truth.carry(one.selection, "cases", "issues").sum()
        yield "issues of cases", served.issues_counted_on(part), (one.number, issues)
    if one.of == "issues":
        yield from comparison(page, figures, one)


def facets(shown: Mapping, figures: Figures, one: Combination) -> Iterator[Disagreement]:
    columns = LISTS["facets"][one.of]
    for name in columns.keys() - parse_qs(one.query).keys():
        counts = figures.by_value(one.of, columns[name], one.selection)
        values, more = shown.get(name, ({}, 0))
        yield f"facet {name}", values, {value: counts[value] for value in values}
        commonest = sorted(number for _, number in counts.most_common(MOST_VALUES))
        yield f"facet {name}, values", sorted(values.values()), commonest
        yield f"facet {name}, more", more, max(0, len(counts) - MOST_VALUES)


def comparison(page: Page, figures: Figures, one: Combination) -> Iterator[Disagreement]:
    text = page(f"/compare/?{one.query}")
    rows = np.flatnonzero(one.selection)
    total, decided, upheld, *_ = figures.decided(rows, np.zeros_like(rows)).get(0, (0, 0, 0))
    yield "compare, totals", served.comparison_on(text), (total, decided - upheld, decided)
    matrix = served.matrix_in(page(f"/compare/export.csv?{one.query}"))
    counted = figures.matrix(one.selection)
    for cell in sorted(matrix.keys() | counted.keys()):
        yield f"compare, cell {cell}", matrix.get(cell), counted.get(cell)
    tables = served.rates_on(text)
    for name, column in LISTS["rates"].items():
        found = sorted(tables.get(name, []), reverse=True)
        yield f"rates by {name}", *largest(found, figures.rates(column, one.selection))


def largest(found: list, counted: list) -> tuple[list, list]:
    """Of many rows a page shows the largest; which of equally large ones is its own choice."""
    counted = sorted(counted, reverse=True)
    if len(counted) > MOST_ROWS == len(found) and not Counter(found) - Counter(counted):
        least = found[-1][0]
        return [row[0] for row in found], [max(row[0], least) for row in counted[:MOST_ROWS]]
    return found, counted


def precedents(page: Page, figures: Figures) -> Iterator[Disagreement]:
    """The overturn rate of precedents, over all issues of the category."""
    cited = [figures.values("issues", side) for side in (CLAIMS, MAXIMUS)]
    guidelines: dict[int, set[str]] = {}
    for texts in cited:
        for row, code in zip(texts.rows.tolist(), texts.codes.tolist(), strict=True):
            guidelines.setdefault(row, set()).add(texts.names[code])
    for one in LISTS["precedents"]:
        asked = RequestFeatures(
            *map(frozenset, (request_words(one["request"]), one["guideline"], one["parts"]))
        )
        query = urlencode(one, doseq=True)
        counted = overturned(figures.truth, asked, one["category"], guidelines)
        yield one["request"], served.precedents_on(page(f"/precedents/?{query}")), counted


def overturned(
    truth: Truth, asked: RequestFeatures, category: str, guidelines: Mapping
) -> tuple[int, int]:
    """How many of the similar issues that are decided, and how many those are."""
    decisions = []
    rows = truth.select(
        "SELECT id, COALESCE(NULLIF(in_dispute, ''), treatment_request), body_parts, decision"
        f" FROM cases_issue WHERE category = '{category}' AND decision <> ''"
    )
    for key, request, parts, decision in rows:
        if asked.body_parts and not asked.body_parts & {*as_list(parts)}:
            continue
        row = int(np.searchsorted(truth.columns["issues", "id"], key))
        cited = frozenset(guidelines.get(row, ()))
        if compute_similarity(
            asked, RequestFeatures(frozenset(request_words(request)), cited)
        ).alike:
            decisions.append(decision)
    return sum(one != "upheld" for one in decisions), len(decisions)


GROUPED = {
    ("issues", "issues.decision"): "SELECT decision, COUNT(*) FROM cases_issue GROUP BY decision",
    ("cases", "issues.category"): "SELECT category, COUNT(DISTINCT case_id) FROM cases_issue"
    " GROUP BY category",
    ("cases", "citations..source"): "SELECT source, COUNT(DISTINCT case_id) FROM cases_citation c"
    " JOIN cases_issue i ON i.id = issue_id WHERE side <> 'rationale' GROUP BY source",
}


def grouped(figures: Figures) -> Iterator[Disagreement]:
    """Counts of everything, by the database itself and by the arrays."""
    for (of, column), sql in GROUPED.items():
        every = np.ones(figures.truth.length(of), bool)
        by_sql = {name: number for name, number in figures.truth.select(sql) if name}
        yield f"{column} of {of}", by_sql, {**figures.by_value(of, column, every)}


def differing(served_and_counted: Iterator[Disagreement]) -> list[Disagreement]:
    try:
        return [one for one in served_and_counted if one[1] != one[2]]
    except NotServedError as problem:
        return [("page", str(problem), "a page")]


def check(database: Database, number: int, seed: int) -> bool:
    """Asks one database; whether everything agrees."""
    page = pages_of(database)
    page("/compare/")  # so that the process knows rows as they are before they change
    database.manage("shell", "--command", CHANGES)
    truth = Truth(database.env["DATABASE_URL"])
    terms, figures = Terms(truth), Figures(truth)
    report("GROUP BY", unlike := differing(grouped(figures)))
    agreeing = 0
    for one in combinations(truth, terms, seed, number):
        found = differing(differences(page, figures, one))
        agreeing += not found
        report(f"/{one.of}/?{one.query}", found)
    found = differing(precedents(page, figures))
    report("/precedents/", found)
    print(
        f"{database.engine}, {database.size:,} cases: {agreeing} of {number} combinations exact,"
        f" precedents {len(LISTS['precedents']) - len(found)} of {len(LISTS['precedents'])}",
        flush=True,
    )
    return agreeing == number and not found and not unlike


def report(address: str, found: list[Disagreement]) -> None:
    for what, as_served, as_counted in found[:5]:
        print(f"{address}\n  {what}: {as_served!r}, counted {as_counted!r}", flush=True)


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale.exact", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--combinations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="other combinations")
    parser.add_argument("--keep", metavar="DIR", help="where databases stay for the next run")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    exact = []
    with tempfile.TemporaryDirectory(prefix="imr-exact-") as folder:
        os.chmod(folder, 0o755)
        for engine in options.engines:
            with databases(engine, options.sizes, Path(options.keep or folder).resolve()) as made:
                for database in made:
                    database.fill()
                    settle(database)
                    database.start()
                    exact.append(check(database, options.combinations, options.seed))
    return int(not all(exact))


if __name__ == "__main__":
    sys.exit(main())

"""The numbers that pages serve, read from their HTML and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl

COUNT = re.compile(r'class="count"[^>]*>\s*([^<]*)')
LEADING = re.compile(r"[\d,]+(?= )")
FACET_VALUE = re.compile(
    r'href="[^"?]*\?([^"]*)"(?! class="on")[^>]*><span>[^<]*</span><span class="number">([\d,]+)'
)
FACET = re.compile(r'<section class="facet"[^>]*>(.*?)</section>', re.DOTALL)
MORE = re.compile(r"and ([\d,]+) more")
WITH_ISSUES = re.compile(r"([\d,]+) cases? with ([\d,]+) issue")
OF_DECIDED = re.compile(r"\(([\d,]+) of ([\d,]+) decided\)")
RATES = re.compile(r'<section class="rates" aria-labelledby="([\w-]+)-title">(.*?)</table>', re.S)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
SIMILAR = re.compile(r"([\d,]+) of ([\d,]+) similar")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def count_on(page: str) -> int | str:
    """The number that the list's count begins with; its words where they say that it is more or
    less than that."""
    words = " ".join(COUNT.search(page)[1].split())
    leading = LEADING.match(words)
    return number(leading[0]) if leading else words


def facets_on(part: str) -> dict[str, tuple[dict[str, int], int]]:
    """By filter, the number at each value that is shown, and how many values are not."""
    found = {}
    for facet in FACET.findall(part):
        values = {}
        for query, figure in FACET_VALUE.findall(facet):
            name, value = parse_qsl(unescape(query), keep_blank_values=True)[-1]
            if value != "none":  # those without a value are counted beside the values
                values[value] = number(figure)
        more = MORE.search(facet)
        if values:
            found[name] = values, number(more[1]) if more else 0
    return found


def issues_counted_on(part: str) -> tuple[int, int]:
    """How many cases the facets of a list of cases count, and how many issues those have."""
    cases, issues = WITH_ISSUES.search(" ".join(part.split())).groups()
    return number(cases), number(issues)


def comparison_on(page: str) -> tuple[int | str, int, int]:
    """How many issues, how many of them overturned in whole or in part, how many decided."""
    turned, decided = OF_DECIDED.search(page).groups() if OF_DECIDED.search(page) else ("0", "0")
    return count_on(page), number(turned), number(decided)


def rates_on(page: str) -> dict[str, list[tuple[int, int, str]]]:
    """By table, the rows: issues, overturned, rate."""
    return {name: [*rate_rows(table)] for name, table in RATES.findall(page)}


def rate_rows(table: str) -> Iterator[tuple[int, int, str]]:
    for row in ROW.findall(table):
        cells = [unescape(TAG.sub("", cell)).strip() for cell in CELL.findall(row)]
        if cells:
            yield number(cells[0]), number(cells[1]), cells[2].replace("\u00a0", " ")


def matrix_in(text: str) -> dict[tuple[str, str], tuple[int, ...]]:
    """By the two sides' guidelines: issues, decided, upheld, overturned, partially, and in how many
    they cite different editions."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    columns = ("issues", "decided", "upheld", "overturned", "partially_overturned", "other_edition")
    return {
        (row["claims_guideline"], row["maximus_guideline"]): tuple(int(row[c]) for c in columns)
        for row in rows
    }


def rows_in(text: str) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(text.removeprefix("\ufeff")))) - 1


def precedents_on(page: str) -> tuple[int, int]:
    """How many of the similar issues that are decided were overturned, and how many those are."""
    found = SIMILAR.search(" ".join(TAG.sub(" ", page).split()))
    return (number(found[1]), number(found[2])) if found else (0, 0)

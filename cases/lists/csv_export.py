"""CSV of the lists: streamed, UTF-8 with a mark that spreadsheets know it by.

A cell that a spreadsheet would take for a formula gets a leading apostrophe; a cell that begins
with an apostrophe itself gets one more, so taking one away always gives the original.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import QueryDict, StreamingHttpResponse
from django.utils import timezone

from cases.lists.csv_rows import csv_rows
from cases.lists.definition import ListDefinition, found_by

RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
FIRST_LINES, LINES = 20, 200  # in the first part of a response, and in each part after it


class CannotExport(ValueError):
    """The filters are mistaken; the message says how."""


class Echo:
    def write(self, line: str) -> str:
        return line


def escape_formula(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def csv_encode(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([escape_formula(value) for value in row])


def csv_lines(of: ListDefinition, query: QueryDict) -> Iterator[str]:
    """The CSV of a list under a query string, a line at a time.

    Raises:
        CannotExport: before the first line, where a filter is mistaken.
    """
    filterset = of.filterset(query, of.rows())
    if not filterset.is_valid():
        raise CannotExport("; ".join(f"{label}: {error}" for label, error in filterset.mistakes()))
    columns = of.csv_columns(query)
    rows = csv_rows(of, found_by(filterset).keys(), columns)
    return csv_encode((column.name for column in columns), rows)


def csv_response(of: ListDefinition, query: QueryDict) -> CountedResponse:
    return csv_file(of.name, csv_lines(of, query))


@dataclass(slots=True)
class RowCounter:
    """How many rows of a response were sent so far; the access log tells it."""

    number: int = 0


class CountedResponse(StreamingHttpResponse):
    """A streamed response that counts its rows as they go."""

    def __init__(self, parts: Iterable[str], rows_sent: RowCounter, *, content_type: str) -> None:
        super().__init__(parts, content_type=content_type)
        self.rows_sent = rows_sent


def csv_file(name: str, lines_of_it: Iterator[str]) -> CountedResponse:
    sent = RowCounter(-1)  # the header is no row
    response = CountedResponse(
        join_lines(lines_of_it, sent), sent, content_type="text/csv; charset=utf-8"
    )
    today = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{today}.csv"'
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy in front passes each part on as it comes
    return response


def join_lines(lines_of_it: Iterator[str], sent: RowCounter) -> Iterator[str]:
    """Lines put together, as the server sends each part on its own."""
    size = FIRST_LINES
    while part := list(islice(lines_of_it, size)):
        yield "".join(part)
        sent.number += len(part)
        size = LINES

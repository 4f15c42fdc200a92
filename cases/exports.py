"""CSV of the lists: streamed, UTF-8 with a mark that spreadsheets know it by.

A cell that a spreadsheet would take for a formula gets a leading apostrophe; a cell that begins
with an apostrophe itself gets one more, so taking one away always gives the original.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction
from django.http import QueryDict, StreamingHttpResponse
from django.utils import timezone

from cases.filter_sets import ListFilter
from cases.finding import filtered, walked
from cases.listing import ListOf

RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
CHUNK = 500


class CannotExport(ValueError):
    """The filters are mistaken; the message says how."""


class Echo:
    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_lines(of: ListOf, query: QueryDict) -> Iterator[str]:
    """The CSV of a list under a query string, a line at a time.

    Raises:
        CannotExport: before the first line, where a filter is mistaken.
    """
    filterset = of.filterset(query, of.rows_in_full())
    if not filterset.is_valid():
        raise CannotExport("; ".join(f"{label}: {error}" for label, error in filterset.mistakes()))
    columns = of.csv_columns(query)
    rows = ([column.value(one) for column in columns] for one in streamed(filterset))
    return lines((column.name for column in columns), rows)


def streamed(filterset: ListFilter) -> Iterator[Any]:
    """Rows a chunk at a time, the first ones at once.

    PostgreSQL fills a cursor that is in no transaction with all its rows before it gives one. On
    SQLite a transaction would keep writers out for as long as somebody downloads.
    """
    if filterset.several_at_a_place and filterset.in_own_order:
        yield from walked(filterset)
        return
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        yield from filtered(filterset).iterator(chunk_size=CHUNK)


def csv_response(of: ListOf, query: QueryDict) -> StreamingHttpResponse:
    return csv_file(of.name, csv_lines(of, query))


def csv_file(name: str, lines_of_it: Iterator[str]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines_of_it, content_type="text/csv; charset=utf-8")
    today = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{today}.csv"'
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy in front passes each part on as it comes
    return response


def pages_in_words(pages: list[list[int]]) -> str:
    ranges = [str(a) if a == b else f"{a}-{b}" for a, b in pages]
    return f" p. {', '.join(ranges)}" if ranges else ""

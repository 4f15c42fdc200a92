"""What the tables hold, read by plain SELECTs into arrays: the truth that pages are compared with.

Nothing of the product's filters, search or counts is used. A row is known by its index among the
rows of its table, ordered by primary key; a selection is a boolean array over them.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import tomllib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

ZONE = ZoneInfo("America/Los_Angeles")
PARENT = {
    "issues": "cases",
    "citations": "issues",
    "flags": "cases",
    "reviews": "cases",
    "assignments": "reviews",
    "annotations": "cases",
}
LISTS = tomllib.loads(Path(__file__).with_name("lists.toml").read_text())
Select = Callable[[str], Iterator[tuple]]


@dataclass(frozen=True, slots=True)
class Texts:
    """Values of rows, as codes of the distinct ones; a row may have none or several."""

    rows: np.ndarray
    codes: np.ndarray
    names: tuple[str, ...]

    def rows_of(self, values: Iterable[str]) -> np.ndarray:
        wanted = [self.names.index(value) for value in values if value in self.names]
        return self.rows[np.isin(self.codes, wanted)]

    def distinct(self) -> Texts:
        """Each value of a row once."""
        keys = np.unique(self.rows * len(self.names) + self.codes)
        return Texts(*np.divmod(keys, max(1, len(self.names))), self.names)

    def or_empty(self, length: int) -> Texts:
        """With "" as the value of rows that have none."""
        bare = np.setdiff1d(np.arange(length), self.rows)
        codes = np.concatenate([self.codes, np.full(len(bare), len(self.names))])
        return Texts(np.concatenate([self.rows, bare]), codes, (*self.names, ""))


def product(one: Texts, other: Texts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows with each pair of their values: (rows, codes of one, codes of the other)."""
    order = np.argsort(other.rows, kind="stable")
    first = np.searchsorted(other.rows[order], one.rows, "left")
    number = np.searchsorted(other.rows[order], one.rows, "right") - first
    offsets = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    pairs = order[np.repeat(first, number) + offsets]
    return np.repeat(one.rows, number), np.repeat(one.codes, number), other.codes[pairs]


def selecting(url: str) -> Select:
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute
    server = psycopg.connect(url)

    def select(sql: str) -> Iterator[tuple]:
        with server.cursor("rows") as cursor:
            cursor.itersize = 5000
            yield from cursor.execute(sql)

    return select


def as_list(value: str | list) -> list:
    return json.loads(value) if isinstance(value, str) else value


def as_ordinal(value: str | dt.date | None) -> int:
    date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return date.toordinal() if date else 0


def moment_as_ordinal(value: str | dt.datetime) -> int:
    if isinstance(value, str):  # SQLite has moments as text, in UTC
        value = dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    return value.astimezone(ZONE).date().toordinal()


NUMBERS: dict[str, Callable[[Any], int]] = {
    "i": lambda value: -1 if value is None else value,
    "b": bool,
    "d": as_ordinal,
    "m": moment_as_ordinal,
}


def read(kind: str, values: Iterable[Any]) -> np.ndarray | Texts:
    """A column: numbers and dates as an array, dates as ordinals and 0 for none; or Texts."""
    if kind in NUMBERS:
        numbers = np.array(array("q", map(NUMBERS[kind], values)))
        return numbers.astype(bool) if kind == "b" else numbers
    rows, codes, known = array("q"), array("q"), {}
    for row, value in enumerate(values):
        for text in as_list(value) if kind == "l" else (value,):
            rows.append(row)
            codes.append(known.setdefault(text, len(known)))
    return Texts(np.array(rows), np.array(codes), tuple(known))


class Truth:
    """All tables, and how their rows belong together."""

    def __init__(self, url: str):
        self.select = selecting(url)
        self.columns = {
            (table, column): values
            for table, found in LISTS["tables"].items()
            for column, values in self.read(found["columns"].split(), found["sql"])
        }
        self.parents = {
            table: np.searchsorted(
                self.columns[parent, "id"], self.columns[table, f"{parent[:-1]}_id"]
            )
            for table, parent in PARENT.items()
        }
        days = self.columns["cases", "decision_date"].tolist()
        years = [str(dt.date.fromordinal(day).year) if day else "" for day in days]
        self.columns["cases", "year"] = read("t", years)

    def read(self, columns: list[str], sql: str) -> Iterator[tuple[str, np.ndarray | Texts]]:
        for column in columns:
            kind, name = column.split(":")
            values = self.select(f"SELECT {name} FROM ({sql}) AS rows ORDER BY id")
            yield name, read(kind, (value for (value,) in values))

    def length(self, table: str) -> int:
        return len(self.columns[table, "id"])

    def selection(self, table: str, rows: np.ndarray) -> np.ndarray:
        selected = np.zeros(self.length(table), bool)
        selected[rows] = True
        return selected

    def having(self, table: str, name: str, values: Iterable[str]) -> np.ndarray:
        return self.selection(table, self.columns[table, name].rows_of(values))

    def carry(self, selection: np.ndarray, table: str, to: str) -> np.ndarray:
        """Upwards, the rows that have any selected row; downwards, all rows of selected ones."""
        if table == to:
            return selection
        if to not in ancestors(table):
            return self.carry(selection, table, PARENT[to])[self.parents[to]]
        above = self.selection(PARENT[table], self.parents[table][selection])
        return self.carry(above, PARENT[table], to)

    def annotated(self, notes: np.ndarray, of: str) -> np.ndarray:
        """Cases or issues with any of these annotations that is not deleted."""
        standing = notes & ~self.columns["annotations", "deleted"]
        if of == "cases":
            return self.carry(standing, "annotations", of)
        return np.isin(
            self.columns["issues", "id"], self.columns["annotations", "issue_id"][standing]
        )

    def values(self, of: str, table: str, name: str, only: np.ndarray | None = None) -> Texts:
        """What rows of the list `of` have by way of another table's rows, each value once."""
        texts = self.columns[table, name]
        if only is not None:
            kept = only[texts.rows]
            texts = Texts(texts.rows[kept], texts.codes[kept], texts.names)
        if table != of and of not in ancestors(table):
            above = self.above(of, table)
            _, rows, codes = product(Texts(above, np.arange(len(above)), ()), texts)
            return Texts(rows, codes, texts.names)
        return Texts(self.above(table, of)[texts.rows], texts.codes, texts.names).distinct()

    def above(self, table: str, to: str) -> np.ndarray:
        """For each row of a table, the row that it belongs to."""
        rows = np.arange(self.length(table))
        while table != to:
            rows, table = self.parents[table][rows], PARENT[table]
        return rows


def ancestors(table: str) -> list[str]:
    return [PARENT[table], *ancestors(PARENT[table])] if table in PARENT else []

"""Keys of matching rows in the order of a list. Ties go by key, so that pages never overlap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from pyroaring import BitMap

from cases.index.index import Index
from cases.index.rows import CASE, ISSUE
from cases.index.space import array

KEY_BITS = 31
HEAD = 2000  # rows of a list, the newest, that are kept sorted
NO_KEYS = np.zeros(0, np.int64)


class Order(Protocol):
    def keys(self, index: Index, space: str, rows: BitMap, start: int, stop: int) -> np.ndarray: ...


@dataclass(frozen=True, slots=True)
class ByColumn:
    """By a number of the row or of its case; a row without one counts as the smallest."""

    column: str
    descending: bool = False

    def keys(self, index: Index, space: str, rows: BitMap, start: int, stop: int) -> np.ndarray:
        keys = array(rows).astype(np.int64)
        values = index.spaces[CASE].column(self.column, index.ancestors(keys, space, CASE))
        ranks = values.astype(np.int64) << KEY_BITS | keys
        return lowest_ranked(keys, -ranks if self.descending else ranks, start, stop)


@dataclass(frozen=True, slots=True)
class ByFact:
    """By a fact of which each row has one value, in the order of the values' names."""

    fact: str
    descending: bool = False

    def keys(self, index: Index, space: str, rows: BitMap, start: int, stop: int) -> np.ndarray:
        found, at = [NO_KEYS], 0
        values = index.spaces[space].facts[self.fact]
        for value in sorted(values, reverse=self.descending):
            some = array(rows & values[value])[:: -1 if self.descending else 1]
            found.append(some[max(0, start - at) : max(0, stop - at)])
            at += len(some)
        return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class NewestFirst:
    """The latest decision first, undated cases last; of a day the case that came last. Issues and
    citations of a case follow one another as the letter has them."""

    def keys(self, index: Index, space: str, rows: BitMap, start: int, stop: int) -> np.ndarray:
        """Most pages that are asked for lie among the newest of all rows, which are kept sorted
        until a case changes."""
        if start < stop <= HEAD:
            found = list(islice((key for key in self.head(index, space) if key in rows), stop))
            if len(found) == min(stop, len(rows)):
                return np.array(found[start:], np.uint32)
        return self.sorted_keys(index, space, rows, start, stop)

    def head(self, index: Index, space: str) -> list[int]:
        versions, head = index.heads.get(space, ((), []))
        if versions != index.versions:
            every = index.spaces[space].keys
            head = self.sorted_keys(index, space, every, 0, HEAD).tolist()
            index.heads[space] = index.versions, head
        return head

    def sorted_keys(
        self, index: Index, space: str, rows: BitMap, start: int, stop: int
    ) -> np.ndarray:
        """Only the rows of the days at these places are sorted."""
        keys = array(rows)
        cases = index.ancestors(keys, space, CASE)
        days = index.spaces[CASE].column("decision_date", cases)
        inside, before = days_at(days, start, min(stop, len(keys)))
        keys, cases, days = keys[inside], cases[inside], days[inside]
        ties = places_in_case(index, keys, space)
        newest = np.lexsort((*ties, -cases.astype(np.int64), -days))
        return keys[newest][max(0, start - before) : max(0, stop - before)]


def days_at(days: np.ndarray, start: int, stop: int) -> tuple[np.ndarray, int]:
    """Which rows are of the days that stand at these places, the latest first, and how many are
    of later days."""
    if start >= stop:
        return np.zeros(len(days), bool), 0
    ends = np.cumsum(np.bincount(days)[::-1])  # of each day from the latest on
    first, last = np.searchsorted(ends, (start, stop - 1), side="right")
    latest = len(ends) - 1
    inside = (days <= latest - first) & (days >= latest - last)
    return inside, int(ends[first - 1]) if first else 0


def places_in_case(index: Index, keys: np.ndarray, space: str) -> tuple[np.ndarray, ...]:
    """What rows of one case are sorted by, the last of these first."""
    if space == CASE:
        return ()
    issues = index.ancestors(keys, space, ISSUE)
    return keys, issues, index.spaces[ISSUE].column("position", issues)


def lowest_ranked(keys: np.ndarray, ranks: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The keys at these places in the order of their ranks, of which no two are equal."""
    stop = min(stop, len(keys))
    if start >= stop:
        return NO_KEYS
    if stop - start < len(keys):
        part = np.argpartition(ranks, (start, stop - 1))[start:stop]
        keys, ranks = keys[part], ranks[part]
    return keys[np.argsort(ranks)]

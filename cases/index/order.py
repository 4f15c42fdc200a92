"""Keys of matching rows in the order of a list. Ties go by key, so that pages never overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from pyroaring import BitMap

from cases.index.index import Index
from cases.index.rows import CASE, CITATION, ISSUE
from cases.index.space import array

KEY_BITS = 31
POSITION_BITS = 10
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
        return lowest(keys, -ranks if self.descending else ranks, start, stop)


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
class Newest:
    """The latest decision first, undated cases last; of a day the case that came last. Issues and
    citations of a case follow one another as the letter has them."""

    def keys(self, index: Index, space: str, rows: BitMap, start: int, stop: int) -> np.ndarray:
        keys = array(rows).astype(np.int64)
        ranks = -case_ranks(index, keys, space)
        if space == CITATION:
            return of_cases_in_turn(index, keys, ranks, start, stop)
        if space == ISSUE:
            ranks = (ranks << POSITION_BITS) + positions(index, keys)
        return lowest(keys, ranks, start, stop)


def of_cases_in_turn(
    index: Index, keys: np.ndarray, ranks: np.ndarray, start: int, stop: int
) -> np.ndarray:
    """Citations by the rank of their case, then by issue and key: only those of the cases at
    these places are sorted."""
    stop = min(stop, len(keys))
    if start >= stop:
        return NO_KEYS
    first, last = np.partition(ranks, (start, stop - 1))[[start, stop - 1]]
    before = int(np.count_nonzero(ranks < first))
    inside = (ranks >= first) & (ranks <= last)
    keys, ranks = keys[inside], ranks[inside]
    issues = index.ancestors(keys, CITATION, ISSUE)
    sorted_keys = keys[np.lexsort((keys, issues, positions(index, issues), ranks))]
    return sorted_keys[start - before : stop - before]


def case_ranks(index: Index, keys: np.ndarray, space: str) -> np.ndarray:
    """Of each row's case: the later its decision and the greater its key, the higher."""
    cases = index.ancestors(keys, space, CASE).astype(np.int64)
    return index.spaces[CASE].column("decision_date", cases).astype(np.int64) << KEY_BITS | cases


def positions(index: Index, issues: np.ndarray) -> np.ndarray:
    return np.minimum(index.spaces[ISSUE].column("position", issues), 2**POSITION_BITS - 1)


def lowest(keys: np.ndarray, ranks: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The keys at these places in the order of their ranks, of which no two are equal."""
    stop = min(stop, len(keys))
    if start >= stop:
        return NO_KEYS
    if stop - start < len(keys):
        part = np.argpartition(ranks, (start, stop - 1))[start:stop]
        keys, ranks = keys[part], ranks[part]
    return keys[np.argsort(ranks)]

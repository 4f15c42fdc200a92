"""Rows of one kind (cases, issues, citations) by primary key: facts and columns. Pure."""

from __future__ import annotations

from array import array as buffer
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from pyroaring import BitMap

Keys = np.ndarray  # of uint32 or int64


@dataclass(slots=True)
class Batch:
    """Rows to add to a space. A fact is (name, value); columns hold integers."""

    keys: list[int] = field(default_factory=list)
    facts: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    columns: dict[str, tuple[list[int], list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: ([], []))
    )

    def fact(self, name: str, value: str, key: int) -> None:
        self.facts[name, value].append(key)

    def value(self, column: str, key: int, value: int) -> None:
        keys, values = self.columns[column]
        keys.append(key)
        values.append(value)


class Space:
    """`facts[name][value]` holds the keys of rows; `columns[name][key]` is an integer, 0 for none.

    `parent`, where rows belong to rows of another space, is the column of their keys.
    """

    def __init__(self, name: str, families: Iterable[str], parent: str = "") -> None:
        self.name, self.parent = name, parent
        self.keys = BitMap()
        self.facts: dict[str, dict[str, BitMap]] = {family: {} for family in families}
        self.columns: dict[str, np.ndarray] = {}
        self.version = 0  # goes up with every change, for what is worked out from the rows

    def holding(self, name: str, value: str) -> BitMap:
        """The rows with a fact; not to be changed."""
        return self.facts[name].get(value) or BitMap()

    def column(self, name: str, keys: Keys) -> np.ndarray:
        """The values of these rows."""
        column = self.columns.get(name)
        if column is None:
            return np.zeros(len(keys), np.int32)
        if len(keys) and keys.max() >= len(column):
            self.columns[name] = column = lengthened(column, int(self.keys.max()) + 1)
        return column[keys]

    def between(self, name: str, least: int | None, most: int | None) -> BitMap:
        """The rows whose value is one, and within these bounds."""
        column = self.columns.get(name)
        if column is None:
            return BitMap()
        within = column >= (1 if least is None else max(least, 1))
        if most is not None:
            within &= column <= most
        return bitmap(np.flatnonzero(within)) & self.keys

    def remove(self, gone: BitMap) -> None:
        self.version += 1
        self.keys -= gone
        for values in self.facts.values():
            for rows in values.values():
                rows -= gone
        known = array(gone)
        for column in self.columns.values():
            column[known[known < len(column)]] = 0

    def add(self, batch: Batch) -> None:
        self.version += 1
        self.keys |= BitMap(batch.keys)
        for (name, value), keys in batch.facts.items():
            values = self.facts[name]
            if value in values:
                values[value] |= BitMap(keys)
            else:
                values[value] = BitMap(keys)
        for name, (rows, numbers) in batch.columns.items():
            self.set_column(name, rows, numbers)

    def set_column(self, name: str, keys: Sequence[int], values: Sequence[int]) -> None:
        self.version += 1
        column = self.columns.get(name, np.zeros(0, np.int32))
        if keys and (top := max(keys)) >= len(column):
            column = lengthened(column, top + 1 + top // 8)
        column[keys] = values
        self.columns[name] = column


def lengthened(column: np.ndarray, length: int) -> np.ndarray:
    return np.concatenate([column, np.zeros(max(0, length - len(column)), np.int32)])


def array(rows: BitMap) -> Keys:
    """The keys of a bitmap, ascending."""
    return np.frombuffer(rows.to_array(), np.uint32)


def bitmap(keys: Keys) -> BitMap:
    # Many times as fast from an array of the standard library as from one of numpy.
    return BitMap(buffer("I", np.ascontiguousarray(keys, np.uint32).tobytes()))

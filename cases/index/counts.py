"""How many of some rows have each value of a fact, and how they were decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyroaring import BitMap

from cases.index.space import Space

Figures = Mapping[tuple[str, str], "Count"]


class Count(NamedTuple):
    """How many, and how they were decided; what has no decision is in `total` alone."""

    total: int = 0
    upheld: int = 0
    overturned: int = 0
    partially: int = 0

    @property
    def decided(self) -> int:
        return self.upheld + self.overturned + self.partially

    @property
    def turned(self) -> int:
        """Overturned in whole or in part."""
        return self.overturned + self.partially

    @property
    def rate(self) -> float | None:
        return self.turned / self.decided if self.decided else None


NONE = Count()
DECISIONS = ("upheld", "overturned", "partially_overturned")


def value_counts(space: Space, rows: BitMap, fact: str) -> dict[str, int]:
    """How many of the rows have each value that any of them has."""
    numbers = {
        value: rows.intersection_cardinality(some) for value, some in space.facts[fact].items()
    }
    return {value: number for value, number in numbers.items() if number}


class DecidedRows:
    """Rows together with those of them that were decided each way."""

    def __init__(self, space: Space, rows: BitMap) -> None:
        self.space, self.rows = space, rows
        self.parts = [rows & space.holding("decision", decision) for decision in DECISIONS]

    @property
    def count(self) -> Count:
        return Count(len(self.rows), *map(len, self.parts))

    def of(self, some: BitMap) -> Count:
        total = self.rows.intersection_cardinality(some)
        if not total:
            return NONE
        return Count(total, *(part.intersection_cardinality(some) for part in self.parts))

    def by(self, fact: str) -> dict[tuple[str, str], Count]:
        counts = {(value, ""): self.of(some) for value, some in self.space.facts[fact].items()}
        return {value: count for value, count in counts.items() if count.total}

    def by_both(self, first: str, second: str) -> dict[tuple[str, str], Count]:
        """By the values of two facts together."""
        found: dict[tuple[str, str], Count] = {}
        others = [
            (value, some)
            for value, some in self.space.facts[second].items()
            if self.rows.intersect(some)
        ]
        for value, some in self.space.facts[first].items():
            if self.rows.intersect(some):
                within = DecidedRows(self.space, self.rows & some)
                found |= count_pairs(value, within, others)
        return found


def count_pairs(
    value: str, within: DecidedRows, others: Iterable[tuple[str, BitMap]]
) -> dict[tuple[str, str], Count]:
    counts = (((value, other), within.of(some)) for other, some in others)
    return {pair: count for pair, count in counts if count.total}

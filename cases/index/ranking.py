"""The order of the matches of a search: those first that hold its words where they say most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from cases.index.index import Index
from cases.index.order import NO_KEYS, NewestFirst
from cases.index.space import array
from cases.search.language import Words

# How much a word counts for a row, by the field it stands in.
WEIGHTS = {"request": 8.0, "claims": 3.0, "maximus": 3.0, "annotation": 2.0, "rationale": 1.5}


@dataclass(frozen=True, slots=True)
class BestMatch:
    """All matches by the weights of the fields that hold each word; a word that few rows have
    counts more than one that most have. Equal ones stand as the newest first do.

    With `rarities` given, one for each of the words, a row's score is its own: rows that come in
    move no other."""

    words: tuple[Words, ...]
    rarities: tuple[float, ...] = ()

    def keys(self, index: Index, space: str, rows: BitMap, start: int, stop: int) -> np.ndarray:
        keys = NewestFirst().keys(index, space, rows, 0, len(rows))
        stop = min(stop, len(keys))
        if start >= stop:
            return NO_KEYS
        # Equal scores stay as they are, the newest first.
        best = np.argsort(-self.scores(index, space, rows)[rank_of(keys)], kind="stable")
        return keys[best[start:stop]]

    def scores(self, index: Index, space: str, rows: BitMap) -> np.ndarray:
        """Of the rows in the order of their keys."""
        keys = array(rows)
        scores = np.zeros(len(keys), np.float32)
        for words, rarity in zip(self.words, self.rarities_now(index, space), strict=True):
            for column, found in index.by_column(words, space):
                places = np.searchsorted(keys, array(found & rows))
                scores[places] += WEIGHTS.get(column, 1.0) * rarity
        return scores

    def rarities_now(self, index: Index, space: str) -> tuple[float, ...]:
        if self.rarities:
            return self.rarities
        every = len(index.spaces[space].keys)
        found = (
            BitMap.union(*(rows for _, rows in index.by_column(one, space))) for one in self.words
        )
        return tuple(round(float(np.log1p(every / (1 + len(rows)))), 4) for rows in found)


def rank_of(keys: np.ndarray) -> np.ndarray:
    """For each key, its place among them in ascending order."""
    ranks = np.empty(len(keys), np.int64)
    ranks[np.argsort(keys)] = np.arange(len(keys))
    return ranks

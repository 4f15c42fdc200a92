"""Rows by the words of their texts: sets that the full-text index gave, kept up to date."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from pyroaring import BitMap

from cases.search.full_text import TABLES

MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another in a column of texts; `prefix` lets the last one go on."""

    space: str
    column: str
    words: tuple[str, ...]
    prefix: bool = False


class WordSets:
    """To gather the rows of a common word from a million takes half a second, so the sets that
    were asked for last are kept. Rows that change are asked about again."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Phrase, BitMap] = OrderedDict()

    def rows(self, phrase: Phrase, known: BitMap) -> BitMap:
        """Those of the rows that the index knows; not to be changed.

        The texts may be newer than the index: a row of theirs that it does not know yet would stay
        for ever if it were gone before the index heard of it.
        """
        if phrase not in self.kept:
            self.kept[phrase] = self.gathered(phrase) & known
            if len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        self.kept.move_to_end(phrase)
        return self.kept[phrase]

    def renew(self, space: str, gone: BitMap, fresh: BitMap) -> None:
        for phrase, rows in self.kept.items():
            if phrase.space == space:
                rows -= gone
                if fresh:
                    rows |= self.gathered(phrase, fresh)

    @staticmethod
    def gathered(phrase: Phrase, among: BitMap | None = None) -> BitMap:
        table = TABLES[phrase.space]
        return BitMap(table.keys_with(phrase.column, phrase.words, phrase.prefix, among))

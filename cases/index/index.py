"""A question → the keys of the rows that match."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from operator import iand, ior

import numpy as np
from pyroaring import BitMap

from cases.index.rows import CASE, CITATION, ISSUE, OTHER, SIDES, name_group, new_spaces
from cases.index.space import Space, array, bitmap
from cases.index.words import Phrase, WordSets
from cases.models import Citation
from cases.search.language import (
    And,
    Between,
    Fact,
    NamedCitation,
    Node,
    Not,
    OneOf,
    OnPage,
    Or,
    Words,
)

UPWARD = (CITATION, ISSUE, CASE)


@dataclass(frozen=True, slots=True)
class TextLocation:
    """Where the texts are that a column of the search language means: those of rows of a space,
    of one side's citations only; `shared` ones of a case are found for each of its issues."""

    space: str
    column: str
    side: str = ""
    shared: bool = False


TEXT_LOCATIONS: dict[str, tuple[TextLocation, ...]] = {
    "number": (TextLocation(CASE, "number", shared=True),),
    "summary": (TextLocation(CASE, "summary"),),
    "reviewer": (TextLocation(CASE, "reviewer", shared=True),),
    "annotation": (TextLocation(CASE, "annotation"), TextLocation(ISSUE, "annotation")),
    "request": (TextLocation(ISSUE, "request"),),
    "asked": (TextLocation(ISSUE, "asked"),),
    "rationale": (TextLocation(ISSUE, "rationale"), TextLocation(CITATION, "words", "rationale")),
    "cited": (TextLocation(CITATION, "words"),),
    "cited_section": (TextLocation(CITATION, "section"),),
    **{side: (TextLocation(CITATION, "words", side),) for side in SIDES},
    **{f"{side}_section": (TextLocation(CITATION, "section", side),) for side in SIDES},
}


@dataclass(slots=True)
class Index:
    spaces: dict[str, Space] = field(default_factory=new_spaces)
    words: WordSets = field(default_factory=WordSets)
    # The first rows of a space in an order, and the versions of the spaces that they are of.
    heads: dict[str, tuple[tuple[int, ...], list[int]]] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[int, ...]:
        return tuple(space.version for space in self.spaces.values())

    def matches(self, node: Node, space: str) -> BitMap:
        """The rows of a space that match; the caller's own."""
        match node:
            case And(parts):
                return self.all_of(parts, space)
            case Or(parts):
                return reduce(ior, (self.matches(part, space) for part in parts), BitMap())
            case Not(part):
                return self.spaces[space].keys - self.matches(part, space)
            case Words():
                return self.with_words(node, space)
            case Fact(name, value):
                return self.with_fact(name, value, space)
            case Between(column, least, most):
                return self.moved(self.spaces[CASE].between(column, least, most), CASE, space)
            case OneOf(keys):
                known = [key for key in keys if 0 <= key < 2**32]
                return BitMap(known) & self.spaces[space].keys
            case NamedCitation():
                return self.moved(self.citations_named(node), CITATION, space)
            case OnPage(page):
                return self.moved(self.citations_of_page(page), CITATION, space)
        raise TypeError(node)

    def all_of(self, parts: tuple[Node, ...], space: str) -> BitMap:
        """What is asked first and what is left out after, so that `a -b` costs no complement."""
        found = [self.matches(part, space) for part in parts if not isinstance(part, Not)]
        found.sort(key=len)
        start = found[0] if found else self.spaces[space].keys.copy()
        kept = reduce(iand, found[1:], start)
        for part in parts:
            if isinstance(part, Not):
                kept -= self.matches(part.part, space)
        return kept

    def with_fact(self, name: str, value: str, space: str) -> BitMap:
        """By the facts of the rows themselves, else of the rows that they belong to."""
        own: str | None = space
        while own and name not in self.spaces[own].facts:
            own = self.spaces[own].parent or None
        if own is None:
            raise KeyError(f"{space} has no fact {name}")
        return self.moved(self.spaces[own].holding(name, value).copy(), own, space)

    def with_words(self, words: Words, space: str) -> BitMap:
        found = BitMap()
        for column in words.columns:
            for home in TEXT_LOCATIONS[column]:
                if home.shared or UPWARD.index(home.space) <= UPWARD.index(space):
                    found |= self.moved(self.at_home(home, words), home.space, space)
        return found

    def at_home(self, home: TextLocation, words: Words) -> BitMap:
        phrase = Phrase(home.space, home.column, words.tokens, words.prefix)
        rows, space = self.rows_with(phrase), self.spaces[home.space]
        return rows & (space.holding("side", home.side) if home.side else space.keys)

    def rows_with(self, phrase: Phrase) -> BitMap:
        """Not to be changed."""
        return self.words.rows(phrase, self.spaces[phrase.space].keys)

    def by_column(self, words: Words, space: str) -> list[tuple[str, BitMap]]:
        """The matches of each column, for what a word counts where."""
        columns = ((one, replace(words, columns=(one,))) for one in words.columns)
        return [(column, self.with_words(one, space)) for column, one in columns]

    def citations_named(self, named: NamedCitation) -> BitMap:
        space = self.spaces[CITATION]
        group = space.holding("name_group", name_group(named.name))
        if named.sides:
            group = group & reduce(ior, (space.holding("side", s).copy() for s in named.sides))
        rows = Citation.objects.filter(pk__among=group, source=OTHER, guideline=named.name)
        return BitMap(rows.order_by().values_list("pk", flat=True)) & group

    def citations_of_page(self, page: int) -> BitMap:
        space = self.spaces[CITATION]
        found = space.holding("page", str(page)).copy()
        for pages, rows in space.facts["long_range"].items():
            first, last = map(int, pages.split("-"))
            if first <= page <= last:
                found |= rows
        return found

    def moved(self, rows: BitMap, start: str, end: str) -> BitMap:
        """The rows of another space that these belong to, or that belong to these."""
        if start == end:
            return rows
        if UPWARD.index(start) < UPWARD.index(end):
            space = self.spaces[start]
            parents = space.column(space.parent, array(rows))
            return self.moved(unique_keys(parents), space.parent, end)
        child = self.spaces[UPWARD[UPWARD.index(start) - 1]]
        return self.moved(child_rows(child, rows), child.name, end)

    def ancestors(self, keys: np.ndarray, start: str, end: str) -> np.ndarray:
        """For each row the one that it belongs to, in the order of the keys."""
        while start != end:
            space = self.spaces[start]
            keys, start = space.column(space.parent, keys), space.parent
        return keys


def unique_keys(keys: np.ndarray) -> BitMap:
    if not len(keys):
        return BitMap()
    seen = np.zeros(int(keys.max()) + 1, bool)
    seen[keys] = True
    seen[0] = False
    return bitmap(np.flatnonzero(seen))


def child_rows(space: Space, parents: BitMap) -> BitMap:
    column = space.columns.get(space.parent)
    if column is None or not parents:
        return BitMap()
    wanted = np.zeros(max(int(parents.max()), int(column.max())) + 1, bool)
    wanted[array(parents)] = True
    return bitmap(np.flatnonzero(wanted[column])) & space.keys

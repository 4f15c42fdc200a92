"""Made-up databases of a few rows, as the index holds them and as plain rows beside it, so that
what the index answers is held against a look at each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index.index import TEXT_LOCATIONS, Index, TextLocation
from cases.index.rows import CASE, CITATION, FAMILIES, ISSUE, PARENTS
from cases.index.space import Batch
from cases.index.words import Phrase
from cases.search.language import And, Between, Fact, Node, Not, OneOf, OnPage, Or, Words

SPACES = (CASE, ISSUE, CITATION)
VALUES = ("", "a", "b")
WORDS = ("knee", "mri", "opioid")
TEXTS = {
    CASE: ("number", "summary", "reviewer", "annotation"),
    ISSUE: ("request", "rationale", "annotation", "asked"),
    CITATION: ("words", "section"),
}


@dataclass(slots=True)
class Row:
    space: str
    key: int
    parent: Row | None
    facts: dict[str, list[str]]
    numbers: dict[str, int]
    texts: dict[str, list[str]]
    below: list[Row] = field(default_factory=list)

    @property
    def case(self) -> Row:
        return self.parent.case if self.parent else self

    def upward(self) -> Iterator[Row]:
        yield self
        if self.parent:
            yield from self.parent.upward()

    def downward(self) -> Iterator[Row]:
        yield self
        for row in self.below:
            yield from row.downward()


@dataclass(slots=True)
class Database:
    rows: list[Row]
    index: Index

    def of(self, space: str) -> list[Row]:
        return [row for row in self.rows if row.space == space]

    def matching(self, node: Node, space: str) -> set[int]:
        """What the index should answer, by a look at each row."""
        return {row.key for row in self.of(space) if holds(node, row)}


class StubWords:
    """In place of the database's full-text index."""

    def __init__(self, rows: list[Row]) -> None:
        self.all = rows

    def rows(self, phrase: Phrase, known: BitMap) -> BitMap:
        return BitMap(
            row.key
            for row in self.all
            if row.space == phrase.space and phrase.words[0] in row.texts[phrase.column]
        )


@st.composite
def databases(draw: st.DrawFn) -> Database:
    rows: list[Row] = []
    dates = st.integers(0, 3)
    for key in draw(keys(5)):
        numbers = {"decision_date": draw(dates), "number": draw(st.integers(1, 3))}
        case = add_row(draw, rows, CASE, key, None, ("decision", "priority"), numbers)
        case.facts["specialty"] = draw(some(VALUES))
    taken: dict[int, int] = {}
    for key, case in draw(belonging(rows, CASE, 8)):
        taken[case.key] = taken.get(case.key, 0) + draw(st.integers(1, 2))
        numbers = {"position": taken[case.key]}
        issue = add_row(draw, rows, ISSUE, key, case, ("decision", "category"), numbers)
        issue.facts["body"] = draw(some(VALUES))
    for key, issue in draw(belonging(rows, ISSUE, 10)):
        citation = add_row(draw, rows, CITATION, key, issue, ("source",), {})
        citation.facts["side"] = [draw(st.sampled_from(("claims", "maximus", "rationale")))]
        citation.facts["page"] = draw(some(("1", "2")))
        citation.facts["long_range"] = draw(some(("2-90", "50-120")))
    return Database(rows, index_of(rows))


def keys(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, 60), unique=True, max_size=most)


@st.composite
def belonging(draw: st.DrawFn, rows: list[Row], space: str, most: int) -> list[tuple[int, Row]]:
    parents = [row for row in rows if row.space == space]
    if not parents:
        return []
    return [(key, draw(st.sampled_from(parents))) for key in draw(keys(most))]


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2)


def add_row(draw, rows, space, key, parent, facts, numbers) -> Row:
    """`facts` are those of which a row has one value."""
    known = {name: [draw(st.sampled_from(VALUES))] for name in facts}
    texts = {column: draw(some(WORDS)) for column in TEXTS[space]}
    row = Row(space, key, parent, known, numbers, texts)
    rows.append(row)
    if parent:
        parent.below.append(row)
    return row


def index_of(rows: list[Row]) -> Index:
    index, batches = Index(words=StubWords(rows)), {space: Batch() for space in SPACES}
    for row in rows:
        add_to(batches[row.space], row)
    for space, batch in batches.items():
        index.spaces[space].add(batch)
    return index


def add_to(batch: Batch, row: Row) -> None:
    batch.keys.append(row.key)
    for name, values in row.facts.items():
        for value in values:
            batch.fact(name, value, row.key)
    for name, number in row.numbers.items():
        batch.value(name, row.key, number)
    if row.parent:
        batch.value(PARENTS[row.space], row.key, row.parent.key)


# What a question means


def holds(node: Node, row: Row) -> bool:
    match node:
        case And(parts):
            return all(holds(part, row) for part in parts)
        case Or(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Fact(name, value):
            knows = next(one for one in row.upward() if name in FAMILIES[one.space])
            return value in knows.facts.get(name, ())
        case Between(column, least, most):
            number = row.case.numbers[column]
            return number >= max(least or 1, 1) and (most is None or number <= most)
        case OneOf(chosen):
            return row.key in chosen
        case OnPage(page):
            return any(is_on(page, one) for one in row.downward() if one.space == CITATION)
        case Words(columns, tokens):
            homes = [home for column in columns for home in TEXT_LOCATIONS[column]]
            return any(is_found(home, tokens[0], row) for home in homes)
    raise TypeError(node)


def is_on(page: int, citation: Row) -> bool:
    long = (tuple(map(int, one.split("-"))) for one in citation.facts["long_range"])
    return str(page) in citation.facts["page"] or any(a <= page <= b for a, b in long)


def is_found(home: TextLocation, word: str, row: Row) -> bool:
    """In a text of the row or below it, and of those above it in what its case shares."""
    seen = list(row.downward()) + (list(row.upward()) if home.shared else [])
    return any(
        word in one.texts[home.column]
        for one in seen
        if one.space == home.space and home.side in ("", *one.facts.get("side", ()))
    )


FACTS = st.builds(
    Fact,
    st.sampled_from(("decision", "priority", "specialty")),
    st.sampled_from((*VALUES, "unknown")),
)
LEAVES = st.one_of(
    FACTS,
    st.builds(
        Between,
        st.sampled_from(("decision_date", "number")),
        st.none() | st.integers(-1, 4),
        st.none() | st.integers(-1, 4),
    ),
    st.builds(OneOf, st.frozensets(st.integers(-1, 70) | st.just(2**40), max_size=9)),
    st.builds(OnPage, st.sampled_from((1, 2, 50, 90, 91, 120, 121))),
    st.builds(
        Words,
        st.lists(st.sampled_from(sorted(TEXT_LOCATIONS)), unique=True, max_size=3).map(tuple),
        st.sampled_from((*WORDS, "unknown")).map(lambda word: (word,)),
    ),
)
QUESTIONS = st.recursive(
    LEAVES,
    lambda parts: (
        st.builds(Not, parts)
        | st.builds(And, st.lists(parts, max_size=3).map(tuple))
        | st.builds(Or, st.lists(parts, max_size=3).map(tuple))
    ),
    max_leaves=6,
)

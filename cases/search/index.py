"""The index: one row a case, an issue, a document. Words of its texts, and its facts.

A table for each, on SQLite in FTS5, on PostgreSQL as tsvector with GIN. The words are cut here, not
by the database, so both find the same. A row's number is its `place` in the newest-first order, so
the newest matches of any question come first without sorting.

A fact is a word with an underscore in front, which no word of a text has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, F, Func, Model

from cases.search.language import And, Fact, Node, Not, Or, Words, tokens

# Columns of text, with the letters that mark their words on PostgreSQL.
OF_A_CASE = {
    "number": "n",
    "request": "q",
    "claims": "c",
    "maximus": "m",
    "claims_section": "d",
    "maximus_section": "e",
    "rationale": "r",
    "summary": "s",
    "reviewer": "v",
    "annotation": "a",
}
LETTERS = OF_A_CASE | {"name": "f", "words": "w", "comment": "o", "reply": "p"}
# Where a word without a field is looked for: sections are part of their side's text.
EVERYWHERE = tuple(name for name in OF_A_CASE if not name.endswith("_section"))
ANY = Fact("any", "")
GAP = "_"  # between two texts of one column, so that no phrase spans them
# Matches that PostgreSQL gathers in a few milliseconds, however many rows there are. More are
# gathered for each one wanted, in the time in which one is met by looking at rows in order.
GATHERED_ANYWAY = 5000
GATHERED_FOR_ONE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """What is indexed of one case, issue …: texts by column, facts as (name, value)."""

    place: int
    texts: Mapping[str, Sequence[str]]
    facts: frozenset[tuple[str, str]] = frozenset()


# A row as the database takes it: its place, its facts, its words.
Packed = tuple[int | str, ...]


@lru_cache(maxsize=8192)
def fact_word(name: str, value: str) -> str:
    """One word for a fact; long values and those with other signs by their digest."""
    simple = value.replace("-", "_")
    if not (simple.isascii() and simple.replace("_", "").isalnum() and simple == simple.lower()):
        simple = hashlib.blake2s(value.encode(), digest_size=8).hexdigest() if value else ""
    return f"_{name}_{simple}"


def fact_words(row: Row) -> list[str]:
    return sorted({fact_word(*fact) for fact in (*row.facts, ("any", ""))})


@dataclass(frozen=True, slots=True)
class Index:
    table: str
    columns: tuple[str, ...] = tuple(OF_A_CASE)

    def newest(
        self,
        node: Node,
        *,
        limit: int,
        offset: int = 0,
        least: int | None = None,
        most: int | None = None,
    ) -> list[int]:
        """Places of matches, the newest first; `least` and `most` bound the places."""
        condition, params = self.within(node, least, most)
        matches = f"SELECT rowid FROM {self.table} WHERE {condition}"  # noqa: S608  our own words
        with connection.cursor() as cursor:
            if gathered_first(cursor, matches, params, limit + offset):
                matches = f"SELECT rowid FROM ({matches} OFFSET 0) AS matches"  # noqa: S608
            cursor.execute(
                f"{matches} ORDER BY rowid DESC LIMIT {int(limit)} OFFSET {int(offset)}", params
            )
            return [place for (place,) in cursor.fetchall()]

    def within(self, node: Node, least: int | None, most: int | None) -> tuple[str, list]:
        condition, params = self.condition(node)
        for sign, bound in ((">=", least), ("<=", most)):
            if bound is not None:
                condition += f" AND rowid {sign} %s"
                params = [*params, bound]
        return condition, params

    def exists(self) -> bool:
        return self.table in connection.introspection.table_names()

    def lacking(self, model: type[Model], most: int) -> list[int]:
        """Numbers of rows of a model that has its number for place, which are not indexed yet."""
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} WHERE id NOT IN (SELECT rowid FROM {self.table})"  # noqa: S608
                f" LIMIT {int(most)}"
            )
            return [key for (key,) in cursor.fetchall()]

    def holds(self, node: Node, field: str) -> InIndex:
        """A condition for querysets: the row of this place matches."""
        return InIndex(F(field), index=self, node=node)

    def condition(self, node: Node) -> tuple[str, list]:
        if connection.vendor == "postgresql":
            return postgres_condition(node)
        return f"{self.table} MATCH %s", [fts(node)]

    def write(self, rows: Sequence[Row], replaced: Iterable[int] = ()) -> None:
        """Puts rows in, in place of those of the same or the `replaced` places."""
        places = {*replaced, *(row.place for row in rows)} - {0}
        self.delete(places)
        self.insert(rows)

    def insert(self, rows: Iterable[Row]) -> None:
        """Puts rows in whose places were free."""
        self.put([self.packed(row) for row in rows])

    def packed(self, row: Row) -> Packed:
        if connection.vendor == "postgresql":
            words = (vector_of(name, tuple(texts)) for name, texts in row.texts.items())
            return row.place, vector(fact_words(row)), " ".join(words)
        texts = (fts_text(tuple(row.texts.get(name, ()))) for name in self.columns)
        return row.place, " ".join(fact_words(row)), *texts

    def put(self, rows: list[Packed]) -> None:
        if not rows:
            return
        # FTS5 gathers words in memory as long as numbers go up, and writes them out at each step
        # down.
        rows.sort()
        if connection.vendor == "postgresql":
            copying = f"COPY {self.table} (rowid, facts, words) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        names = ", ".join(self.columns)
        marks = ", ".join(["%s"] * (len(self.columns) + 2))
        sql = f"INSERT INTO {self.table} (rowid, facts, {names}) VALUES ({marks})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def delete(self, places: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {self.table} WHERE rowid = %s",  # noqa: S608
                [(place,) for place in sorted(places)],
            )


CASES = Index("case_index")
ISSUES = Index("issue_index")
DOCUMENTS = Index("document_index", ("name",))  # a document's place is its number


class InIndex(Func):
    """`place IN (the places that match)`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *expressions, index: Index, node: Node, **extra) -> None:
        super().__init__(*expressions, **extra)
        self.index, self.node = index, node

    def as_sql(self, compiler, connection, **extra):
        field, params = compiler.compile(self.source_expressions[0])
        condition, more = self.index.condition(self.node)
        inner = f"SELECT rowid FROM {self.index.table} WHERE {condition}"  # noqa: S608
        return f"{field} IN ({inner})", [*params, *more]


# SQLite FTS5


@lru_cache(maxsize=32)  # a case's only issue has most texts of the case
def fts_text(texts: tuple[str, ...]) -> str:
    return f" {GAP} ".join(" ".join(tokens(text)) for text in texts)


def fts(node: Node) -> str:
    match node:
        case Words(columns, words, prefix):
            phrase = f'"{" ".join(words)}"' + ("*" if prefix else "")
            return f"{{{' '.join(columns)}}} : {phrase}"
        case Fact(name, value):
            return f'"{fact_word(name, value)}"'
        case Or(parts):
            return f"({' OR '.join(fts(part) for part in parts)})"
        case And(parts):
            asked = [part for part in parts if not isinstance(part, Not)] or [ANY]
            found = " AND ".join(fts(part) for part in asked)
            for part in parts:
                if isinstance(part, Not):
                    found = f"({found}) NOT {fts(part.part)}"
            return f"({found})"
        case Not():
            return fts(And((node,)))
    raise TypeError(node)


# PostgreSQL: words carry their column's letter, so one vector serves every field.


def vector(words: Iterable[str]) -> str:
    return " ".join(f"'{word}'" for word in words)


@lru_cache(maxsize=32)  # as above
def vector_of(column: str, texts: tuple[str, ...]) -> str:
    """Words with where they stand; of more than PostgreSQL keeps, it keeps the first."""
    letter, at = LETTERS[column], 0
    found: dict[str, str] = {}
    for text in texts:
        for word in tokens(text):
            at += 1
            known = found.get(word)
            found[word] = f"{known},{at}" if known else f"'{letter}/{word}':{at}"
        at += 1
    return " ".join(found.values())


def postgres_condition(node: Node) -> tuple[str, list]:
    """SQL over the two vectors; what is of one vector alone becomes one tsquery."""
    if node == ANY:
        return "TRUE", []  # so that a range of places is read from the table's key alone
    kinds = kinds_of(node)
    if len(kinds) == 1:
        return f"{kinds.pop()} @@ %s::tsquery", [tsquery(node)]
    match node:
        case Not(part):
            inner, params = postgres_condition(part)
            return f"NOT ({inner})", params
        case And(parts) | Or(parts):
            inner = [postgres_condition(part) for part in gathered(node, parts)]
            word = " AND " if isinstance(node, And) else " OR "
            return (
                "(" + word.join(sql for sql, _ in inner) + ")",
                [one for _, params in inner for one in params],
            )
    raise TypeError(node)


def gathered(node: And | Or, parts: tuple[Node, ...]) -> list[Node]:
    """Parts of the same vector together."""
    groups: dict[str, list[Node]] = {}
    for i, part in enumerate(parts):
        kinds = kinds_of(part)
        groups.setdefault(kinds.pop() if len(kinds) == 1 else str(i), []).append(part)
    return [g[0] if len(g) == 1 else type(node)(tuple(g)) for g in groups.values()]


def kinds_of(node: Node) -> set[str]:
    match node:
        case Words():
            return {"words"}
        case Fact():
            return {"facts"}
        case Not(part):
            return kinds_of(part)
        case And(parts) | Or(parts):
            return set().union(*(kinds_of(part) for part in parts))
    raise TypeError(node)


def tsquery(node: Node) -> str:
    match node:
        case Words(columns, words, prefix):
            return "(" + " | ".join(phrase(LETTERS[c], words, prefix) for c in columns) + ")"
        case Fact(name, value):
            return f"'{fact_word(name, value)}'"
        case And(parts):
            return "(" + " & ".join(tsquery(part) for part in parts) + ")"
        case Or(parts):
            return "(" + " | ".join(tsquery(part) for part in parts) + ")"
        case Not(part):
            return f"!{tsquery(part)}"
    raise TypeError(node)


def gathered_first(cursor: CursorWrapper, matches: str, params: list, wanted: int) -> bool:
    """Whether PostgreSQL does well to gather all matches by the index of words and to sort them,
    rather than to look at every row, the newest first, until there are enough.

    It thinks too well of the latter: it doesn't reckon that to unpack a row's words takes ten
    times as long as to gather a match, nor that what is sought may be old. How many match it
    knows well.
    """
    if connection.vendor != "postgresql":
        return False
    cursor.execute(f"EXPLAIN (FORMAT JSON) {matches}", params)
    (plan,) = cursor.fetchone()
    return plan[0]["Plan"]["Plan Rows"] <= max(GATHERED_ANYWAY, GATHERED_FOR_ONE * wanted)


def phrase(letter: str, words: Sequence[str], prefix: bool) -> str:
    marked = [f"'{letter}/{word}'" for word in words]
    if prefix:
        marked[-1] += ":*"
    return "(" + " <-> ".join(marked) + ")"

"""The words of texts: one table of the database for each kind of row, by its primary key.

On SQLite in FTS5, on PostgreSQL as tsvector with GIN. The words are cut here, not by the database,
so both find the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.db import connection, models
from django.db.models.expressions import RawSQL

from cases.search.language import Words, tokens
from cases.search.vocabulary import record_words

PACKED_WORD = re.compile(r"/(\w+)'")
GAP = "_"  # between two texts of one column, so that no phrase spans them


@dataclass(frozen=True, slots=True)
class Row:
    """What is searched of one row: texts by column."""

    key: int
    texts: Mapping[str, Sequence[str]]


# A row as the database takes it: its key and its words.
Packed = tuple[int, *tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class FullText:
    """`model` names the model whose rows these are; `columns` have the letter that marks their
    words on PostgreSQL."""

    table: str
    model: str
    columns: Mapping[str, str]
    suggested: bool = False  # its words are offered for those that no text holds

    def keys_with(
        self, column: str, words: Sequence[str], prefix: bool, among: Iterable[int] | None = None
    ) -> list[int]:
        """The rows that hold these words one after another."""
        sql, params = self.select(Words((column,), tuple(words), prefix))
        values: list[str | list[int]] = [*params]
        if among is not None:
            inside, more = within(among)
            sql, values = f"{sql} AND rowid {inside}", [*values, more]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [key for (key,) in cursor.fetchall()]

    def holding(self, *words: Words) -> models.Q:
        """A condition for querysets of the model: all of these."""
        sql, params = self.select(*words)
        return models.Q(pk__in=RawSQL(sql, params))  # noqa: S611  our own words

    def select(self, *words: Words) -> tuple[str, list[str]]:
        select = f"SELECT rowid FROM {self.table} WHERE"  # noqa: S608  our own names
        if connection.vendor == "postgresql":
            return f"{select} words @@ %s::tsquery", [" & ".join(map(self.as_tsquery, words))]
        return f"{select} {self.table} MATCH %s", [" AND ".join(map(self.as_match, words))]

    def as_tsquery(self, words: Words) -> str:
        letters = (self.columns[one] for one in words.columns)
        phrases = (phrase_query(letter, words.tokens, words.prefix) for letter in letters)
        return "(" + " | ".join(phrases) + ")"

    def as_match(self, words: Words) -> str:
        quoted = f'"{" ".join(words.tokens)}"' + ("*" if words.prefix else "")
        return f"({{{' '.join(words.columns)}}} : {quoted})"

    def lacking(self, batch: int) -> Iterator[list[int]]:
        """Keys of rows of the model that are not indexed yet, so many at a time."""
        table = connection.ops.quote_name(apps.get_model(self.model)._meta.db_table)
        after = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT id FROM {table} AS own WHERE id > %s AND NOT EXISTS"  # noqa: S608
                    f" (SELECT 1 FROM {self.table} WHERE rowid = own.id) ORDER BY id LIMIT %s",
                    [after, batch],
                )
                keys = [key for (key,) in cursor.fetchall()]
            if not keys:
                return
            yield keys
            after = keys[-1]

    def write(self, rows: Sequence[Row]) -> None:
        """Puts rows in, in place of those of the same keys."""
        self.delete({row.key for row in rows})
        self.insert(rows)

    def insert(self, rows: Iterable[Row]) -> None:
        """Puts rows in whose keys were free."""
        self.put([self.packed(row) for row in rows])

    def packed(self, row: Row) -> Packed:
        if connection.vendor == "postgresql":
            return row.key, " ".join(
                vector_of(self.columns[name], tuple(texts)) for name, texts in row.texts.items()
            )
        return row.key, *(fts_text(tuple(row.texts.get(name, ()))) for name in self.columns)

    def put(self, rows: list[Packed]) -> None:
        if not rows:
            return
        # FTS5 gathers words in memory as long as keys go up, and writes them out at each step
        # down.
        rows.sort()
        if self.suggested:
            record_words(word for row in rows for word in words_in(row))
        if connection.vendor == "postgresql":
            copying = f"COPY {self.table} (rowid, words) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        names = ", ".join(self.columns)
        marks = ", ".join(["%s"] * (len(self.columns) + 1))
        sql = f"INSERT INTO {self.table} (rowid, {names}) VALUES ({marks})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def delete(self, keys: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {self.table} WHERE rowid = %s",  # noqa: S608
                [(key,) for key in sorted(keys)],
            )


CASES = FullText(
    "case_index",
    "cases.Case",
    {"number": "n", "summary": "s", "reviewer": "v", "annotation": "a"},
    suggested=True,
)
ISSUES = FullText(
    "issue_index",
    "cases.Issue",
    {"request": "q", "rationale": "r", "annotation": "a", "asked": "k"},
    suggested=True,
)
CITATIONS = FullText(
    "citation_index", "cases.Citation", {"words": "w", "section": "d"}, suggested=True
)
DOCUMENTS = FullText("document_index", "cases.Document", {"name": "f"})
TABLES = {"case": CASES, "issue": ISSUES, "citation": CITATIONS}


def within(keys: Iterable[int]) -> tuple[str, str | list[int]]:
    if connection.vendor == "postgresql":
        return "= ANY(%s::bigint[])", list(keys)
    return "IN (SELECT value FROM json_each(%s))", json.dumps(list(keys))


def words_in(row: Packed) -> Iterable[str]:
    if connection.vendor == "postgresql":
        return PACKED_WORD.findall(" ".join(row[1:]))
    return (word for text in row[1:] for word in text.split())


# SQLite FTS5


@lru_cache(maxsize=32)  # a case's only issue has most texts of the case
def fts_text(texts: tuple[str, ...]) -> str:
    return f" {GAP} ".join(" ".join(tokens(text)) for text in texts)


# PostgreSQL: words carry their column's letter, so one vector serves every field.


@lru_cache(maxsize=32)  # as above
def vector_of(letter: str, texts: tuple[str, ...]) -> str:
    """Words with where they stand; of more than PostgreSQL keeps, it keeps the first."""
    at = 0
    found: dict[str, str] = {}
    for text in texts:
        for word in tokens(text):
            at += 1
            known = found.get(word)
            found[word] = f"{known},{at}" if known else f"'{letter}/{word}':{at}"
        at += 1
    return " ".join(found.values())


def phrase_query(letter: str, words: Sequence[str], prefix: bool) -> str:
    marked = [f"'{letter}/{word}'" for word in words]
    if prefix:
        marked[-1] += ":*"
    return "(" + " <-> ".join(marked) + ")"

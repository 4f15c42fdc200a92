"""Values of list columns, declared by the fields that they read.

A page takes them from the instance that it shows; the CSV takes them from the database, thousands
of rows at a time and without an instance (`cases.lists.csv_rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.db.models import Manager, Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.letters.citations.locators import ranges_in_words
from cases.models import Citation
from cases.models.sides import relations_in_words


@dataclass(frozen=True, slots=True)
class Value:
    """`words` of the values at `paths`; without it the one value itself.

    A path leads from a row to a field, as "case.decision_date", or to several that are read as one
    tuple, "label.name,slug". Through a relation to many rows, as "issues.decision", it gives a
    sequence with the value of each. Where a row on the way is missing, the value is None.
    """

    paths: tuple[str, ...]
    words: Callable[..., Any] | None = None

    def __call__(self, row: Model) -> Any:
        values = [value_of(row, path) for path in self.paths]
        return self.words(*values) if self.words else values[0]

    def of_all(self, values: dict[str, Sequence[Any]]) -> Sequence[Any]:
        """One for each row, given the values at each path."""
        columns = [values[path] for path in self.paths]
        return list(map(self.words, *columns)) if self.words else columns[0]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, by the name that `?columns=`, `?order=` and the header of the CSV call it.

    `value` gives the CSV's cell; a column without one is of the page alone. `joined` names the
    relation of the row that it needs.
    """

    name: str
    label: str
    value: Value | None = None
    css: str = ""
    joined: str = ""

    @property
    def cell(self) -> SafeString:
        """The attributes of its cells; on a narrow page each cell stands under its label."""
        return cell_attributes(self.css, self.label)


@lru_cache(maxsize=500)
def cell_attributes(css: str, label: str) -> SafeString:
    return format_html('class="{}" data-label="{}"', css, label)


def value_of(row: Any, path: str) -> Any:
    name, _, rest = path.partition(".")
    if "," in name:
        return tuple(value_of(row, one) for one in name.split(","))
    value = getattr(row, name, None)  # a missing row of a one-to-one relation is no attribute
    if isinstance(value, Manager):
        return [value_of(one, rest) for one in value.all()]
    return value_of(value, rest) if rest else freeze(value)


def freeze(value: Any) -> Any:
    """A value of a JSON field with tuples for lists: one that can be shared, and be a key."""
    return tuple(map(freeze, value)) if isinstance(value, list) else value


def field(path: str) -> Value:
    """The value as it is."""
    return Value((path,))


def yes_or_no(path: str) -> Value:
    return Value((path,), yes_no)


def yes_or_no_where(present: str, path: str) -> Value:
    """The same where another value is present, else nothing."""
    return Value((present, path), lambda other, value: yes_no(value) if other else "")


def yes_no(value: object) -> str:
    return "yes" if value else "no"


def joined_list(path: str) -> Value:
    """Of a list of words, or of a field of many rows."""
    return Value((path,), "; ".join)


def count_of(relation: str) -> Value:
    """The number of rows that belong to it."""
    return Value((f"{relation}.pk",), len)


def to_the_second(path: str) -> Value:
    """A time in ISO 8601, without fractions of a second."""
    return Value((path,), lambda at: at.isoformat(timespec="seconds"))


class CitationColumns(NamedTuple):
    """What columns read of a citation."""

    side: str
    source: str
    guideline: str
    edition: str
    section: str
    pages: tuple[tuple[int, int], ...]


CITATIONS = f"citations.{','.join(CitationColumns._fields)}"


def citations_by(side: str) -> Value:
    """The citations of one side of an issue."""
    return Value((CITATIONS,), partial(side_in_words, side))


def case_citations_by(side: str) -> Value:
    """The citations of one side of all issues of a case."""

    def words(of_issues: Iterable[Iterable[tuple]]) -> str:
        return "; ".join(filter(None, (side_in_words(side, one) for one in of_issues)))

    return Value((f"issues.{CITATIONS}",), words)


def relations() -> Value:
    """How the two sides of an issue compare, citation by citation."""
    return Value((CITATIONS,), lambda citations: relations_of(tuple(citations)))


def side_in_words(side: str, citations: Iterable[tuple]) -> str:
    return "; ".join(
        cited_in_words(*names) + pages_in_words(pages)
        for of_side, *names, pages in citations
        if of_side == side
    )


# Letters cite few guidelines, again and again.
@lru_cache(10_000)
def cited_in_words(source: str, guideline: str, edition: str, section: str) -> str:
    return str(Citation(source=source, guideline=guideline, edition=edition, section=section))


def pages_in_words(pages: Sequence[Sequence[int]]) -> str:
    """[[125, 126], [130, 130]] → " p. 125-126, 130"."""
    return f" p. {ranges_in_words(pages)}" if pages else ""


@lru_cache(10_000)
def relations_of(citations: tuple[tuple, ...]) -> str:
    return relations_in_words([CitationColumns(*one) for one in citations])

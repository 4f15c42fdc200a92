"""The parameters of a list in the API: read from a query string, and described for its schema.

They are those of the list's page, but how the rows are shown: `page` and `columns` are the page's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django.http import QueryDict

from cases.lists.base_filterset import ListFilter, OrderFilter
from cases.lists.cursor import Cursor, CursorError
from cases.lists.definition import ListDefinition
from cases.lists.filter_types import (
    AnyOfFilter,
    BatchFilter,
    BooleanFilter,
    ClaimNumberFilter,
    DateBoundFilter,
    ExactFilter,
    KeysFilter,
    PageFilter,
    SearchFilter,
    WordsFilter,
    flat_choices,
)
from cases.numbers import whole_number
from cases.views.trouble import Mistake

USUAL_SIZE, LARGEST_SIZE = 100, 500
PAGING = ("cursor", "page_size")
EMPTY = "It has no value: give it one, or leave it out."
SIZE = f"Enter a whole number from 1 to {LARGEST_SIZE}."


class WrongParameters(Exception):
    """What is wrong with each of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(f"{one.parameter}: {one.message}" for one in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Asked:
    filterset: ListFilter
    cursor: Cursor | None
    size: int


def read_parameters(of: ListDefinition, query: QueryDict, rows: Any) -> Asked:
    """
    Raises:
        WrongParameters
    """
    mistakes = list(unknown_parameters(of, query))
    filterset = of.filterset(query, rows)
    if not filterset.is_valid():
        mistakes += [
            Mistake(name, str(error))
            for name, errors in filterset.errors.items()
            for error in errors
        ]
    size, cursor = whole_number(query.get("page_size", str(USUAL_SIZE)), digits=4), None
    if size is None or not 1 <= size <= LARGEST_SIZE:
        mistakes.append(Mistake("page_size", SIZE))
    try:
        cursor = Cursor.parse(str(query["cursor"])) if "cursor" in query else None
    except CursorError as problem:
        mistakes.append(Mistake("cursor", str(problem)))
    if mistakes or size is None:
        raise WrongParameters(mistakes)
    return Asked(filterset, cursor, size)


def unknown_parameters(of: ListDefinition, query: QueryDict) -> Iterator[Mistake]:
    """A page's form sends its empty fields; a program's parameter without a value is a mistake
    that would give it all rows."""
    known = {*of.filterset.base_filters, *PAGING}
    for name, values in query.lists():
        if name not in known:
            yield Mistake(
                name, f"There is no such parameter. Known are: {', '.join(sorted(known))}."
            )
        elif not all(values):
            yield Mistake(name, EMPTY)


# -- for the schema --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Described:
    """`many` values of one parameter are given by naming it again; `listed`, between commas."""

    name: str
    words: str
    schema: dict[str, Any]
    many: bool = False
    listed: bool = False


NO_NUL = r"^[^\u0000]*$"


def describe_parameters(of: ListDefinition) -> list[Described]:
    found = [describe(of, name, one) for name, one in of.filterset.base_filters.items()]
    return [
        *found,
        Described(
            "cursor",
            "Where the page begins: from the address in `next` of the page before.",
            {"type": "string", "maxLength": 1000, "pattern": "^[A-Za-z0-9_-]+$"},
        ),
        Described(
            "page_size",
            f"How many rows; {USUAL_SIZE} where it is not given.",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": USUAL_SIZE},
        ),
    ]


def describe(of: ListDefinition, name: str, one: filters.Filter) -> Described:
    label = str(one.label)
    match one:
        case AnyOfFilter():
            values = [value for value, _ in flat_choices(one.extra["choices"])]
            words = f"{label}: any of these; name it again for several."
            if one.none:
                words += f" “none”: {one.none.lower()}."
            return Described(name, words, {"type": "string", "enum": values}, many=True)
        case OrderFilter():
            values = [value for value, _ in flat_choices(one.extra["choices"])]
            words = f"The order of the rows, “-” downwards. Without it: {of.usual_order.lower()}"
            if of.texts:
                words += ", of a search the best matches first (“best”)"
            return Described(name, f"{words}.", {"type": "string", "enum": values})
        case BooleanFilter():
            return Described(name, f"{label}: true or false.", {"type": "boolean"})
        case DateBoundFilter():
            return Described(name, f"{label} (included).", {"type": "string", "format": "date"})
        case BatchFilter():
            words = f"{label}: rows of the letters that were new in that upload."
            return Described(name, words, {"type": "integer", "minimum": 1, "maximum": 2**31})
        case PageFilter():
            words = f"{label} of a guideline that is cited, alone or within a range."
            return Described(name, words, {"type": "integer", "minimum": 1, "maximum": 99_999})
        case KeysFilter():
            words = "Only the rows with these numbers (`id`), separated by commas."
            return Described(name, words, {"type": "integer"}, listed=True)
        case SearchFilter():
            words = (
                f"The search line, as on the page: words, “quoted words”, OR, -not, word*,"
                f" {of.scope_hint}, {of.fact_hint}. What can’t be understood is answered with 400,"
                " which says why."
            )
            return Described(name, words, text(one))
        case ClaimNumberFilter():
            return Described(name, f"{label}: begins like this.", text(one))
        case WordsFilter():
            words = f"{label}: words that are all there, in any order; the last may go on."
            return Described(name, words, text(one))
        case ExactFilter():
            return Described(name, f"{label}: exactly this.", text(one))
    raise TypeError(f"The API has no words for the filter {name} ({type(one).__name__}).")


def text(one: filters.Filter) -> dict[str, Any]:
    longest = one.extra["max_length"]
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": NO_NUL}

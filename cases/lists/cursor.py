"""Pages of a list by the row that the last one ended with.

A page by number shifts when rows come in before it; one that goes on after a row does not: of the
rows that stay as they are, none is left out and none comes twice.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Q, QuerySet
from pyroaring import BitMap

from cases.index.current import current_index
from cases.index.ranking import BestMatch
from cases.lists.base_filterset import FoundRows, IndexResult, ListFilter, SqlFilter, SqlResult

KEPT = 3  # rows of a page's end that its cursor names: the last one may be gone meanwhile
LARGEST_KEY = 2**31
HEAVIEST = 100.0  # of words


class CursorError(ValueError):
    """The cursor is none, or its rows are gone; the message says so."""


GONE = "The rows at which this cursor stood were removed. Start again without a cursor."


@dataclass(frozen=True, slots=True)
class Cursor:
    """After the row `keys[0]`; the others stand before it. `at` is how many rows came before when
    it was made, which spares looking for it where nothing has changed. `weights` are those of the
    words of a search, where the best matches come first (cases.index.ranking)."""

    keys: tuple[int, ...]
    at: int
    weights: tuple[float, ...] = ()

    def __str__(self) -> str:
        text = json.dumps([self.at, self.keys, self.weights], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """
        Raises:
            CursorError
        """
        try:
            at, keys, weights = json.loads(urlsafe_b64decode(text.encode("ascii") + b"=="))
            numbers = (at, *keys)
            if not keys or not all(type(n) is int and 0 <= n < LARGEST_KEY for n in numbers):
                raise ValueError
            if not all(type(n) is float and 0 <= n < HEAVIEST for n in weights):
                raise ValueError
        except (ValueError, TypeError, RecursionError):
            raise CursorError("This is no cursor: take it from the address in “next”.") from None
        return cls(tuple(keys[:KEPT]), at, tuple(weights))


@dataclass(frozen=True, slots=True)
class KeysPage:
    count: int  # of all rows
    keys: list[int]
    next: Cursor | None


def keys_after(filterset: ListFilter, cursor: Cursor | None, size: int) -> KeysPage:
    """The keys of the next rows of a valid filter set, in its order.

    Raises:
        CursorError
    """
    found, weights = with_weights(filterset.found(), cursor)
    before, keys = page_of(found, filterset, cursor, size + 1)
    more, keys = len(keys) > size, keys[:size]
    last = tuple(keys[::-1][:KEPT])
    return KeysPage(found.count, keys, Cursor(last, before + len(keys), weights) if more else None)


def with_weights(found: FoundRows, cursor: Cursor | None) -> tuple[FoundRows, tuple[float, ...]]:
    """The same rows in an order that no other row changes, from the first page to the last."""
    if not (isinstance(found, IndexResult) and isinstance(found.order, BestMatch)):
        return found, ()
    with current_index() as index:
        now = found.order.rarities_now(index, found.space)
    weights = cursor.weights if cursor else now
    if len(weights) != len(now):
        raise CursorError("This cursor is of another search. Start again without a cursor.")
    return replace(found, order=replace(found.order, rarities=weights)), weights


def page_of(
    found: FoundRows, filterset: ListFilter, cursor: Cursor | None, size: int
) -> tuple[int, list[int]]:
    """How many rows stand before the page, and its keys."""
    if isinstance(found, SqlResult) and isinstance(filterset, SqlFilter) and cursor:
        rows = rows_after(found.queryset, sql_order(filterset), cursor)
        return cursor.at, list(rows.values_list("pk", flat=True)[:size])
    at = place_after(found, cursor) if isinstance(found, IndexResult) and cursor else 0
    return at, list(found.keys(at, at + size))


def place_after(found: IndexResult, cursor: Cursor) -> int:
    """The place of the first row after the cursor, as the rows stand now. A row that no longer
    matches still has a place among those that do."""
    with current_index() as index:
        space = index.spaces[found.space]
        rows = found.rows & space.keys

        def keys(among: BitMap, start: int, stop: int) -> np.ndarray:
            return found.order.keys(index, found.space, among, start, stop)

        if cursor.at and cursor.keys[0] in keys(rows, cursor.at - 1, cursor.at):
            return cursor.at
        for key in known(cursor.keys, space.keys):
            among = rows | BitMap([key])
            [place] = np.flatnonzero(keys(among, 0, len(among)) == key)
            return int(place) + (key in rows)
    raise CursorError(GONE)


def known(keys: Iterable[int], among: BitMap) -> Iterable[int]:
    return (key for key in keys if key in among)


def sql_order(filterset: SqlFilter) -> tuple[str, bool]:
    """The field that the rows are sorted by, before their keys, and whether downwards."""
    asked = filterset.asked_order
    if field := filterset.filters["order"].columns.get(asked.removeprefix("-")):
        return field, asked.startswith("-")
    rows = filterset.queryset
    usual = str((rows.query.order_by or rows.model._meta.ordering)[0])
    return usual.removeprefix("-"), usual.startswith("-")


def rows_after(rows: QuerySet, order: tuple[str, bool], cursor: Cursor) -> QuerySet:
    field, downwards = order
    beyond = "lt" if downwards else "gt"
    for key in cursor.keys:
        stands = rows.model._default_manager.filter(pk=key).values_list(field, flat=True)
        for value in stands:
            same = Q(**{field: value, f"pk__{beyond}": key})
            return rows.filter(Q(**{f"{field}__{beyond}": value}) | same)
    raise CursorError(GONE)

"""The list a case was opened from: its place there, and the cases before and after it.

It travels in the address of the case page: `?from=cases&list=<the list's query>&at=<place>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from cases.lists.definition import LISTS, ListDefinition, Listing, found_by
from cases.models import Case
from cases.numbers import whole_number

LONGEST = 2000
NEAR = 50  # how far a case is looked for when the list has changed meanwhile


@dataclass(frozen=True, slots=True)
class Trail:
    of: ListDefinition
    back: str
    at: int
    total: int
    previous: str
    following: str
    following_case: int | None = None  # its key


def trail_query(of: ListDefinition, query: str) -> str:
    """What the link to a row's page carries, up to the place of the row."""
    return urlencode({"from": of.name, "list": query[:LONGEST], "at": ""})


def trail_of(query: QueryDict, case: Case) -> Trail | None:
    """None where the address tells of no list, or the case is not in it any more."""
    of, at = LISTS.get(query.get("from", "")), whole_number(query.get("at", ""), digits=9)
    if of is None or not of.leads_to_cases or not at:
        return None
    state = query.get("list", "").replace("\x00", "")[:LONGEST]
    asked = QueryDict(state)
    for reach in (1, NEAR):
        start, length = max(1, at - reach), 2 * reach + 1
        rows, total = rows_around(of, asked, start, length)
        found = next((i for i, row in enumerate(rows) if case_of(row).pk == case.pk), None)
        if found is not None and (reach == NEAR or at == start + found):
            return build_trail(of, state, rows, start, found, total)
    return None


def rows_around(
    of: ListDefinition, query: QueryDict, start: int, length: int
) -> tuple[tuple[Any, ...], int]:
    """Rows of a list from position `start` (from 1), without prefetches, and the list's length."""
    filterset = of.filterset(query, of.rows().prefetch_related(None))
    with filterset.of_one_state():
        found = found_by(filterset)
        count, keys = found.count, list(found.keys(start - 1, start - 1 + length))
    return filterset.rows(keys), count


def build_trail(
    of: ListDefinition, state: str, rows: Sequence[Any], start: int, found: int, total: int
) -> Trail:
    def link(i: int) -> str:
        if not 0 <= i < len(rows):
            return ""
        path, hash_, place = rows[i].get_absolute_url().partition("#")
        return f"{path}?{trail_query(of, state)}{start + i}{hash_}{place}"

    at = start + found
    after = case_of(rows[found + 1]).pk if found + 1 < len(rows) else None
    return Trail(of, f"{of.url}?{state}", at, total, link(found - 1), link(found + 1), after)


def case_of(row: Any) -> Case:
    return row if isinstance(row, Case) else row.case


def add_trail_links(found: Listing) -> Listing:
    """Gives each row of a page the link that carries the list along."""
    if found.of.leads_to_cases:
        before = trail_query(found.of, found.query)
        for at, row in enumerate(found.rows, found.first):
            path, hash_, place = row.get_absolute_url().partition("#")
            row.link = f"{path}?{before}{at}{hash_}{place}"
    return found

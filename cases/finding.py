"""One page of a list, found by whichever way costs the same however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import QueryDict

from cases.filter_sets import ListFilter
from cases.search.excerpts import fit
from cases.summaries import counted as tallied

if TYPE_CHECKING:
    from cases.listing import ListOf

# Counting further than this costs time that nobody has; so does paging further than that.
MOST_COUNTED = 1000
MOST_PAGED = 10_000
# So many matches are sorted; of more, enough are met when the rows are read in order.
MOST_SORTED = 2000
# So many places are looked at first for the rows of a page, and at once for all rows.
FIRST_REACH = 250
WALKED_AT_ONCE = 300
# So many texts are read to rank matches.
MOST_RANKED = 200


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, or that there are more than `number`."""

    number: int
    exact: bool


def filtered(filterset: ListFilter) -> QuerySet:
    """The rows a filter lets through; none where the filter itself is mistaken."""
    return filterset.qs if filterset.is_valid() else filterset.queryset.none()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page that a query string asks for, and one row more that tells whether more follow."""

    query: QueryDict
    size: int

    def cut(self, count: Count) -> tuple[int, int, int]:
        """The page's number, its first row from 0 and how many to get."""
        page = page_number(self.query, count, self.size)
        return page, (page - 1) * self.size, self.size + 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows from a place in the list on, wherever pages begin."""

    start: int
    length: int

    def cut(self, count: Count) -> tuple[int, int, int]:
        return 1, self.start - 1, self.length


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one page and one more, if there is one."""

    rows: tuple[Any, ...]
    count: Count
    page: int


def find(of: ListOf, filterset: ListFilter, wanted: Wanted | Stretch) -> Found:
    """One page, by whichever way costs the same however many rows there are.

    Where the summaries know how many match, newest first, the index gives just this page. Else
    few matches: the index gives them all, and they are sorted. Many matches, newest first: the
    index gives just this page, or the places whose rows fill it. Many matches in another order:
    the rows are read in that order, of which a good part match, until the page is full.
    """
    question = filterset.question() if filterset.is_valid() else None
    if question is None:
        return cut(filtered(filterset), wanted, total_of(of, filterset))
    bounds = {"least": question.least, "most": question.most}
    ask = partial(filterset.index.newest, question.node, **bounds)
    if filterset.several_at_a_place and filterset.in_own_order:
        return in_places(filterset, question.rest, ask, wanted)
    in_place = filterset.in_own_order and not question.rest
    if in_place and (known := total_of(of, filterset)):
        page, start, length = wanted.cut(known)
        return Found(tuple(filterset.at_places(ask(limit=length, offset=start), ())), known, page)
    if filterset.best_first and filterset.sought and of.texts and not question.rest:
        return ranked(of, filterset, ask(limit=MOST_COUNTED + 1), wanted)
    most = MOST_COUNTED if in_place else MOST_SORTED
    places = ask(limit=most + 1)
    many = len(places) > most
    if not in_place:
        if many:
            return cut(filtered(filterset), wanted, total_of(of, filterset))
        return sorted_page(filterset, places, question.rest, wanted)
    count = counted_places(places)
    page, start, length = wanted.cut(count)
    shown = places[start : start + length]
    if many and len(shown) < length:
        shown = ask(limit=length, offset=start)
    return Found(tuple(filterset.at_places(shown, ())), count, page)


def counted_places(places: list[int]) -> Count:
    many = len(places) > MOST_COUNTED
    return Count(MOST_COUNTED if many else len(places), exact=not many)


def in_places(
    filterset: ListFilter,
    rest: tuple[str, ...],
    ask: Callable[..., list[int]],
    wanted: Wanted | Stretch,
) -> Found:
    """Of a list with several rows at a place: those of so many places as fill the page."""
    reach = FIRST_REACH
    while True:
        places = ask(limit=reach + 1)
        keys = filterset.keys_at(places[:reach], rest)
        complete = len(places) <= reach
        count = Count(len(keys) if complete else rounded(len(keys) - 1), exact=complete)
        page, start, length = wanted.cut(count)
        if complete or len(keys) >= start + length:
            return Found(filterset.in_order(keys[start : start + length]), count, page)
        if reach == MOST_PAGED:  # hardly any row of a place passes what it was found for
            return cut(filtered(filterset), wanted)
        reach = min(4 * reach, MOST_PAGED)


def rounded(number: int) -> int:
    return number // 100 * 100 or number


def walked(filterset: ListFilter) -> Iterator[Any]:
    """All rows of a list with several at a place, in its own order: to have a database sort them
    would be to wait for the last before there is a first."""
    question = filterset.question()
    most = question.most
    while places := filterset.index.newest(
        question.node, limit=WALKED_AT_ONCE, least=question.least, most=most
    ):
        yield from filterset.at_places(places, question.rest)
        most = places[-1] - 1


def ranked(of: ListOf, filterset: ListFilter, places: list[int], wanted: Wanted | Stretch) -> Found:
    """Of the newest matches, so many as can be read at once, those that fit best first."""
    rows = list(filterset.at_places(places[:MOST_RANKED], ()))
    texts = of.texts(rows)
    rows.sort(key=lambda row: -fit(texts[row.pk], filterset.sought))
    count = counted_places(places)
    page, start, length = wanted.cut(Count(len(rows), exact=True))
    return Found(tuple(rows[start : start + length]), count, page)


def total_of(of: ListOf, filterset: ListFilter) -> Count | None:
    """How many rows there are, where the summaries know: of the whole list, and of one value of a
    fact that they count."""
    if of.total is None or not filterset.is_valid():
        return None
    if not filterset.active():
        return Count(of.total(), exact=True)
    only = filterset.only_value(of.tallied)
    if only is None:
        return None
    name, value = only
    found = tallied(of.tally.format(name)).get((value, ""))
    return Count(found.total if found else 0, exact=True)


def sorted_page(
    filterset: ListFilter, places: list[int], rest: tuple[str, ...], wanted: Wanted | Stretch
) -> Found:
    """Of few rows. Their numbers are sorted, which takes a fraction of the time that sorting whole
    rows does."""
    keys = filterset.keys_at(places, rest)
    count = Count(len(keys), exact=True)
    page, start, length = wanted.cut(count)
    return Found(filterset.in_order(keys[start : start + length]), count, page)


def cut(found: QuerySet, wanted: Wanted | Stretch, count: Count | None = None) -> Found:
    """Counted as far as may be, where `count` doesn't know."""
    if count is None:
        count, keys = counted(found)
        if count.exact:
            # To look for so few again, now in order, could mean to look through all rows.
            found = found.filter(pk__among=keys)
    page, start, length = wanted.cut(count)
    return Found(tuple(found[start : start + length]), count, page)


def rows_around(of: ListOf, query: QueryDict, start: int, length: int) -> list[Any]:
    """Rows of a list from a place on, without what its cells show besides."""
    filterset = of.filterset(query, of.rows().prefetch_related(None))
    return list(find(of, filterset, Stretch(start, length)).rows)


def counted(found: QuerySet) -> tuple[Count, list[int]]:
    """How many there are, and the keys of so many as were counted."""
    keys = list(found.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])
    exact = len(keys) <= MOST_COUNTED
    return Count(len(keys) if exact else MOST_COUNTED, exact), keys


def page_number(query: QueryDict, count: Count, size: int) -> int:
    """The page asked for, the nearest there is where there is none such."""
    wanted = query.get("page", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 1
    rows = min(count.number, MOST_PAGED) if count.exact else MOST_PAGED
    return max(1, min(number, -(-rows // size)))

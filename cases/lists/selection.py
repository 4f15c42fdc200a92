"""What a bulk action is done with: the rows that were ticked, or all that a list finds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from cases.lists.base_filterset import ListFilter
from cases.lists.definition import BulkAction, ListDefinition, found_by
from cases.numbers import whole_number


class SelectionError(Exception):
    """Nothing was done; the message tells why."""


@dataclass(frozen=True)
class Selection:
    """Rows of a list by key or, where `whole` holds a filter set, all that it finds."""

    of: ListDefinition
    count: int
    keys: tuple[int, ...] = ()
    whole: ListFilter | None = None
    query: str = ""

    @property
    def rows(self) -> QuerySet:
        return self.whole.qs if self.whole else self.of.rows().filter(pk__in=self.keys)

    def export_url(self, columns: str) -> str:
        if self.whole:
            return f"{self.of.export_url}?{self.query}"
        known = all(name in self.of.by_name for name in columns.split(","))
        shown = f"&columns={columns}" if known else ""
        return f"{self.of.export_url}?chosen={','.join(map(str, self.keys))}{shown}"

    def check_size(self, action: BulkAction) -> None:
        if self.count > action.most:
            raise SelectionError(
                f"“{action.label}” takes at most {action.most:,} {self.of.noun}s at once, and"
                f" {self.count:,} are selected. Nothing was done. Narrow the list first."
            )


def read_selection(of: ListDefinition, posted: QueryDict) -> Selection:
    """From the form around a list's table.

    Raises:
        SelectionError: if nothing is selected, or other rows match than the sender saw.
    """
    if posted.get("everything"):
        return whole_list(of, posted.get("back", ""), posted.get("matching", ""))
    numbers = map(whole_number, posted.getlist("chosen"))
    keys = tuple(number for number in numbers if number is not None)
    if not keys:
        raise SelectionError(f"Select the {of.noun}s first.")
    return Selection(of, len(keys), keys)


def whole_list(of: ListDefinition, query: str, matching: str) -> Selection:
    filterset = of.filterset(QueryDict(query), of.rows())
    count = found_by(filterset).count
    if str(count) != matching:
        number = "1 matches" if count == 1 else f"{count:,} match"
        raise SelectionError(
            f"The list has changed meanwhile: {number} now. Nothing was done. Select them again."
        )
    if not count:
        raise SelectionError(f"Select the {of.noun}s first.")
    return Selection(of, count, whole=filterset, query=query)

"""Claim facts across cases: the names on file, and the rows of a claim number."""

from __future__ import annotations

from cases.index.current import current_index
from cases.index.rows import CASE, ISSUE, SILENT
from cases.models import Case, Issue

MOST_NAMES = 200  # that are offered to choose from
LONGEST_NUMBER = 60
MODELS = {CASE: (Case, "claim_facts"), ISSUE: (Issue, "case__claim_facts")}


def names_on_file(fact: str, most: int = MOST_NAMES) -> list[str]:
    """Of a fact such as "ur_vendor": the most frequent ones, by name."""
    with current_index() as index:
        found = index.spaces[CASE].facts[fact].items()
        known = sorted((-len(rows), name) for name, rows in found if rows and name != SILENT)
    return sorted((name for _, name in known[:most]), key=str.casefold)


def rows_of_claim(space: str, number: str, *, whole: bool = False) -> frozenset[int]:
    """The keys of the cases, or issues, whose claim number begins like this, or is exactly this
    but for capitals."""
    model, path = MODELS[space]
    field = f"{path}__claim_number"
    if whole:
        spellings = {number, number.upper(), number.lower()}
        found = model._default_manager.filter(**{f"{field}__in": spellings})
    else:
        found = model._default_manager.filter(**{f"{field}__istartswith": number})
    return frozenset(found.order_by().values_list("pk", flat=True))


def may_be_claim_number(text: str) -> bool:
    """Whether words of a search line can be a claim number as they stand."""
    return 3 <= len(text) <= LONGEST_NUMBER and any(map(str.isdigit, text))

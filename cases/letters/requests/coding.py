"""What a request is for, by the rules that letters are read by: category, subcategory, body parts,
whether the treatment was given already, and which part of it is in dispute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.letters.record import PARTIAL
from cases.letters.requests.body_parts import find_body_parts
from cases.letters.requests.categories import categorise
from cases.letters.requests.partial import find_partial
from cases.letters.requests.retrospective import find_retrospective

LONGEST_RULE = 120


@dataclass(frozen=True, slots=True)
class Coding:
    """`rule` is the rule that chose category and subcategory."""

    category: str
    subcategory: str
    rule: str
    body_parts: tuple[str, ...]
    retrospective: bool

    def as_values(self) -> dict[str, Any]:
        """By the fields of an issue."""
        return {
            "category": self.category,
            "subcategory": self.subcategory,
            "category_rule": self.rule[:LONGEST_RULE],
            "body_parts": list(self.body_parts),
            "retrospective": self.retrospective,
        }


def parts_in(request: str) -> dict[str, str]:
    """The parts of a partial authorization that a request tells of; none where it tells of none."""
    found = find_partial(request)
    if found is None:
        return {}
    return {name: request[slice(*getattr(found, name))] for name in PARTIAL}


def disputed_part(request: str) -> str:
    return parts_in(request).get("in_dispute") or request


def code_request(
    request: str, others: Sequence[str] = (), decided: dt.date | None = None
) -> Coding:
    """
    Args:
        request: as printed, whole.
        others: the other requests of the case.
        decided: the decision date; a later date of service is not past.
    """
    disputed = disputed_part(request)
    found = categorise(disputed, [disputed_part(one) for one in others])
    parts = find_body_parts(disputed) or find_body_parts(request)
    return Coding(
        category=found.name,
        subcategory=found.subcategory or "",
        rule=found.rule,
        body_parts=tuple(part.name for part in parts),
        retrospective=find_retrospective(request, decided) is not None,
    )

"""A letter of no known format: whatever headings and labels of any era it has."""

from __future__ import annotations

from ..draft import Draft
from ..text import Body
from . import final, final_2014, notice_2013, professional_review_2013


def read(body: Body) -> Draft:
    """The fullest of what the known formats' readers make of it."""
    drafts = [
        module.read(body) for module in (final, final_2014, notice_2013, professional_review_2013)
    ]
    best = max(drafts, key=fullness)
    for draft in drafts:
        for name, field in draft.facts.items():
            best.facts.setdefault(name, field)
        best.summary = best.summary or draft.summary
    return best


def fullness(draft: Draft) -> tuple[int, int]:
    decided = sum(issue.decision is not None for issue in draft.issues)
    return decided, sum(issue.rationale is not None for issue in draft.issues)

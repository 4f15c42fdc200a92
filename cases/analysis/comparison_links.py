"""From a figure to the list behind it: the current filter, narrowed to what the figure counts.

Gives None where no filter can say it, so that no link ever leads to another list than its number.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.urls import reverse

from cases.index.rows import OTHER
from cases.lists.definition import SHOWING
from cases.models import Source, Verdict

# Filters of which an issue has one value, so that two choices narrow to what they share.
EXCLUSIVE = {"category", "subcategory", "verdict", "decision"}
SILENT = {
    "claims": (Verdict.CLAIMS_SILENT, Verdict.BOTH_SILENT),
    "maximus": (Verdict.MAXIMUS_SILENT, Verdict.BOTH_SILENT),
}


def issues_link(query: QueryDict, **wanted: Sequence[str]) -> str | None:
    left = query.copy()
    for name in SHOWING:
        left.pop(name, None)
    for name, values in wanted.items():
        kept = narrow_choice(name, [one for one in left.getlist(name) if one], [*values])
        if not kept:
            return None
        left.setlist(name, kept)
    for name, values in list(left.lists()):
        if not any(values):
            del left[name]
    return f"{reverse('issues')}?{left.urlencode()}"


def narrow_choice(name: str, present: list[str], values: list[str]) -> list[str]:
    if not present:
        return values
    if name in EXCLUSIVE:
        return [one for one in values if one in present]
    return values if present == values else []


def year_link(query: QueryDict, year: str) -> str | None:
    if not year:
        return None
    left = query.copy()
    first, last = left.get("decision_date_after"), left.get("decision_date_before")
    left["decision_date_after"] = max(filter(None, (first, f"{year}-01-01")))
    left["decision_date_before"] = min(filter(None, (last, f"{year}-12-31")))
    return issues_link(left)


def side_link(query: QueryDict, side: str, guideline: str) -> str | None:
    if not guideline:
        return issues_link(query, verdict=SILENT[side])
    return issues_link(query, **guideline_filter(side, guideline))


def cell_link(query: QueryDict, claims: str, maximus: str) -> str | None:
    wanted: dict[str, Sequence[str]] = {}
    if claims:
        wanted |= guideline_filter("claims", claims)
    if maximus:
        wanted |= guideline_filter("maximus", maximus)
    if not claims and not maximus:
        wanted["verdict"] = [Verdict.BOTH_SILENT]
    elif not claims:
        wanted["verdict"] = [Verdict.CLAIMS_SILENT]
    elif not maximus:
        wanted["verdict"] = [Verdict.MAXIMUS_SILENT]
    return issues_link(query, **wanted)


def guideline_filter(side: str, guideline: str) -> dict[str, Sequence[str]]:
    if guideline == OTHER:
        return {f"{side}_source": [Source.OTHER]}
    return {f"{side}_guideline": [guideline]}

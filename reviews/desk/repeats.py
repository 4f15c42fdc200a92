"""The same request, decided for the same claim within the last twelve months.

A decision of UR stands for twelve months for the same treatment by the same physician, unless the
facts change (Labor Code 4610(k)).
"""

from __future__ import annotations

import datetime as dt

from cases.analysis.precedents import Request, request_features
from cases.analysis.similarity import compute_similarity
from cases.index.claims import rows_of_claim
from cases.index.rows import ISSUE
from cases.models import Issue
from reviews.desk.outcome import Repeat


def a_year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # February 29
        return day.replace(year=day.year - 1, day=28)


def find_repeats(
    claim_number: str, position: int, request: Request, today: dt.date
) -> list[Repeat]:
    """The newest first."""
    if not claim_number or not request.words:
        return []
    keys = rows_of_claim(ISSUE, claim_number, whole=True)
    issues = Issue.objects.filter(pk__among=keys).select_related("case")
    since = a_year_before(today)
    found = [
        one for one in issues.defer("provenance", "case__provenance", "case__clinical_summary")
        if (day := last_decided(one)) and since <= day <= today and is_alike(request, one)
    ]  # fmt: skip
    found.sort(key=lambda one: (last_decided(one) or since, one.pk), reverse=True)
    return [repeat_of(position, one) for one in found]


def last_decided(issue: Issue) -> dt.date | None:
    """By UR or by IMR."""
    days = (issue.case.ur_denial_date, issue.case.decision_date)
    return max((day for day in days if day), default=None)


def is_alike(request: Request, issue: Issue) -> bool:
    theirs = frozenset(issue.body_parts)
    if request.body_parts and theirs and not theirs & set(request.body_parts):
        return False
    return compute_similarity(request.asked, request_features(issue, ())).alike


def repeat_of(position: int, issue: Issue) -> Repeat:
    case = issue.case
    return Repeat(
        request=position,
        case_number=case.case_number,
        position=issue.position,
        text=issue.disputed,
        decision=issue.decision,
        ur_denied_on=case.ur_denial_date.isoformat() if case.ur_denial_date else "",
        decided_on=case.decision_date.isoformat() if case.decision_date else "",
    )

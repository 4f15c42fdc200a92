"""Cases of a few lines, and the changes that people make to them."""

from __future__ import annotations

import datetime as dt
from itertools import count

from django.db import transaction

from cases.corrections.refresh import refresh_case
from cases.models import Case, Citation, Document, Format, Issue

numbers = count(1)


@transaction.atomic
def new_case(
    request: str = "MRI of the knee",
    rationale: str = "Not shown to help.",
    decision: str = "upheld",
) -> Case:
    """One issue, for which the claims administrator cites a guideline."""
    number = next(numbers)
    document = Document.objects.create(sha256=f"{number:064x}", name=f"{number}.pdf", size=1)
    case = Case.objects.create(
        case_number=f"CM15-{number:07}",
        document=document,
        format=Format.values[0],
        first_page=1,
        last_page=2,
        decision_date=dt.date(2015, 1, 1) + dt.timedelta(number % 100),
        specialties=["Neurology"],
        clinical_summary="A fall from a ladder.",
    )
    add_issue(case, 1, request, rationale, decision)
    refresh_case(case)
    return case


def add_issue(case: Case, position: int, request: str, rationale: str, decision: str) -> Issue:
    issue = Issue.objects.create(
        case=case,
        position=position,
        treatment_request=request,
        rationale=rationale,
        decision=decision,
        category="diagnostics",
        body_parts=["knee"],
    )
    cite(issue, "claims", 1)
    return issue


def cite(issue: Issue, side: str, position: int, guideline: str = "Knee Complaints") -> Citation:
    return Citation.objects.create(
        issue=issue,
        side=side,
        position=position,
        source="MTUS",
        guideline=guideline,
        pages=[[330, 331]],
    )


@transaction.atomic
def correct(case: Case, **values: object) -> None:
    """Other values for its first issue."""
    Issue.objects.filter(case=case, position=1).update(**values)
    refresh_case(Case.objects.get(pk=case.pk))

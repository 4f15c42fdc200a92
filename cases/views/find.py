"""What the command palette finds: cases by their number or that of their claim, and the searches
that the words start."""

from __future__ import annotations

import re

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from cases.index.claims import may_be_claim_number
from cases.models import Case
from cases.views.signed_in import SignedInRequest

MOST_CASES = 6
LONGEST = 200  # characters asked for
NUMBER = re.compile(r"(?:CM)?\d{2}-?\d*|CM", re.IGNORECASE)
SEARCHES = (
    ("cases", "q", "Search cases for"),
    ("issues", "q", "Search issues for"),
    ("precedents", "request", "How was this decided before:"),
)


def find(request: SignedInRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:LONGEST]
    found = {
        "asked": asked,
        "cases": cases_by_number(asked),
        "claimed": cases_by_claim(asked),
        "searches": SEARCHES,
    }
    return render(request, "cases/find.html", found)


def cases_by_number(asked: str) -> QuerySet[Case]:
    """Those whose number begins like this; "14-0195" is enough."""
    if not NUMBER.fullmatch(asked):
        return Case.objects.none()
    return Case.objects.filter(case_number__startswith=as_number(asked)).order_by("case_number")[
        :MOST_CASES
    ]


def cases_by_claim(asked: str) -> QuerySet[Case]:
    """Those whose claim number begins like this."""
    if not may_be_claim_number(asked):
        return Case.objects.none()
    found = Case.objects.filter(claim_facts__claim_number__istartswith=asked)
    return found.select_related("claim_facts").order_by("claim_facts__claim_number", "pk")[
        :MOST_CASES
    ]


def as_number(asked: str) -> str:
    """As cases are numbered: "14019" → "CM14-019"."""
    digits = re.sub(r"\D", "", asked)
    return "CM" + (f"{digits[:2]}-{digits[2:]}" if len(digits) > 2 or "-" in asked else digits)

"""Lines of a final determination as it is printed since 2016, for `pages_of.page_of`."""

from __future__ import annotations

from collections.abc import Sequence

HEADER = [
    "Case Number: CM16-0000017",
    "Date Assigned: 12/02/2016\tDate of Injury: 09/26/2013",
    "Decision Date: 01/16/2017\tUR Denial Date: 11/08/2016",
    "Priority: Standard\tApplication Received: 11/21/2016",
]
HOW = [
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer.",
    "",
    "The Expert Reviewer has the following credentials:",
    "State(s) of Licensure: Texas,New York",
    "Certification(s)/Specialty: Psychiatry, Plastic Surgery",
]
SUMMARY_HEADING = [
    "CLINICAL CASE SUMMARY",
    "The expert reviewer developed the following clinical case summary based on a review of the",
    "case file, including all medical records:",
    "",
]
SUMMARY = ["The worker fell from a ladder on 9/26/2013 and was treated with drugs and visits."]
ISSUES = [
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "The Final Determination was based on decisions for the disputed items/services set forth"
    " below:",
    "",
]
REQUEST = ["Norco 10/325mg #60: Upheld"]
CLAIMS = ["Claims Administrator guideline: Decision based on MTUS Low Back Complaints 2004."]
MAXIMUS = [
    "MAXIMUS guideline: Decision based on MTUS Opioid Treatment 2016, Section(s): 4.1 Weaning."
]
RATIONALE = ["Decision rationale: Goals are missing. The request is not medically necessary."]


def letter_of(
    request: Sequence[str] = REQUEST,
    *,
    header: Sequence[str] = HEADER,
    how: Sequence[str] = HOW,
    summary: Sequence[str] = SUMMARY,
    claims: Sequence[str] = CLAIMS,
    maximus: Sequence[str] = MAXIMUS,
    rationale: Sequence[str] = RATIONALE,
) -> list[str]:
    return front_of(header=header, how=how, summary=summary) + back_of(
        request, claims=claims, maximus=maximus, rationale=rationale
    )


def front_of(
    *,
    header: Sequence[str] = HEADER,
    how: Sequence[str] = HOW,
    summary: Sequence[str] = SUMMARY,
) -> list[str]:
    """What a letter's first page holds when its issues begin on the second."""
    return [*header, *how, *SUMMARY_HEADING, *summary]


def back_of(
    request: Sequence[str] = REQUEST,
    *,
    claims: Sequence[str] = CLAIMS,
    maximus: Sequence[str] = MAXIMUS,
    rationale: Sequence[str] = RATIONALE,
) -> list[str]:
    return [*ISSUES, *request, "", *claims, "", *maximus, "", *rationale]

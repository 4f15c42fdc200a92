"""What kind of treatment each issue of a letter asks for: category, body parts, retrospective.

Judged by what is in dispute, with the letter's other requests and its summary beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from cases.letters.draft import Range
from cases.letters.model import Field, Issue
from cases.letters.reading.text import Body, Reflowed
from cases.letters.requests.body_parts import BodyPart, find_body_parts
from cases.letters.requests.categories import MOST_REQUESTS, Category, categorise
from cases.letters.requests.retrospective import find_retrospective

# Treatments of one region of the body: where the request names none, a letter about one part alone
# leaves no doubt. A drug or a blood test is of no part.
OF_A_REGION = {"rehabilitation", "injections", "surgery", "dmepos"}
ALSO_OF_A_REGION = {"imaging", "electrodiagnostic"}


def classify(
    body: Body,
    issues: Sequence[Issue],
    requests: Sequence[Range | None],
    summary: Range | None,
    decided: dt.date | None,
) -> tuple[Issue, ...]:
    """The issues with their classes; `requests` and `summary` are where they stand in the body."""
    disputed = [in_dispute(issue) for issue in issues]
    classified = []
    for number, (issue, request) in enumerate(zip(issues, requests, strict=True)):
        others = [one for i, one in enumerate(disputed[: MOST_REQUESTS + 1]) if i != number]
        category = categorise(disputed[number], others)
        if category.name == "other" and issue.requested.value:
            category = categorise(issue.requested.value, others)
        classified.append(
            replace(
                issue,
                category=category.name,
                subcategory=category.subcategory,
                category_rule=category.rule,
                retrospective=retrospective(body, request, decided),
                body_parts=body_parts(body, issue, request, summary, category),
            )
        )
    return tuple(classified)


def in_dispute(issue: Issue) -> str:
    return issue.in_dispute.value or issue.treatment_request.value


def retrospective(body: Body, request: Range | None, decided: dt.date | None) -> Field[bool]:
    if request is None:
        return Field(False)
    reflowed = body.reflow(*request)
    said = find_retrospective(reflowed.text, decided)
    if said is None:
        return Field(False)
    return Field(True, "derived", body.spans(*reflowed.source(*said)))


def body_parts(
    body: Body, issue: Issue, request: Range | None, summary: Range | None, category: Category
) -> Field[tuple[str, ...]]:
    """Those that what is in dispute names; else those of the whole request; else the only one
    that the summary names."""
    if request is None:
        return Field(())
    reflowed = body.reflow(*request)
    disputed = issue.in_dispute.value
    start = max(reflowed.text.rfind(disputed), 0) if disputed else 0
    for offset in (start, 0):
        if found := find_body_parts(reflowed.text[offset:]):
            return parts_field(body, reflowed, offset, found)
    if summary is None or not is_of_a_region(category):
        return Field(())
    told = body.reflow(*summary)
    found = find_body_parts(told.text)
    return parts_field(body, told, 0, found) if len(found) == 1 else Field(())


def is_of_a_region(category: Category) -> bool:
    return category.name in OF_A_REGION or category.subcategory in ALSO_OF_A_REGION


def parts_field(
    body: Body, reflowed: Reflowed, offset: int, found: Sequence[BodyPart]
) -> Field[tuple[str, ...]]:
    spans = [
        span
        for part in found
        for span in body.spans(*reflowed.source(offset + part.start, offset + part.end))
    ]
    return Field(tuple(part.name for part in found), "derived", tuple(spans))

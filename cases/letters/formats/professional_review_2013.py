"""professional-review-2013: one heading a part, the decision in a heading's own words, and the
reviewer's guidelines alone."""

from __future__ import annotations

import re

from cases.letters.citations.wording import (
    AT_DISPUTE,
    CASE_SUMMARY,
    DOCUMENTS,
    RATIONALE_WHY,
    RELIED_UPON,
    REVIEWER_QUALIFICATIONS,
    Heading,
)
from cases.letters.draft import Draft, IssueDraft, Range
from cases.letters.header.reviewer import read_reviewer
from cases.letters.model import Decision
from cases.letters.reading.text import Body

HEADINGS = (
    AT_DISPUTE,
    CASE_SUMMARY,
    DOCUMENTS,
    RELIED_UPON,
    RATIONALE_WHY,
    REVIEWER_QUALIFICATIONS,
)
NUMBERED = re.compile(r"^[^\S\n]*\(?(\d{1,2})\s?[.)](?!\d)\s*", re.MULTILINE)


def read_professional_review_2013(body: Body) -> Draft:
    draft = Draft()
    draft.reviewer = part(body, REVIEWER_QUALIFICATIONS)
    draft.facts.update(read_reviewer(body, *(draft.reviewer or (0, len(body.text)))))
    draft.summary = part(body, CASE_SUMMARY)
    disputes = parts(body, AT_DISPUTE)
    requests = [request for dispute in disputes for request in split_requests(body, *dispute)]
    guidelines = parts(body, RELIED_UPON)
    reasons = list(RATIONALE_WHY.finditer(body.text))
    for i, request in enumerate(requests):
        issue = IssueDraft(request=request, listed=True)
        # One set of headings for all requests, or one for each.
        if guidelines:
            issue.maximus = guidelines[min(i, len(guidelines) - 1)]
        if reasons:
            reason = reasons[min(i, len(reasons) - 1)]
            issue.rationale = (reason.end(), next_heading(body, reason.end()))
            issue.decision = decision_of(reason)
            issue.decided_at = (reason.start("verb"), reason.end())
        draft.issues.append(issue)
    return draft


def decision_of(heading: re.Match[str]) -> Decision:
    return "upheld" if heading["no"] else "overturned"


def next_heading(body: Body, start: int) -> int:
    found = [one.start() for form in HEADINGS if (one := form.search(body.text, start))]
    return min(found, default=len(body.text))


def parts(body: Body, heading: Heading) -> list[Range]:
    return [(match.end(), next_heading(body, match.end())) for match in heading.finditer(body.text)]


def part(body: Body, heading: Heading) -> Range | None:
    found = parts(body, heading)
    return found[0] if found else None


def split_requests(body: Body, start: int, end: int) -> list[Range]:
    """A numbered list is one request a number; anything else is one request."""
    numbers = list(NUMBERED.finditer(body.text, start, end))
    if [int(match[1]) for match in numbers] != list(range(1, len(numbers) + 1)) or not numbers:
        return [(start, end)] if body.text[start:end].strip() else []
    ends = [match.start() for match in numbers[1:]] + [end]
    return [(match.end(), stop) for match, stop in zip(numbers, ends, strict=True)]

"""notice-2013: the items stand twice with their decisions, then once more each with guidelines
and rationale; they are matched by number."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from cases.letters.citations.wording import (
    CASE_SUMMARY,
    DOCUMENTS,
    NOTICE_DECISION,
    QUALIFICATIONS,
    RATIONALE_FOR_DECISION,
    REGARDING,
    RELIED_UPON,
    Heading,
    loose_pattern,
)
from cases.letters.draft import Draft, IssueDraft, Range
from cases.letters.header.dates import DATE, date_of
from cases.letters.header.reviewer import read_reviewer
from cases.letters.model import Decision, Field
from cases.letters.reading.text import Body

from .final_2014 import sides

ITEM = re.compile(
    loose_pattern(
        r"^[^\S\n]*(?P<number>\d{1,2}) [).] MAXIMUS Federal Services,? Inc\.? has determined"
        r" (?:that )?(?:the )?requests?(?: for)? (?P<request>(?:(?!has determined).)+?)"
        r" (?P<verb>(?:is|are|was|were) (?P<no>not )?medically necessary(?: and appropriate)?)"
    ),
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
FILED = re.compile(
    loose_pattern(r"application for Independent Medical Review was filed on"), re.IGNORECASE
)
DENIED = re.compile(
    loose_pattern(r"disputing the Utilization Review (?:Denial|decision|determination) dated"),
    re.IGNORECASE,
)
ASSIGNED = re.compile(
    loose_pattern(
        r"Notice of Assignment and Request for Information was provided to the above parties on"
    ),
    re.IGNORECASE,
)
SENTENCE_DATES = {
    "application_received": FILED,
    "ur_denial_date": DENIED,
    "date_assigned": ASSIGNED,
}
HEADINGS = (
    NOTICE_DECISION,
    QUALIFICATIONS,
    CASE_SUMMARY,
    DOCUMENTS,
    REGARDING,
    RELIED_UPON,
    RATIONALE_FOR_DECISION,
)


@dataclass(frozen=True, slots=True)
class Item:
    request: Range
    decision: Decision
    decided_at: Range


def read_notice_2013(body: Body) -> Draft:
    draft = Draft(facts=read_sentence_dates(body))
    qualifications = part(body, QUALIFICATIONS)
    draft.reviewer = qualifications
    draft.facts.update(read_reviewer(body, *(qualifications or (0, len(body.text)))))
    draft.summary = part(body, CASE_SUMMARY)
    draft.issues = read_items(body)
    return draft


def part(body: Body, heading: Heading, start: int = 0) -> Range | None:
    opening = heading.search(body.text, start)
    if opening is None:
        return None
    return opening.end(), next_heading(body, opening.end())


def next_heading(body: Body, start: int) -> int:
    found = [one.start() for form in HEADINGS if (one := form.search(body.text, start))]
    return min(found, default=len(body.text))


def read_sentence_dates(body: Body) -> dict[str, Field[dt.date]]:
    fields: dict[str, Field[dt.date]] = {}
    for name, form in SENTENCE_DATES.items():
        for sentence in form.finditer(body.text):
            date = DATE.search(body.text, sentence.end(), sentence.end() + 40)
            if date and (value := date_of(date)):
                fields.setdefault(name, Field(value, "found", body.spans(date.start(), date.end())))
    return fields


def read_items(body: Body) -> list[IssueDraft]:
    decided: dict[int, Item] = {}
    for match in ITEM.finditer(body.text):
        decided.setdefault(
            int(match["number"]),
            Item(
                match.span("request"),
                "upheld" if match["no"] else "overturned",
                match.span("verb"),
            ),
        )
    details = {int(one["number"]): one for one in REGARDING.finditer(body.text)}
    issues = []
    for number in sorted(decided.keys() | details.keys()):
        issue = IssueDraft()
        if number in decided:
            item = decided[number]
            issue.request, issue.decision = item.request, item.decision
            issue.decided_at = item.decided_at
        if number in details:
            later = [m.start() for n, m in details.items() if m.start() > details[number].start()]
            read_details(body, issue, details[number].end(), min(later, default=len(body.text)))
        issues.append(issue)
    return issues


def read_details(body: Body, issue: IssueDraft, start: int, end: int) -> None:
    relied = RELIED_UPON.search(body.text, start, end)
    rationale = RATIONALE_FOR_DECISION.search(body.text, start, end)
    if issue.request is None:
        stop = relied.start() if relied else rationale.start() if rationale else start
        asked = body.text[start:stop].rstrip().rstrip(":")
        issue.request = (start, start + len(asked))
    if relied:
        stop = rationale.start() if rationale else end
        issue.claims, issue.maximus = sides(body, relied.end(), stop)
        if issue.claims is None and issue.maximus is None:
            issue.maximus = (relied.end(), stop)
    if rationale:
        issue.rationale = (rationale.end(), end)

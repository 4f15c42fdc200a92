"""final-2014: numbered items whose own sentence says the decision, the guidelines in sentences."""

from __future__ import annotations

import re

from cases.letters.citations.wording import DECISIONS_2014, HOW_MADE, ISSUES, loose_pattern
from cases.letters.draft import Draft, IssueDraft, Range
from cases.letters.formats.final import ISSUES_OPENING, chapter, read_summary
from cases.letters.header.reviewer import read_reviewer
from cases.letters.reading.boundary import (
    NUMBER,
    STOP,
    find_request_start,
    opens_with_request,
    without_number,
)
from cases.letters.reading.text import Body

REVIEWER = r"The (?:Physician|Expert|Medical|Professional) Reviewer"
VERDICT = (
    r"(?P<verb> (?:is|are|was|were) (?P<no>not )?medically necessary(?: and appropriate)?) ?\.?"
)
CLAIMS = re.compile(loose_pattern(r"The Claims Administrator(?:[’']s)? (?=[a-z])"))
MAXIMUS = re.compile(loose_pattern(rf"{REVIEWER} (?=[a-z])"))
RATIONALE = re.compile(
    loose_pattern(rf"(?:{REVIEWER}[’']?s? )?decision rationale ?:"), re.IGNORECASE
)
# The item's sentence is an item's only when the guideline sentences follow it.
ITEM_END = re.compile(
    loose_pattern(
        rf"{VERDICT}\s*(?=The Claims Administrator|{REVIEWER}|Claims Administrator guideline"
        r"|MAXIMUS guideline|Decision rationale)"
    ),
    re.IGNORECASE,
)


def read_final_2014(body: Body) -> Draft:
    draft = Draft()
    draft.reviewer = chapter(body, HOW_MADE)
    if draft.reviewer:
        draft.facts.update(read_reviewer(body, *draft.reviewer))
    read_summary(body, draft)
    found = chapter(body, DECISIONS_2014) or chapter(body, ISSUES)
    if found:
        draft.issues = read_items(body, *found)
    return draft


def read_items(body: Body, start: int, end: int) -> list[IssueDraft]:
    opening = ISSUES_OPENING.match(body.text, start, end)
    start = opening.end() if opening else start
    ends = list(ITEM_END.finditer(body.text, start, end))
    issues: list[IssueDraft] = []
    earliest = start
    heads = []
    for position, found in enumerate(ends, 1):
        if opening and opens_with_request(body, start, found.start(), position):
            first = start
        else:
            first = item_start(body, earliest, found.start(), position)
        heads.append(first)
        earliest = found.end()
    for position, (found, first) in enumerate(zip(ends, heads, strict=True), 1):
        stop = heads[position] if position < len(heads) else end
        issue = IssueDraft(
            request=(without_number(body, first, found.start(), position), found.start()),
            decision="upheld" if found["no"] else "overturned",
            decided_at=(found.start("verb"), found.end("verb")),
        )
        read_sentences(body, issue, found.end(), stop)
        issues.append(issue)
    return issues


def item_start(body: Body, earliest: int, until: int, position: int) -> int:
    """Where the item begins: the line with its number, else where a request could begin. A
    numbered line that paragraphs part from the verdict is the rationale's, of a list in it."""
    last = body.line_at(until)
    for i in range(last, body.line_at(earliest) - 1, -1):
        number = NUMBER.match(body.lines[i].text)
        if number and int(number[1]) == position and body.starts[i] >= earliest:
            return body.starts[i]
        if i > 0 and body.ends_paragraph(i - 1) and STOP.search(body.lines[i - 1].text):
            break
    return find_request_start(body, earliest, max(until - 1, earliest), position)


def read_sentences(body: Body, issue: IssueDraft, start: int, end: int) -> None:
    """The two sides' sentences and the rationale behind them."""
    rationale = RATIONALE.search(body.text, start, end)
    stop = rationale.start() if rationale else end
    if rationale:
        issue.rationale = (rationale.end(), end)
    issue.claims, issue.maximus = sides(body, start, stop)


def sides(body: Body, start: int, end: int) -> tuple[Range | None, Range | None]:
    """The claims administrator's sentences, then the reviewer's."""
    claims = CLAIMS.search(body.text, start, end)
    maximus = MAXIMUS.search(body.text, claims.end() if claims else start, end)
    if claims and not maximus:
        return (claims.start(), end), None
    if maximus and not claims:
        earlier = body.text[start : maximus.start()].strip()
        return ((start, maximus.start()) if earlier else None), (maximus.start(), end)
    if claims and maximus:
        return (claims.start(), maximus.start()), (maximus.start(), end)
    return None, None

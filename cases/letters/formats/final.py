"""final-2015 and final-2016: chapters in capitals; each issue is a request with its decision at
the line's end, two guideline lines and a rationale, each with its label."""

from __future__ import annotations

import bisect
import itertools
import re

from cases.letters.citations.wording import (
    CHAPTERS,
    DECISIONS_2014,
    DOCUMENTS,
    HOW_MADE,
    ISSUES,
    SUMMARY,
    Heading,
    loose_pattern,
)
from cases.letters.draft import Draft, IssueDraft, Range
from cases.letters.header.reviewer import read_credentials, read_licensure_lines, read_reviewer
from cases.letters.model import Decision
from cases.letters.reading.boundary import find_request_start, opens_with_request, without_number
from cases.letters.reading.text import Body

SUMMARY_OPENING = re.compile(
    loose_pattern(
        r"\s*The (?:expert|physician|professional|medical) reviewer developed the following"
        r" clinical case summary based on a review of the case file"
        r",? (?:including all medical records)? ?[:.]?"
    ),
    re.IGNORECASE,
)
ISSUES_OPENING = re.compile(
    loose_pattern(
        r"\s*The Final Determination was based on decisions? for the disputed"
        r" items? ?/ ?services? set forth below ?[:.]?"
    ),
    re.IGNORECASE,
)
DECISION = re.compile(
    r"[:;–-]\s*(?P<word>partially\s+overturned|partially\s+upheld|overturned\s+in\s+part"
    r"|upheld|overturned|uphold|overturn)\s*\.?[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
UNSPACED = re.compile(r"\S")
CLAIMS, MAXIMUS, RATIONALE = CHAPTERS["claims"], CHAPTERS["maximus"], CHAPTERS["rationale"]
LABELS = (("claims", CLAIMS), ("maximus", MAXIMUS), ("rationale", RATIONALE))
HEADINGS = (HOW_MADE, DOCUMENTS, SUMMARY, ISSUES, DECISIONS_2014)


def read_final(body: Body) -> Draft:
    draft = Draft()
    draft.reviewer = chapter(body, HOW_MADE)
    if draft.reviewer:
        draft.facts.update(read_reviewer(body, *draft.reviewer))
        draft.facts.update(read_credentials(body, *draft.reviewer))
    read_summary(body, draft)
    issues = chapter(body, ISSUES) or chapter(body, DECISIONS_2014)
    if issues:
        draft.issues = read_issues(body, *issues)
    elif any(form.is_in(body.text) for _, form in LABELS):
        read_issues_unheaded(body, draft)
    return draft


def read_issues_unheaded(body: Body, draft: Draft) -> None:
    """The chapter's heading is lost or worded otherwise: the issues follow the summary."""
    start, end = draft.summary or draft.reviewer or (0, len(body.text))
    draft.issues = read_issues(body, start, end if draft.summary else len(body.text))
    first = draft.issues[0].request if draft.issues else None
    if first and draft.summary:
        draft.summary = (start, without_heading(body, start, first[0]))


def without_heading(body: Body, start: int, end: int) -> int:
    """Where the text before `end` ends when a heading in capitals closes it."""
    i = body.line_at(max(start, end - 1))
    if body.starts[i] >= end:
        i -= 1
    capitals = body.starts[i] > start and body.lines[i].text.isupper()
    return body.starts[i] if capitals else end


def chapter(body: Body, heading: Heading) -> Range | None:
    """The text between a heading and the next one."""
    opening = heading.search(body.text)
    if opening is None:
        return None
    following = [
        match.start()
        for form in HEADINGS
        if (match := form.search(body.text, opening.end())) is not None
    ]
    return opening.end(), min(following, default=len(body.text))


def read_summary(body: Body, draft: Draft) -> None:
    found = chapter(body, SUMMARY)
    if found is None:
        return
    start, end = found
    lines, start = read_licensure_lines(body, start, end)
    opening = SUMMARY_OPENING.match(body.text, start, end)
    start = opening.end() if opening else start
    more, start = read_licensure_lines(body, start, end)
    draft.facts.update({**lines, **more})
    draft.summary = (start, end)


def decision_of(word: str) -> Decision:
    word = " ".join(word.lower().split())
    if "part" in word:
        return "partially_overturned"
    return "upheld" if word.startswith("uph") else "overturned"


def read_issues(body: Body, start: int, end: int) -> list[IssueDraft]:
    opening = ISSUES_OPENING.match(body.text, start, end)
    start = opening.end() if opening else start
    marks = find_marks(body, start, end)
    groups = group_marks(marks)
    issues: list[IssueDraft] = []
    earliest = start
    for position, group in enumerate(groups, 1):
        stop = groups[position][0][1] if position < len(groups) else end
        issue = read_issue(body, group, earliest, stop, position)
        if opening and opens_with_request(body, start, group[0][1], position):
            issue.request = (start, group[0][1])
        if issues and issue.request:
            close_rationale(issues[-1], issue.request[0])
        issues.append(issue)
        earliest = issue.rationale[0] if issue.rationale else group[-1][2]
    for position, issue in enumerate(issues, 1):
        if issue.request:
            first, last = issue.request
            issue.request = (without_number(body, first, last, position), last)
    return issues


Mark = tuple[str, int, int, str]  # part, start, end of the label, decision word


def find_marks(body: Body, start: int, end: int) -> list[Mark]:
    """Labels and decision words in the order of the text."""
    marks: list[Mark] = [
        (name, match.start(), match.end(), "")
        for name, form in LABELS
        for match in form.finditer(body.text, start, end)
    ]
    starts = sorted(mark[1] for mark in marks)
    for match in DECISION.finditer(body.text, start, end):
        # In prose the word may end a line too; an issue's own is followed by a label.
        after = UNSPACED.search(body.text, match.end(), end)
        place = bisect.bisect_left(starts, match.end())
        if after and place < len(starts) and starts[place] <= after.start():
            marks.append(("decision", match.start(), match.end(), match["word"]))
    return sorted(marks, key=lambda mark: mark[1])


def group_marks(marks: list[Mark]) -> list[list[Mark]]:
    """Marks of one issue each: a new one begins where a part comes that the last one has."""
    order = ("decision", "claims", "maximus", "rationale")
    groups: list[list[Mark]] = []
    for mark in marks:
        rank = order.index(mark[0])
        if not groups or rank <= max(order.index(one[0]) for one in groups[-1]):
            groups.append([])
        groups[-1].append(mark)
    return groups


def read_issue(
    body: Body, group: list[Mark], earliest: int, stop: int, position: int
) -> IssueDraft:
    issue = IssueDraft()
    head = group[0]
    if head[0] == "decision":
        issue.decision = decision_of(head[3])
        word = head[1] + body.text[head[1] : head[2]].rfind(head[3])
        issue.decided_at = (word, word + len(head[3]))
    asked_until = head[1]
    last_word = earliest + len(body.text[earliest:asked_until].rstrip())
    issue.request = (
        find_request_start(body, earliest, max(last_word - 1, earliest), position),
        asked_until,
    )
    parts = [mark for mark in group if mark[0] != "decision"]
    for mark, following in itertools.zip_longest(parts, parts[1:]):
        setattr(issue, mark[0], (mark[2], following[1] if following else stop))
    return issue


def close_rationale(issue: IssueDraft, end: int) -> None:
    """The last part of an issue ends where the next issue's request begins."""
    for name in ("rationale", "maximus", "claims"):
        part = getattr(issue, name)
        if part:
            setattr(issue, name, (part[0], max(min(part[1], end), part[0])))
            return

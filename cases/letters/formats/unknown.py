"""A letter of no known format: whatever headings and labels of any era it has.

The known formats' readers try first. What none of them finds is looked for under headings that
speak for themselves ("Background", "Treatment in dispute", "Reasons"), whatever their wording.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from cases.letters.draft import Draft, IssueDraft, Range
from cases.letters.formats.final import read_final
from cases.letters.formats.final_2014 import read_final_2014
from cases.letters.formats.notice_2013 import read_notice_2013
from cases.letters.formats.professional_review_2013 import read_professional_review_2013
from cases.letters.header.labels import count_labels
from cases.letters.header.reviewer import read_reviewer
from cases.letters.model import Decision
from cases.letters.reading.text import Body

KNOWN_READERS = (
    read_final,
    read_final_2014,
    read_notice_2013,
    read_professional_review_2013,
)
MOST_HEADING_WORDS = 9
FEW_WORDS = 3  # "Treatment in dispute:" is a heading in small letters, too
# What a heading's words promise, in the order in which they are tried.
PARTS = (
    ("guidelines", r"guideline|evidence|authorit|citation|criteria"),
    ("rationale", r"rationale|reason|analysis|discussion|basis|explanation"),
    ("summary", r"summary|background|history|facts"),
    ("request", r"dispute|at issue|request|treatment|service"),
    ("decision", r"decision|determination|outcome|conclusion|finding"),
    ("reviewer", r"reviewer|qualification|credential"),
)
NOT_NECESSARY = re.compile(
    r"\bnot\s*(?:considered\s+)?medically\s*necessary|\bupheld\b|\bdenial\s+stands", re.IGNORECASE
)
NECESSARY = re.compile(r"\bmedically\s*necessary|\boverturned\b|\breversed\b", re.IGNORECASE)
DECISION_FORMS: tuple[tuple[Decision, re.Pattern[str]], ...] = (
    ("upheld", NOT_NECESSARY),
    ("overturned", NECESSARY),
)


def read_unknown(body: Body) -> Draft:
    """The fullest of what the known formats' readers make of it, else its own headings' parts."""
    drafts = [read_known(body) for read_known in KNOWN_READERS]
    best = max(drafts, key=field_count)
    parts = dict(reversed(list(headed_parts(body))))
    if not any(issue.decision for issue in best.issues):
        best.issues = read_parts(body, parts)
    for draft in drafts:
        for name, field in draft.facts.items():
            best.facts.setdefault(name, field)
        best.summary = best.summary or draft.summary
    best.summary = best.summary or parts.get("summary")
    for name, field in read_reviewer(body, *parts.get("reviewer", (0, len(body.text)))).items():
        best.facts.setdefault(name, field)
    return best


def field_count(draft: Draft) -> tuple[int, int]:
    decided = sum(issue.decision is not None for issue in draft.issues)
    return decided, sum(issue.rationale is not None for issue in draft.issues)


def headed_parts(body: Body) -> Iterator[tuple[str, Range]]:
    """What stands under each heading, by what the heading promises, in the order of the letter."""
    headings = [i for i in range(len(body.lines)) if is_heading(body, i)]
    for i, following in itertools.zip_longest(headings, headings[1:]):
        if len(count_labels(body.lines[i + 1 : following])) > 1:
            continue  # the letter's title, above its header block
        text = body.lines[i].text.lower()
        name = next((name for name, words in PARTS if re.search(words, text)), None)
        start = body.starts[i] + len(body.lines[i].text)
        end = body.starts[following] if following is not None else len(body.text)
        if name and body.text[start:end].strip():
            yield name, (start, end)


def is_heading(body: Body, i: int) -> bool:
    """In capitals, or closed by a colon and worded like a title, alone on its line; no label."""
    text = body.lines[i].text.strip()
    words = text.split()
    if not 1 <= len(words) <= MOST_HEADING_WORDS or re.search(r"\d{3}", text):
        return False
    if text.isupper():
        return True
    titled = len(words) <= FEW_WORDS or not any(
        word[:1].islower() for word in words if len(word) > 4
    )
    return text.endswith(":") and text[0].isupper() and titled and not labels_in(body, i)


def labels_in(body: Body, i: int) -> bool:
    """Do labels of the header block stand here, if wrapped?"""
    return bool(count_labels(body.lines[i : i + 2]))


def read_parts(body: Body, parts: dict[str, Range]) -> list[IssueDraft]:
    """One issue of the parts, if there is a request or a decision among them."""
    if "request" not in parts and "decision" not in parts:
        return []
    decision, decided_at = find_decision(body, parts)
    issue = IssueDraft(
        request=parts.get("request"),
        decision=decision,
        decided_at=decided_at,
        maximus=parts.get("guidelines"),
        rationale=parts.get("rationale"),
        listed=True,
    )
    return [issue]


def find_decision(body: Body, parts: dict[str, Range]) -> tuple[Decision | None, Range | None]:
    for name in ("decision", "rationale", "request"):
        if name not in parts:
            continue
        for decision, form in DECISION_FORMS:
            found = form.search(body.text, *parts[name])
            if found:
                return decision, found.span()
    return None, None

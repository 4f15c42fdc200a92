"""A Letter → its flags: what is missing, and where the letter contradicts itself."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cases.letters.header.summary_dates import find_summary_dates, is_injury_date, is_ur_date
from cases.letters.model import Decision, Flag, Issue, Letter, Level

ORDER = (
    ("date_of_injury", "date of injury"),
    ("ur_denial_date", "UR denial date"),
    ("application_received", "application date"),
    ("date_assigned", "date assigned"),
    ("decision_date", "decision date"),
)
# Formats that do not give a field are not blamed for its absence (DOMAIN, formats by era).
NOT_GIVEN = {
    "notice-2013": {"priority"},
    "professional-review-2013": {"priority", "date_assigned", "application_received"},
}
NECESSARY = r"medically\s*(?:necessary|indicated|appropriate)"
NEGATIVE = re.compile(
    rf"\b(?:not|never|neither|nor|no|cannot)\b(?:\s+\w+){{0,4}}\s+{NECESSARY}|\bnot\s*{NECESSARY}"
    r"|medically\s+unnecessary|medical\s+necessity\s+(?:\w+\s+){0,6}(?:not|cannot)\b",
    re.IGNORECASE,
)
POSITIVE = re.compile(
    r"\b(?:is|are|was|were)\s+(?:therefore\s+|thus\s+|considered\s+|deemed\s+|both\s+|found\s+to\s+be\s+)?"
    rf"{NECESSARY}|medical\s+necessity\s+(?:\w+\s+){{0,4}}(?:is|was|has\s+been)\s+(?:established"
    r"|supported|demonstrated)",
    re.IGNORECASE,
)
# A sentence that tells of another's view, or of what would be, is no conclusion.
HEARSAY = re.compile(
    r"\b(?:if|whether|would|might|may|could|had|utilization|UR|administrator|denied|denial|reviewer'?s?"
    r"|stated?s?|wrote|opined|argued?|prior|previous\w*)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")
CONCLUDING_SENTENCES = 3
# Characters of a text that are searched for citations or dates: some twenty times what the longest
# real ones have, so that a file made to be slow is not.
LONGEST_CITED = 60_000


def check_letter(letter: Letter) -> tuple[Flag, ...]:
    return (
        *missing_fields(letter),
        *unknown_format(letter),
        *date_contradictions(letter),
        *disordered_dates(letter),
        *(flag for issue in letter.issues for flag in check_issue(issue)),
    )


def missing_fields(letter: Letter) -> Iterator[Flag]:
    page = letter.first_page
    excused = NOT_GIVEN.get(letter.format, set())
    for name in ("case_number", "priority", *(name for name, _ in ORDER), "clinical_summary"):
        if name not in excused and getattr(letter, name).value in (None, ""):
            yield missing(name, "error", page)
    for name in ("specialties", "licensed_states"):
        if not getattr(letter, name).value:
            yield missing(name, "warning", page)
    if not letter.issues:
        yield Flag("missing-issues", "issues", "No disputed treatment found.", "error")


def missing(name: str, level: Level, page: int) -> Flag:
    """What the parser did not find may stand in the letter all the same: the message says so."""
    words = dict(ORDER).get(name, name.replace("_", " "))
    message = f"No {words} found: check page {page} of the letter."
    return Flag(f"missing-{name.replace('_', '-')}", name, message, level)


def unknown_format(letter: Letter) -> Iterator[Flag]:
    if letter.format == "unknown":
        yield Flag(
            "unknown-format",
            "format",
            "The format of this letter is unknown: check every field against the page.",
            "error",
        )


def format_date(date: dt.date) -> str:
    return f"{date:%b} {date.day}, {date.year}"


def date_contradictions(letter: Letter) -> Iterator[Flag]:
    if not letter.ur_denial_date.value and not letter.date_of_injury.value:
        return
    dates = find_summary_dates((letter.clinical_summary.value or "")[:LONGEST_CITED])
    for code, name, words, is_meant in (
        ("ur-date-disagrees", "ur_denial_date", "UR denial date", is_ur_date),
        ("injury-date-disagrees", "date_of_injury", "date of injury", is_injury_date),
    ):
        header = getattr(letter, name).value
        told = [one.date for one in dates if is_meant(one)] if header else []
        if told and header not in told:
            yield Flag(code, name, date_contradiction(words, header, told[0], letter))


def date_contradiction(words: str, header: dt.date, told: dt.date, letter: Letter) -> str:
    decided = letter.decision_date.value
    if told.year > (decided or header).year:
        return (
            f"The summary gives the {words} as {format_date(told)}, a year that can't be right; the"
            f" header says {format_date(header)}."
        )
    return f"The header's {words} is {format_date(header)}, the summary says {format_date(told)}."


def disordered_dates(letter: Letter) -> Iterator[Flag]:
    known = [(words, getattr(letter, name).value, name) for name, words in ORDER]
    known = [one for one in known if one[1]]
    for (before, first, _), (after, second, name) in itertools.pairwise(known):
        if second < first:
            yield Flag(
                "dates-out-of-order",
                name,
                f"The {after} ({format_date(second)}) lies before the {before}"
                f" ({format_date(first)}).",
            )


def check_issue(issue: Issue) -> Iterator[Flag]:
    if issue.decision.value is None:
        yield Flag(
            "issue-without-decision",
            "decision",
            "No decision found for this treatment.",
            "error",
            issue.position,
        )
    if not issue.rationale.value:
        yield Flag(
            "issue-without-rationale",
            "rationale",
            "No rationale found for this treatment.",
            "error",
            issue.position,
        )
    for name in ("claims_guideline", "maximus_guideline"):
        if len(getattr(issue, name).value or "") > LONGEST_CITED:
            yield Flag(
                "guideline-too-long",
                name,
                f"Only the first {LONGEST_CITED:,} characters were searched for citations.",
                "warning",
                issue.position,
            )
    concluded = conclusion(issue.rationale.value or "")
    if (
        concluded
        and issue.decision.value in ("upheld", "overturned")
        and concluded != issue.decision.value
    ):
        says = "is not" if concluded == "upheld" else "is"
        yield Flag(
            "decision-disagrees",
            "decision",
            f"The decision is {issue.decision.value}, but the rationale concludes that the"
            f" treatment {says} medically necessary.",
            issue=issue.position,
        )


def conclusion(rationale: str) -> Decision | None:
    """What the rationale's last words on medical necessity amount to; None if it has none."""
    for sentence in reversed(SENTENCE_END.split(rationale)[-CONCLUDING_SENTENCES:]):
        if HEARSAY.search(sentence):
            continue
        if NEGATIVE.search(sentence):
            return "upheld"
        if POSITIVE.search(sentence):
            return "overturned"
    return None


def with_flags(letter: Letter) -> Letter:
    return replace(letter, flags=check_letter(letter))


def overall_decision(decisions: Sequence[Decision | None]) -> Decision | None:
    """The case's decision: that of all its issues, "partially_overturned" where they differ.

    None when no issue has one. Issues without a decision don't count.
    """
    known = {decision for decision in decisions if decision}
    if not known:
        return None
    return known.pop() if len(known) == 1 else "partially_overturned"

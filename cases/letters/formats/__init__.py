"""One module an era: the body of a letter → a Draft of its parts. Here: which era it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from cases.letters.citations.wording import (
    AT_DISPUTE,
    DECISIONS_2014,
    HOW_MADE,
    ISSUES,
    NOTICE_TITLE,
    RATIONALE_WHY,
    REVIEW_TITLE,
    loose_pattern,
)
from cases.letters.draft import Draft
from cases.letters.formats import final, final_2014, notice_2013, professional_review_2013, unknown
from cases.letters.reading.text import Body

READERS: dict[str, Callable[[Body], Draft]] = {
    "final-2016": final.read_final,
    "final-2015": final.read_final,
    "final-2014": final_2014.read_final_2014,
    "notice-2013": notice_2013.read_notice_2013,
    "professional-review-2013": professional_review_2013.read_professional_review_2013,
    "unknown": unknown.read_unknown,
}
# Without a date, how the two sides cite the MTUS tells 2015 and 2016 apart: by page or chapter, or
# by year.
BY_YEAR = re.compile(
    loose_pattern(r"MTUS:? (?!ACOEM)[A-Z][A-Za-z ,&/-]{3,60}? (?:19|20)\d\d(?=[\s.,;]|$)")
    + r"|"
    + loose_pattern(r"(?:19|20)\d\d ?, Sections? ?\( ?s ?\)")
)
BY_PAGE = re.compile(
    loose_pattern(r"MTUS:? (?:ACOEM )?Chapter \d|MTUS[^.]{3,160}?,? Pages? ?\( ?s ?\)"),
    re.IGNORECASE,
)
# Said of a side without a citation; weaker, since either era may say it.
SILENT_NEW = re.compile(loose_pattern(r"did not base (?:their|its|his/her) decision on the MTUS"))
SILENT_OLD = re.compile(loose_pattern(r"did not cite any (?:medical )?evidence"))


def detect(body: Body, case_number: str | None, decision_year: int | None) -> str:
    """The name of the letter's format, by its headings; 2015 and 2016 differ in wording only."""
    text = body.text
    if REVIEW_TITLE.is_in(text) or (AT_DISPUTE.is_in(text) and RATIONALE_WHY.is_in(text)):
        return "professional-review-2013"
    titled = NOTICE_TITLE.is_in(text)
    if titled and notice_2013.ITEM.search(text):
        return "notice-2013"
    if DECISIONS_2014.is_in(text):
        return "final-2014"
    # A summary may hold numbered sentences that look like the items of 2014.
    headed, labelled = ISSUES.is_in(text), final.CLAIMS.is_in(text)
    newer = headed or HOW_MADE.is_in(text)
    if not (newer and labelled) and final_2014.ITEM_END.search(text):
        return "final-2014"
    if headed or (newer and labelled):
        return newer_or_older(text, case_number, decision_year)
    if titled or notice_2013.ITEM.search(text):
        return "notice-2013"
    return "unknown"


def newer_or_older(text: str, case_number: str | None, decision_year: int | None) -> str:
    """By the year of the decision; without one by the citations, then the year in the case
    number, then the words of silence."""
    year = decision_year or year_told(text, BY_YEAR, BY_PAGE)
    if year is None and case_number:
        year = 2000 + int(case_number[2:4])
    year = year or year_told(text, SILENT_NEW, SILENT_OLD) or 2015
    return "final-2016" if year >= 2016 else "final-2015"


def year_told(text: str, newer: re.Pattern[str], older: re.Pattern[str]) -> int | None:
    """Where only one of the two ways of wording is found."""
    new, old = newer.search(text), older.search(text)
    return None if bool(new) == bool(old) else 2016 if new else 2015

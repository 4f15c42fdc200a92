"""Reading time grows no faster than the text: hostile letters of 100 pages, which have half of the
three seconds that 200 pages may take.

Only our own part is timed, from pages of words on; how long pdfplumber takes for a page is its
own matter. Times are of this process, so that a busy machine doesn't fail a test.
"""

import functools
import itertools
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from cases.letters.citations.find import find_citations
from cases.letters.model import Page
from cases.letters.reader import read_page_words
from cases.letters.requests.body_parts import find_body_parts
from tests.cases.letters.pages_of import page_of

PAGES = 100
LINES = 46  # of a printed page
CHARACTERS = 84  # of a printed line
MOST_SECONDS = 1.5
MOST_GROWTH = 2.5  # where the pages double
NOISE = 0.15  # seconds

HEADER = [
    "Case Number: CM16-0000017",
    "Date Assigned: 12/02/2016\tDate of Injury: 09/26/2013",
    "Decision Date: 01/16/2017\tUR Denial Date: 11/08/2016",
    "Priority: Standard\tApplication Received: 11/21/2016",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
]
SUMMARY = ["CLINICAL CASE SUMMARY"]
ISSUES = ["IMR ISSUES, DECISIONS AND RATIONALES"]
REQUEST = ["Twelve sessions of therapy for the low back: Upheld"]
CLAIMS = ["Claims Administrator guideline: Decision based on MTUS Low Back Complaints 2004."]
MAXIMUS = ["MAXIMUS guideline: Decision based on MTUS Low Back Complaints 2004."]
RATIONALE = ["Decision rationale: The request is not medically necessary."]
CHAPTERS = {
    "header": HEADER[:2],
    "how": HEADER[2:],
    "summary": SUMMARY,
    "request": ISSUES,
    "claims": REQUEST + CLAIMS,
    "maximus": MAXIMUS,
    "rationale": RATIONALE,
}
NOTICE = [
    "Notice of Independent Medical Review Determination",
    "Dated: 9/26/2013",
    "MAXIMUS Case Number: CM13-0000017",
    "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE",
]
REVIEW = [
    "MEDICAL PROFESSIONAL REVIEW",
    "MAXIMUS Case Number: CM13-0000017",
    "ISSUE AT DISPUTE:",
    "Therapy",
    "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:",
]
DECISIONS_2014 = [
    *HEADER,
    "DOCUMENTS REVIEWED",
    "IMR DECISION(S) AND RATIONALE(S)",
    "1. Therapy is not medically necessary and appropriate.",
]
OTHER_FORMATS = {"bare": [], "notice": NOTICE, "review": REVIEW, "2014": DECISIONS_2014}

PROSE = "The worker reports pain in the lower back that radiates into the left leg when sitting."
CITATION = (
    "Decision based on MTUS Chronic Pain Medical Treatment 2009, Section(s): Opioids, dosing, and"
    " Low Back Complaints 2004, Section(s): Special Studies. Decision based on Non-MTUS Citation"
    " Official Disability Guidelines (ODG), Knee Chapter, MRI's."
)
OUTSIDE = (
    "The Claims Administrator based their decision on recommendation(s) outside of the MTUS"
    " Guidelines."
)
PARTIAL = (
    "Visits, 12 in all, was the original request. Visits, 6 in all, was authorized by the Claims"
    " Administrator. The remaining IMR eligible portion of the original request, visits"
)
DENIALS = "On 11-3-16, utilization review determined. A report of November 3, 2016 says so."
QUALIFIED = "He/she is Board Certified in Internal Medicine and is licensed to practice in Texas."
DETERMINED = (
    "MAXIMUS Federal Services, Inc. has determined the request for therapy is notmedically"
    " necessary and appropriate."
)

# Where the text stands, and the words that fill the letter.
HOSTILE = [
    ("rationale", PROSE),
    ("rationale", "is not medically necessary"),
    ("rationale", CITATION),
    ("claims", "The Claims Administrator based"),
    ("claims", "Decision based on MTUS"),
    ("claims", "Chronic Pain Medical Treatment Guidelines"),
    ("claims", "Low Back Complaints 2004, and"),
    ("maximus", CITATION),
    ("maximus", OUTSIDE),
    ("maximus", "ODG, MTUS"),
    ("maximus", "(ODG (chapter [("),
    ("maximus", "125-126, 127 & 130,"),
    ("summary", "11/03/2016 November 3, 2016"),
    ("summary", DENIALS),
    ("request", PARTIAL),
    ("header", "Case Number: Date of Injury:"),
    ("how", "is Board Certified in"),
    ("how", "Occupational Medicine, Texas, New York,"),
    ("notice", DETERMINED),
    ("review", CITATION),
    ("2014", "is part of the MTUS and the ACOEM, which"),
    ("bare", QUALIFIED),
]
# Lines that end as they stand.
HOSTILE_LINES = [
    ("request", [*REQUEST, *CLAIMS, *MAXIMUS, *RATIONALE]),
    ("request", ["1. Therapy is not medically necessary and appropriate."]),
    ("request", ["Sessions of therapy", "times 12"]),
    ("rationale", ["the worker takes medi-", "cation for com-"]),
    ("summary", HEADER[:2]),
    ("bare", ["Dear Sir:", "Enclosed is"]),
]


def letter_lines(where: str, filling: Sequence[str], pages: int) -> list[str]:
    """A letter of so many pages, most of it the filling, repeated at its place."""
    fill = list(itertools.islice(itertools.cycle(filling), pages * LINES - 20))
    if where in OTHER_FORMATS:
        return OTHER_FORMATS[where] + fill
    lines: list[str] = []
    for name, chapter in CHAPTERS.items():
        lines += chapter + (fill if name == where else [])
        if name == "request" and name == where:
            lines.append("and so on: Upheld")
    return lines


def letter_pages(where: str, filling: Sequence[str], pages: int) -> list[Page]:
    lines = letter_lines(where, filling, pages)
    starts = range(0, len(lines), LINES)
    return [
        replace(filled_page(tuple(lines[start : start + LINES])), number=number)
        for number, start in enumerate(starts, 1)
    ]


@functools.cache
def filled_page(lines: tuple[str, ...]) -> Page:
    return page_of(1, lines)


def wrapped(text: str) -> list[str]:
    """Five pages of lines as a printer breaks them."""
    copies = 500 * CHARACTERS // len(text)
    return textwrap.wrap(" ".join([text] * copies), CHARACTERS)[: 5 * LINES]


def seconds(pages: Sequence[Page]) -> float:
    """Without what an earlier reading of the same words left in a cache."""
    find_citations.cache_clear()
    find_body_parts.cache_clear()
    with unmeasured():
        start = time.process_time()
        read_page_words(pages)
        return time.process_time() - start


@contextmanager
def unmeasured() -> Iterator[None]:
    """Without the tracing of coverage, which takes as long as what it traces."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)


def assert_linear(where: str, filling: Sequence[str]) -> None:
    """A few pages first: where time grows with the square, they tell before 100 take minutes."""
    few = seconds(letter_pages(where, filling, PAGES // 8))
    assert few < MOST_SECONDS / 3, f"{PAGES // 8} pages take {few:.1f} s"
    half_pages = letter_pages(where, filling, PAGES // 2)
    whole_pages = letter_pages(where, filling, PAGES)
    for last_try in (False, False, True):
        half, whole = seconds(half_pages), seconds(whole_pages)
        if whole < MOST_SECONDS and whole < MOST_GROWTH * half + NOISE:
            return
        if last_try:
            pytest.fail(f"{PAGES} pages take {whole:.1f} s, {PAGES // 2} pages {half:.1f} s")


@pytest.mark.parametrize(("where", "text"), HOSTILE)
def test_repeated_words_take_time_in_proportion(where, text):
    assert_linear(where, wrapped(text))


@pytest.mark.parametrize(("where", "lines"), HOSTILE_LINES)
def test_repeated_lines_take_time_in_proportion(where, lines):
    assert_linear(where, lines)


def test_five_thousand_issues_are_all_read():
    pages = letter_pages("request", [*REQUEST, *CLAIMS, *MAXIMUS, *RATIONALE], 4 * 5000 // LINES)
    reading = read_page_words(pages)
    assert len(reading.letters[0].issues) > 4900

"""The format professional-review-2013, whose letters may dispute several treatments."""

from __future__ import annotations

from cases.letters.reader import read_page_words
from tests.cases.letters.pages_of import page_of

HEADER = [
    "MEDICAL PROFESSIONAL REVIEW",
    "",
    "MAXIMUS Case Number: CM13-0000017",
    "Date of UR Decision: 7/08/2013",
    "Date of Injury: 9/26/2012",
    "IMR Application Received: 8/02/2013",
    "Decision Date: 11/15/2013",
    "",
]
SUMMARY = [
    "",
    "CASE SUMMARY:",
    "The worker fell from a ladder on 9/26/2012 and was treated with drugs and visits.",
    "",
]
RELIED_UPON = "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:"
CHRONIC = "MTUS Chronic Pain Medical Treatment Guidelines, page {}."
WHY = "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE {} MEDICALLY NECESSARY:"
REASONS = ("Goals of the treatment are missing.", "The records show a lasting benefit.")
REQUESTS = ("Norco 10/325mg #60", "Acupuncture twice a week for six weeks")


def letter(*parts: list[str]):
    lines = HEADER + [line for part in parts for line in part]
    [found] = read_page_words([page_of(1, lines)]).letters
    assert found.format == "professional-review-2013"
    return found


def dispute(*requests: str) -> list[str]:
    return ["ISSUE AT DISPUTE:", *requests, ""]


def relied_upon(page: int) -> list[str]:
    return [RELIED_UPON, CHRONIC.format(page), ""]


def rationale(verb: str, reason: str) -> list[str]:
    return [WHY.format(verb), reason, ""]


def said(found) -> list[tuple]:
    return [
        (
            issue.treatment_request.value,
            issue.decision.value,
            [one.pages for one in issue.maximus_citations],
            issue.rationale.value,
        )
        for issue in found.issues
    ]


def test_each_request_has_headings_of_its_own():
    found = letter(
        dispute(REQUESTS[0]),
        dispute(REQUESTS[1]),
        SUMMARY,
        relied_upon(78),
        rationale("IS NOT", REASONS[0]),
        relied_upon(13),
        rationale("IS", REASONS[1]),
    )
    assert said(found) == [
        (REQUESTS[0], "upheld", [((78, 78),)], REASONS[0]),
        (REQUESTS[1], "overturned", [((13, 13),)], REASONS[1]),
    ]


def test_numbered_requests_share_one_set_of_headings():
    found = letter(
        dispute(f"1. {REQUESTS[0]}", f"2. {REQUESTS[1]}"),
        SUMMARY,
        relied_upon(78),
        rationale("WAS NOT", REASONS[0]),
    )
    assert said(found) == [(request, "upheld", [((78, 78),)], REASONS[0]) for request in REQUESTS]


def test_numbers_that_do_not_count_up_are_part_of_one_request():
    found = letter(dispute("3. Norco", "5. Acupuncture"), SUMMARY, rationale("IS", REASONS[1]))
    [issue] = found.issues
    assert "Acupuncture" in issue.treatment_request.value
    assert issue.maximus_citations == ()


def test_a_request_without_a_rationale_has_no_decision():
    found = letter(dispute(REQUESTS[0]), SUMMARY, relied_upon(78))
    [issue] = found.issues
    assert (issue.decision.value, issue.rationale.value) == (None, None)

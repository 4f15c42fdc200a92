"""What is flagged, and what only looks like it."""

import datetime as dt
from dataclasses import replace

import pytest

from cases.letters.checks import check_letter, conclusion
from cases.letters.model import Field, Issue, Letter


def found(value):
    return Field(value, "found")


ISSUE = Issue(
    position=1,
    treatment_request=found("Norco 10/325mg #120"),
    requested=Field(None),
    authorized=Field(None),
    in_dispute=Field(None),
    retrospective=Field(False),
    body_parts=Field(()),
    decision=found("upheld"),
    rationale=found("Goals are missing. The request is not medically necessary."),
    category="pharmaceuticals",
    subcategory="opioids",
    category_rule="drug: norco",
    claims_guideline=found("…"),
    maximus_guideline=found("…"),
    claims_citations=(),
    maximus_citations=(),
)
LETTER = Letter(
    format="final-2015",
    first_page=1,
    last_page=3,
    case_number=found("CM14-0195168"),
    priority=found("Standard"),
    date_assigned=found(dt.date(2014, 12, 2)),
    date_of_injury=found(dt.date(2013, 9, 26)),
    decision_date=found(dt.date(2015, 1, 16)),
    ur_denial_date=found(dt.date(2014, 11, 8)),
    application_received=found(dt.date(2014, 11, 21)),
    specialties=found(("Occupational Medicine",)),
    licensed_states=found(("California",)),
    clinical_summary=found("The applicant hurt her back."),
    issues=(ISSUE,),
)


def codes(**changes):
    return [flag.code for flag in check_letter(replace(LETTER, **changes))]


def issue_codes(**changes):
    return codes(issues=(replace(ISSUE, **changes),))


def test_a_letter_in_order_has_no_flags():
    assert codes() == []


@pytest.mark.parametrize(
    "summary",
    [
        "In a Utilization Review Report dated November 7, 2014, the request was denied.",
        "The UR determination of 11/7/2014 non-certified it.",
        "UR denied the request on 11-07-2014.",
        "The utilization review decision was issued on 11/7/14.",
    ],
)
def test_a_ur_report_of_another_day_is_flagged(summary):
    assert codes(clinical_summary=found(summary)) == ["ur-date-disagrees"]


@pytest.mark.parametrize(
    "summary",
    [
        "In a Utilization Review Report dated November 8, 2014, the request was denied.",
        "In a UR report the administrator denied it, citing a progress note of October 8, 2014.",
        "The utilization reviewer relied on an RFA form dated October 8, 2014.",
        "UR based its denial, in part, on a note of 3/4/2014.",
        "A progress note dated 3/4/2014 was reviewed.",
        "The UR report of 11/8/2014 followed a first UR report of 10/1/2014.",
    ],
)
def test_the_date_of_another_document_is_none_of_the_ur_report_s(summary):
    assert codes(clinical_summary=found(summary)) == []


@pytest.mark.parametrize(
    "summary",
    [
        "She claims an industrial injury of September 25, 2013.",
        "He was injured on 9/25/2013.",
        "The date of injury is 09-25-13.",
        "An injury to the low back on 9/25/2013 is accepted.",
        "DOI: 9/25/2013.",
    ],
)
def test_another_date_of_injury_is_flagged(summary):
    assert codes(clinical_summary=found(summary)) == ["injury-date-disagrees"]


@pytest.mark.parametrize(
    "summary",
    [
        "She claims an industrial injury of September 26, 2013.",
        "A prior injury of 5/6/2005 healed.",
        "The injury was treated on 10/2/2013 with rest.",
        "She was seen on 10/2/2013.",
    ],
)
def test_a_date_of_something_else_is_no_date_of_injury(summary):
    assert codes(clinical_summary=found(summary)) == []


@pytest.mark.parametrize(
    ("decision", "ending"),
    [
        ("upheld", "Therefore, the request is medically necessary."),
        ("upheld", "Medical necessity has been established."),
        ("overturned", "The request is not medically necessary."),
        ("overturned", "Medical necessity is not established. See above."),
        ("overturned", "It is notmedically necessary."),
    ],
)
def test_a_decision_against_its_rationale_is_flagged(decision, ending):
    flags = issue_codes(decision=found(decision), rationale=found(f"Goals matter. {ending}"))
    assert flags == ["decision-disagrees"]


@pytest.mark.parametrize(
    ("decision", "rationale"),
    [
        ("upheld", "The request is not medically necessary."),
        ("overturned", "The request is medically necessary and appropriate."),
        ("overturned", "UR wrote that it is not medically necessary. The criteria are met."),
        ("upheld", "If modified, it would be medically necessary. The denial stands."),
        ("partially_overturned", "Six visits are medically necessary."),
        ("upheld", "Nothing is said of it."),
    ],
)
def test_a_decision_that_fits_is_not_flagged(decision, rationale):
    assert issue_codes(decision=found(decision), rationale=found(rationale)) == []


def test_the_last_sentence_that_concludes_counts():
    assert conclusion("A is not medically necessary. However, B is medically necessary.") == (
        "overturned"
    )
    assert conclusion("") is None


def test_dates_out_of_order_are_flagged_and_equal_ones_are_not():
    assert codes(date_assigned=found(dt.date(2014, 11, 20))) == ["dates-out-of-order"]
    assert codes(date_assigned=found(dt.date(2014, 11, 21))) == []
    assert codes(date_assigned=Field(None), priority=Field(None)) == [
        "missing-priority",
        "missing-date-assigned",
    ]


def test_parts_that_the_format_should_have_are_missed():
    assert issue_codes(decision=Field(None)) == ["issue-without-decision"]
    assert issue_codes(rationale=Field(None)) == ["issue-without-rationale"]
    assert codes(issues=()) == ["missing-issues"]
    assert codes(clinical_summary=Field(None)) == ["missing-clinical-summary"]


def test_a_format_is_not_blamed_for_what_it_does_not_give():
    assert codes(format="notice-2013", priority=Field(None)) == []
    assert codes(format="unknown") == ["unknown-format"]


def test_errors_send_a_case_to_correction_and_warnings_do_not():
    flags = check_letter(replace(LETTER, decision_date=Field(None), specialties=Field(())))
    assert {flag.code: flag.level for flag in flags} == {
        "missing-decision-date": "error",
        "missing-specialties": "warning",
    }


def test_a_year_that_cannot_be_is_told_as_such():
    said = "On December 9, 3014, a request for an MRI was denied by utilization review."
    (flag,) = check_letter(replace(LETTER, clinical_summary=found(said)))
    assert flag.code == "ur-date-disagrees"
    assert "Dec 9, 3014, a year that can't be right" in flag.message


def test_what_was_not_found_is_said_to_be_looked_for_not_to_be_lacking():
    (flag,) = check_letter(replace(LETTER, first_page=4, last_page=6, priority=Field(None)))
    assert flag.message == "No priority found: check page 4 of the letter."


def test_a_guideline_line_too_long_to_be_searched_whole_is_flagged():
    assert issue_codes(claims_guideline=found("x" * 60_001)) == ["guideline-too-long"]
    assert issue_codes(claims_guideline=found("x" * 60_000)) == []

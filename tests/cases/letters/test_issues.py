"""Where one issue's request begins, when nothing but spacing parts it from what stands before."""

import pytest

from cases.letters.reader import read_page_words

from .pages_of import page_of

HEAD = [
    "Case Number: CM14-0000001\tDate Assigned: 12/02/2014",
    "Date of Injury: 09/26/2013\tDecision Date: 01/16/2015",
    "UR Denial Date: 11/08/2014\tPriority: Standard",
    "Application Received: 11/21/2014",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "The expert reviewer is Board Certified in Family Practice and is licensed to practice in",
    "California.",
    "CLINICAL CASE SUMMARY",
    "She fell from a ladder and hurt her back.",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "The Final Determination was based on decisions for the disputed items/services set forth",
    "below:",
]
REST = [
    "Claims Administrator guideline: Decision based on Official Disability Guidelines (ODG).",
    "MAXIMUS guideline: Decision based on Official Disability Guidelines (ODG).",
    "Decision rationale: Goals are missing in the report of the visit, as they were all year long.",
    "The request is not medically necessary.",
]
WRAPPED = {
    "a last line of one word": (
        ["1. Aquatic exercise for the knee, 2 x a week for 6 weeks, with codes 97113, 97116 and",
         "97150: Upheld"],
        "Aquatic exercise for the knee, 2 x a week for 6 weeks, with codes 97113, 97116 and 97150",
    ),
    "broken where there was room": (
        ["Aquatic exercise for the knee,", "Twelve visits,", "Code 97113: Upheld"],
        "Aquatic exercise for the knee, Twelve visits, Code 97113",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRAPPED)
@pytest.mark.parametrize("place", [1, 2])
def test_a_request_is_whole_however_its_lines_break(case, place):
    lines, request = WRAPPED[case]
    before = [] if place == 1 else ["A cane: Overturned", *REST]
    numbered = [line.replace("1. ", f"{place}. ") for line in lines]
    [letter] = read_page_words([page_of(1, HEAD + before + numbered + REST)]).letters
    assert letter.issues[place - 1].treatment_request.value == request
    assert letter.issues[place - 1].decision.value == "upheld"
    assert letter.issues[0].rationale.value.endswith("not medically necessary.")


def test_a_rationale_whose_last_sentence_has_no_stop_ends_where_the_request_stands_apart():
    before = ["A cane: Overturned", *REST, "", "Two goals were named. Those are not met", ""]
    [letter] = read_page_words([page_of(1, [*HEAD, *before, "A splint: Upheld", *REST])]).letters
    assert letter.issues[1].treatment_request.value == "A splint"
    assert letter.issues[0].rationale.value.endswith("Those are not met")


def test_a_list_in_a_rationale_holds_no_numbered_item():
    """Items of 2014 may stand without numbers."""
    head = [
        *HEAD[:7],
        "CLINICAL CASE SUMMARY",
        "She fell from a ladder and hurt her back.",
        "IMR DECISION(S) AND RATIONALE(S)",
        "The Final Determination was based on decisions for the disputed items/services set forth",
        "below:",
    ]
    item = [
        "{} is not medically necessary and appropriate.",
        "The Claims Administrator did not cite any medical evidence for its decision.",
        "The Physician Reviewer based his/her decision on the Official Disability Guidelines.",
        "The Physician Reviewer's decision rationale: Two things are missing:",
        "",
        "1. A goal.",
        "",
        "2. A date.",
        "",
        "Both were asked for.",
        "",
    ]
    lines = [line.format(one) for one in ("A cane", "A splint") for line in item]
    [letter] = read_page_words([page_of(1, [*head, *lines])]).letters
    assert [issue.treatment_request.value for issue in letter.issues] == ["A cane", "A splint"]
    assert letter.issues[0].rationale.value.endswith("Both were asked for.")

"""Letters as they are printed since 2016: no running lines, and page breaks anywhere."""

import pytest

from cases.letters.reader import read_page_words
from tests.cases.letters.pages_of import page_of
from tests.cases.letters.printed_letter import (
    CLAIMS,
    HEADER,
    HOW,
    ISSUES,
    MAXIMUS,
    RATIONALE,
    REQUEST,
    back_of,
    front_of,
    letter_of,
)

LETTER = letter_of()
PROOF = [
    "I declare that I am over the age of 18 and not a party to this action.",
    "On 01/17/2017 I served the foregoing document by mail.",
]


def read(*pages):
    (letter,) = read_page_words([page_of(i, page) for i, page in enumerate(pages, 1)]).letters
    return letter


def said(letter):
    """All that the letter says, wherever its pages break."""
    issues = [
        (
            issue.treatment_request.value,
            issue.decision.value,
            issue.rationale.value,
            [(one.guideline, one.edition, one.section) for one in issue.claims_citations],
            [(one.guideline, one.edition, one.section) for one in issue.maximus_citations],
        )
        for issue in letter.issues
    ]
    return (
        letter.format, letter.case_number.value, letter.specialties.value,
        letter.licensed_states.value, letter.clinical_summary.value, issues,
    )  # fmt: skip


def test_it_is_read_whole():
    letter = read(LETTER)
    assert letter.flags == ()
    assert said(letter) == (
        "final-2016", "CM16-0000017", ("Psychiatry", "Plastic Surgery"), ("Texas", "New York"),
        "The worker fell from a ladder on 9/26/2013 and was treated with drugs and visits.",
        [
            (
                "Norco 10/325mg #60",
                "upheld",
                "Goals are missing. The request is not medically necessary.",
                [("Low Back Complaints", "2004", None)],
                [("Opioids", "2016", "4.1 Weaning")],
            )
        ],
    )  # fmt: skip


@pytest.mark.parametrize("line", [i for i, text in enumerate(LETTER) if i > 3 and text])
def test_a_page_may_break_before_any_line(line):
    assert said(read(LETTER[:line], LETTER[line:])) == said(read(LETTER))


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_page_may_break_inside_the_header(line):
    letter = read(LETTER[:line], LETTER[line:])
    assert letter.flags == ()
    assert said(letter) == said(read(LETTER))


@pytest.mark.parametrize(
    "head",
    [
        ["CM16-0000017   Page 2"],
        ["CM16-0000017   Page 2", ""],
        ["Final Determination Letter for IMR Case Number CM16-0000017 2"],
        ["MAXIMUS Federal Services - page 2"],
        ["Page 2 of 2"],
        ["2", ""],
    ],
)
def test_a_line_that_names_the_letter_is_a_running_head(head):
    pages = (front_of() + ISSUES, [*head, *back_of()[3:]])
    assert said(read(*pages)) == said(read(LETTER))


def test_a_head_set_like_the_text_counts_the_pages():
    front, back = front_of(), back_of()
    heads = ["State of California 2", "State of California 3"]
    pages = (front, [heads[0], *back[:5]], [heads[1], *back[5:]])
    assert said(read(*pages)) == said(read(LETTER))


def test_a_request_below_a_head_is_no_part_of_it():
    back = back_of(["Psychological testing: Upheld"])[3:]
    letter = read(front_of() + ISSUES, ["MAXIMUS Federal Services - page 2", *back])
    assert letter.issues[0].treatment_request.value == "Psychological testing"


def test_lines_that_begin_two_pages_alike_are_text():
    """Page tops come to be alike where sides cite alike: no number counts the pages there."""
    cited = ["Claims Administrator guideline: Decision based on Non-MTUS Citation", "ODG, Pain."]
    issue = [*REQUEST, "", *cited, "", *MAXIMUS, "", *RATIONALE, ""]
    pages = (
        front_of() + ISSUES + issue[:3],
        issue[3:] + issue[:3],
        issue[3:] + issue[:3],
        issue[3:],
    )
    letter = read(*pages)
    assert [one.claims_guideline.value for one in letter.issues] == [
        "Decision based on Non-MTUS Citation ODG, Pain."
    ] * 3


@pytest.mark.parametrize("number", ["125", "2"])
def test_a_number_alone_on_a_page_ends_its_citation(number):
    maximus = "MAXIMUS guideline: Decision based on MTUS Chronic Pain Guidelines Page(s):"
    letter = read(
        [*front_of(), *ISSUES, *REQUEST, "", *CLAIMS, "", maximus], [number, "", *RATIONALE]
    )
    assert letter.issues[0].maximus_citations[0].pages == ((int(number), int(number)),)


def test_a_prior_case_in_the_prose_gives_no_case_number():
    summary = ["The same was denied in CM15-0099999 before."]
    letter = read(letter_of(header=HEADER[1:], summary=summary))
    assert letter.case_number.value is None
    assert [flag.code for flag in letter.flags] == ["missing-case-number"]


@pytest.mark.parametrize(
    "pages",
    [
        (["IMR Final Determination for Case CM16-0000017", *letter_of(header=HEADER[1:])],),
        (front_of(header=HEADER[1:]), ["CM16-0000017   Page 2", *back_of()]),
    ],
    ids=["title", "running head"],
)
def test_a_title_or_a_running_head_gives_the_case_number(pages):
    letter = read(*pages)
    assert (letter.case_number.value, letter.case_number.status) == ("CM16-0000017", "derived")
    assert letter.case_number.spans


def test_numbered_sentences_of_a_summary_are_no_issues():
    summary = [
        "1. Norco is not medically necessary and appropriate.",
        "The Claims Administrator based its decision on a report.",
        "2. Physical therapy is not medically necessary.",
    ]
    letter = read(letter_of(summary=summary))
    assert (letter.format, len(letter.issues)) == ("final-2016", 1)
    assert letter.clinical_summary.value.startswith("1. Norco is not")


@pytest.mark.parametrize(
    "heading", ["PROOF OF SERVICE", "DECLARATION OF SERVICE BY MAIL", "Certificate of Mailing"]
)
def test_a_proof_of_service_behind_the_letter_is_no_rationale(heading):
    assert said(read([*LETTER, "", "", heading, *PROOF])) == said(read(LETTER))
    assert said(read(LETTER, [heading, *PROOF])) == said(read(LETTER))


def test_credentials_are_read_wherever_they_stand_in_their_chapter():
    how = [HOW[0], *HOW[4:], "", *HOW[1:3]]
    assert said(read(letter_of(how=how)))[2:4] == (
        ("Psychiatry", "Plastic Surgery"),
        ("Texas", "New York"),
    )


def test_a_list_of_specialties_goes_on_in_the_next_line():
    how = [
        *HOW[:5],
        "Certification(s)/Specialty: Preventive Medicine, Occupational Medicine, Public Health &",
        "General Preventive Medicine",
    ]
    assert read(letter_of(how=how)).specialties.value == (
        "Preventive Medicine", "Occupational Medicine",
        "Public Health & General Preventive Medicine",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("a claim from 10/14/", "2016 for the back", "a claim from 10/14/2016 for the back"),
        ("there was locking/", "catching", "there was locking/catching"),
        ("a medical-", "legal report", "a medical-legal report"),
        ("pain rated 6-", "8 of 10", "pain rated 6-8 of 10"),
        ("the guide-", "lines of ours, our guidelines", "the guidelines of ours, our guidelines"),
    ],
)
def test_what_a_line_end_parts_is_joined(first, second, joined):
    summary = [f"The worker reports that {first}", f"{second}."]
    assert joined in read(letter_of(summary=summary)).clinical_summary.value


def test_retrospective_requests_say_so():
    letter = read(letter_of(["Retrospective Norco 10/325mg #60 DOS: 11/14/16: Upheld"]))
    assert letter.issues[0].retrospective.value is True
    assert letter.issues[0].retrospective.spans
    assert read(LETTER).issues[0].retrospective.value is False


def test_a_letter_about_one_part_of_the_body_names_it_for_a_therapy():
    summary = ["The worker hurt the right knee on 9/26/2013."]
    therapy = read(
        letter_of(["Physical therapy 2 times a week for 3 weeks: Upheld"], summary=summary)
    )
    assert therapy.issues[0].body_parts.value == ("knee",)
    assert therapy.issues[0].body_parts.spans
    drug = read(letter_of(summary=summary))
    assert drug.issues[0].body_parts.value == ()

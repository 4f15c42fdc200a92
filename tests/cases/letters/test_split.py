"""Which pages of a file are letters, and where running heads and feet end."""

from dataclasses import replace

from cases.letters.reader import read_page_words

from .pages_of import page_of, words_at

HEADER = [
    "Case Number: CM14-0000001\tDate Assigned: 12/02/2014",
    "Date of Injury: 09/26/2013\tDecision Date: 01/16/2015",
    "UR Denial Date: 11/08/2014\tPriority: Standard",
    "Application Received: 11/21/2014",
]
OPENING = [
    "",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "The expert reviewer is Board Certified in Family Practice and is licensed to practice in",
    "California.",
    "",
    "CLINICAL CASE SUMMARY",
    "She fell from a ladder and hurt her back. That dispute, CM13-0000009, is another.",
]
ISSUE = [
    "",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "Norco 10/325mg #120: Upheld",
    "",
    "Claims Administrator guideline: Decision based on ODG.",
    "MAXIMUS guideline: Decision based on ODG.",
    "Decision rationale: Goals are missing. It is not medically necessary.",
]
COVER = [
    "MAXIMUS FEDERAL SERVICES, INC.",
    "Re: IMR Case Number: CM14-0000001",
    "Date of Injury: 09/26/2013",
    "UR Denial Date: 11/08/2014",
    "Dear Madam,",
    "The final determination: the denial is upheld; it is not medically necessary.",
    "Sincerely,",
]
FOOT = "Final Determination Letter for IMR Case Number CM14-0000001 {}"


def pages(*pages_lines, foot=""):
    return [
        page_of(number, lines, foot=foot.format(number))
        for number, lines in enumerate(pages_lines, 1)
    ]


def ranges(*pages_lines, foot=""):
    reading = read_page_words(pages(*pages_lines, foot=foot))
    return [(letter.first_page, letter.last_page) for letter in reading.letters]


def test_a_cover_page_is_no_letter():
    assert ranges(COVER, HEADER + OPENING + ISSUE) == [(2, 2)]
    assert read_page_words(pages(COVER)).error.code == "no-determination"


def test_a_bundle_is_split_where_headers_begin():
    assert ranges(HEADER + OPENING, ISSUE, HEADER + OPENING + ISSUE) == [(1, 2), (3, 3)]


def test_a_header_that_runs_on_every_page_starts_one_letter():
    assert ranges(HEADER + OPENING, HEADER + ISSUE) == [(1, 2)]


def test_a_header_that_runs_over_a_notice_starts_one_letter():
    header = [
        "MAXIMUS Case Number: CM13-0000001",
        "Date of UR Decision: 8/30/2013",
        "Date of Injury: 9/26/2012",
    ]
    late = [*header, "2) Regarding the request for a splint:", *RELIED, "As in CM13-0000009."]
    assert ranges(NOTICE + header + ["1) Regarding the request for a cane:", *RELIED], late) == [
        (1, 2)
    ]
    assert ranges(NOTICE + header, NOTICE + header) == [(1, 1), (2, 2)]


def test_another_case_s_number_in_the_text_starts_none():
    late = ["As in Case Number: CM13-0000009, Date of Injury: 01/02/2010, the denial stood."]
    assert ranges(HEADER + OPENING + ISSUE, late) == [(1, 2)]


def test_running_feet_belong_to_no_field():
    [letter] = read_page_words(pages(HEADER + OPENING, ISSUE, foot=FOOT)).letters
    assert letter.clinical_summary.value.endswith("is another.")
    assert letter.issues[0].rationale.value == "Goals are missing. It is not medically necessary."


def test_a_lone_foot_far_below_the_text_is_one_though_no_other_page_has_it():
    [page] = pages(HEADER + OPENING + ISSUE)
    foot = tuple(words_at("State of California, a Division", 72, 740, 12))
    [letter] = read_page_words([replace(page, words=page.words + foot)]).letters
    assert letter.issues[0].rationale.value.endswith("not medically necessary.")


def test_text_at_the_same_place_of_two_pages_is_no_running_line():
    first = HEADER + OPENING + ISSUE[:-1] + ["Decision rationale: It was thought to be medically"]
    second = ["necessary.", "", "A word on its use. The rest was not found to be medically"]
    third = ["necessary.", "", "So it goes."]
    [letter] = read_page_words(pages(first, second, third)).letters
    assert letter.issues[0].rationale.value.count("medically necessary.") == 2


PROOF = [
    "PROOF OF SERVICE",
    "",
    "A true copy was placed in the mail.",
    "",
    "Executed in Sacramento",
]


def test_a_proof_of_service_is_no_part_of_the_letter_whose_feet_it_lacks():
    """The feet are set like the text: only that they stand on both pages tells them from it."""
    foot = tuple(words_at("State of California, a Division", 72, 740, 12))
    first, second = pages(HEADER + OPENING, ISSUE)
    letter_pages = [replace(page, words=page.words + foot) for page in (first, second)]
    [letter] = read_page_words([*letter_pages, page_of(3, PROOF)]).letters
    assert (letter.first_page, letter.last_page) == (1, 2)
    assert letter.issues[0].rationale.value.endswith("not medically necessary.")


NOTICE = [
    "Notice of Independent Medical Review Determination",
    "Dated: 9/26/2013",
    "MAXIMUS Case Number: CM13-0000001",
    "1) MAXIMUS Federal Services, Inc. has determined the request for a cane is not medically",
    "necessary and appropriate.",
    "2) MAXIMUS Federal Services, Inc. has determined the request for a splint is not medically",
    "necessary and appropriate.",
    "",
    "Case Summary:",
    "She fell from a ladder.",
]
RELIED = [
    "Medical Treatment Guideline(s) Relied Upon by the Expert Reviewer to Make His/Her",
    "Decision:",
    "",
    "The Expert Reviewer based his/her decision on the Official Disability Guidelines (ODG),",
    "Hernia Chapter, which is not part of the MTUS.",
    "Rationale for the Decision:",
    "Goals are missing.",
    "",
]


def test_a_heading_that_wraps_at_the_head_of_two_pages_is_no_running_head():
    first = [*NOTICE, "", "1) Regarding the request for a cane:"]
    second = [*RELIED, "2) Regarding the request for a splint:"]
    [letter] = read_page_words(pages(first, second, RELIED)).letters
    assert [len(issue.maximus_citations) for issue in letter.issues] == [1, 1]


UNKNOWN = [
    "REVIEW OF A TREATMENT",
    *HEADER,
    "",
    "BACKGROUND",
    "She fell from a ladder.",
    "",
    "TREATMENT IN DISPUTE",
    "Physical therapy 2x6",
    "",
    "OUTCOME",
    "The denial is upheld.",
    "",
    "REASONS",
    "Ten visits suffice.",
]


def test_a_letter_of_no_known_format_is_read_as_far_as_it_goes():
    [letter] = read_page_words(pages(UNKNOWN)).letters
    assert letter.format == "unknown"
    assert letter.clinical_summary.value == "She fell from a ladder."
    [issue] = letter.issues
    assert issue.treatment_request.value == "Physical therapy 2x6"
    assert (issue.decision.value, issue.rationale.value) == ("upheld", "Ten visits suffice.")
    assert "unknown-format" in {flag.code for flag in letter.flags}


def test_a_letter_of_no_known_format_ends_where_covers_begin():
    assert ranges(UNKNOWN, PROOF, COVER, UNKNOWN) == [(1, 1), (4, 4)]


def test_a_fax_sheet_in_other_type_is_no_part_of_the_letter_before_it():
    """All of its few lines could be running ones, by their type."""
    sheet = page_of(2, ["FAX", "", "", "To: Claims", "", "", "From: IMR", "", "", "Pages: 7"])
    small = tuple(replace(word, size=10.0) for word in sheet.words)
    letter_pages = pages(HEADER + OPENING + ISSUE)
    [letter] = read_page_words([*letter_pages, replace(sheet, words=small)]).letters
    assert (letter.first_page, letter.last_page) == (1, 1)

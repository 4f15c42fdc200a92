"""The three parts of a partial authorization, in both wordings of the letters."""

import pytest

from cases.letters.reader import read_page_words
from cases.letters.requests.partial import find_partial
from tests.cases.letters.pages_of import page_of
from tests.cases.letters.printed_letter import letter_of

REST = "The remaining IMR eligible portion of the original request,"
TWELVE, SIX = "Twelve visits, low back", "six visits, low back"


def parts(text):
    found = find_partial(text)
    return found and [
        text[slice(*part)] for part in (found.requested, found.authorized, found.in_dispute)
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{TWELVE} was the original request. {SIX} was authorized by the Claims Administrator."
        f" {REST} {SIX} is",
        f"{TWELVE} was the original request. {SIX} was authorized by the Claims Administrator."
        f" {REST} {SIX}",
        f"{TWELVE} were the original request. {SIX} were authorised by Claims Administrator."
        f" The remaining IMR-eligible portion of the original request, {SIX} are",
    ],
)
def test_what_was_authorized_and_what_is_left(text):
    assert parts(text) == [TWELVE, SIX, SIX]


def test_all_of_the_request_stays_in_dispute():
    text = (
        f"{TWELVE} was the original request. The Claims Administrator authorized {SIX}, leaving the"
        f" original request IMR eligible. The original request, {TWELVE} is"
    )
    assert parts(text) == [TWELVE, SIX, TWELVE]


def test_colons_and_stops_inside_the_parts_stay():
    text = (
        "Norco 7.5-325mg #90, DOS: 11/14/16 was the original request. Norco 7.5-325mg #60 was"
        f" authorized by the Claims Administrator. {REST} Norco 7.5-325mg #30 is"
    )
    assert parts(text) == [
        "Norco 7.5-325mg #90, DOS: 11/14/16", "Norco 7.5-325mg #60", "Norco 7.5-325mg #30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "MRI of the left knee",
        "was the original request. Six visits was authorized by the Claims Administrator.",
        "Twelve visits was the original request.",
        "Twelve visits was the original request. Six were denied by the Claims Administrator.",
    ],
)
def test_any_other_request_is_none(text):
    assert parts(text) is None


def test_a_letter_gives_the_parts_with_their_words_on_the_page():
    asked = [
        "Twelve visits for the low back was the original request. Six visits was authorized by the",
        "Claims Administrator. The remaining IMR eligible portion of the original request, six",
        "visits is: Upheld",
    ]
    (letter,) = read_page_words([page_of(1, letter_of(asked))]).letters
    (issue,) = letter.issues
    assert issue.treatment_request.value.endswith("portion of the original request, six visits")
    assert issue.requested.value == "Twelve visits for the low back"
    assert issue.authorized.value == "Six visits"
    assert issue.in_dispute.value == "six visits"
    assert all(field.spans for field in (issue.requested, issue.authorized, issue.in_dispute))
    assert issue.body_parts.value == ("low_back",)  # the part in dispute names none

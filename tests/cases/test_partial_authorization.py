"""The three parts of a partial authorization as one line: numbers only where they are sure."""

import pytest

from cases.letters.requests.partial_words import Amount, read_amount, short_form


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (
            (
                "Hand therapy 2 times a week for 6 weeks (12 sessions)",
                "Hand therapy for 6 sessions",
                "hand therapy for 6 sessions",
            ),
            "6 of 12 sessions authorized; 6 in dispute",
        ),
        (
            ("Eight physical therapy sessions", "Six physical therapy sessions", "Two sessions"),
            "6 of 8 sessions authorized; 2 in dispute",
        ),
        (
            ("Naproxen 550mg #60 tablets", "Naproxen 550mg #45", "Naproxen 550mg #15"),
            "45 of 60 authorized; 15 in dispute",
        ),
        (
            ("Traction times 12", "Traction times 6", "Traction times 6"),
            "6 of 12 authorized; 6 in dispute",
        ),
        (
            ("Therapy 3 times a week for 2 weeks (6)", "Therapy x 2", "Therapy, qty: 4"),
            "2 of 6 authorized; 4 in dispute",
        ),
        (
            ("Therapy two to three times a week (24 sessions)", "6 sessions", "18 sessions"),
            "6 of 24 sessions authorized; 18 in dispute",
        ),
        (
            ("12 visits of therapy", "1 visit of therapy", "11 visits of therapy"),
            "1 of 12 visits authorized; 11 in dispute",
        ),
        (
            ("Twelve acupuncture visits", "Four acupuncture visits", "Twelve acupuncture visits"),
            "4 of 12 visits authorized; the whole request in dispute",
        ),
    ],
)
def test_numbers_that_add_up_are_told(parts, says):
    assert short_form(*parts) == says


@pytest.mark.parametrize(
    "parts",
    [
        ("Acupuncture (unspecified quantity)", "6 sessions", "Acupuncture"),
        ("Eight sessions", "Six sessions", "two sessions and eight sessions for the wrist"),
        ("12 sessions", "6 sessions", "4 sessions"),
        ("12 sessions", "6 months", "6 sessions"),
        ("6 to 12 sessions", "6 sessions", "6 sessions"),
        ("Norco 10mg", "Norco 5mg", "Norco 5mg"),
    ],
)
def test_where_they_are_not_sure_the_parts_stand_in_their_own_words(parts):
    assert short_form(*parts) == f"Authorized: {parts[1]}. In dispute: {parts[2]}."


def test_nothing_is_said_where_nothing_was_authorized_in_part():
    assert short_form("", "", "") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Physical therapy 2x6", Amount(12)),
        ("Physical therapy, once a week for 4 weeks", Amount(4)),
        ("Norco 10/325mg #90", Amount(90)),
        ("Gym membership for 6 months", Amount(6, "month")),
        ("Lidoderm 5% patches", None),
        ("5 mg tablets", None),
        ("12 sessions (8)", None),
        ("MRI of the left knee", None),
    ],
)
def test_one_amount_is_read_of_digits_words_and_schedules(text, found):
    assert read_amount(text) == found

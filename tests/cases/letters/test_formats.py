"""Which era a letter is of."""

import pytest

from cases.letters.formats import newer_or_older

BY_PAGE = "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 303."
BY_YEAR = "Decision based on MTUS Low Back Complaints 2004, Section(s): Initial Care."
NOT_BASED = "The Claims Administrator did not base their decision on the MTUS."


@pytest.mark.parametrize(
    ("text", "case_number", "year", "name"),
    [
        (BY_YEAR, "CM15-0000001", 2015, "final-2015"),
        (BY_PAGE, "CM15-0000001", 2016, "final-2016"),
        (BY_PAGE, "CM16-0000001", None, "final-2015"),
        (BY_YEAR, None, None, "final-2016"),
        (BY_PAGE + BY_YEAR, "CM16-0000001", None, "final-2016"),
        (NOT_BASED, None, None, "final-2016"),
        ("", None, None, "final-2015"),
    ],
)
def test_2015_and_2016_are_told_apart_by_what_the_letter_gives(text, case_number, year, name):
    assert newer_or_older(text, case_number, year) == name

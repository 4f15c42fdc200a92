import pytest

from cases.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", " 1", "-1", "1.0", "1e3", "٣", "²", "a", "9" * 19])
def test_anything_else_and_what_no_key_can_be_are_none(text):
    assert whole_number(text) is None


def test_the_caller_may_want_fewer_digits():
    assert (whole_number("123", digits=3), whole_number("1234", digits=3)) == (123, None)

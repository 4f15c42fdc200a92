"""Ranges of days, as the index answers for them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.search.days import FIRST, LAST, day_facts, within_days
from cases.search.language import Or

any_day = st.dates() | st.dates(FIRST, LAST)
bound = st.none() | st.dates(FIRST, LAST)


def values(node):
    return {(one.name, one.value) for one in (node.parts if isinstance(node, Or) else (node,))}


@given(any_day, bound, bound)
def test_a_day_is_found_if_it_lies_within(day, first, last):
    lies_within = (first is None or first <= day) and (last is None or day <= last)
    found = day_facts("injury", day) & values(within_days("injury", first, last))
    assert bool(found) is lies_within


@given(bound, bound)
def test_no_question_is_long(first, last):
    assert len(values(within_days("injury", first, last))) < 120


def test_whole_years_and_months_are_asked_at_once():
    node = within_days("injury", dt.date(2013, 11, 30), dt.date(2015, 2, 1))
    assert [one.value for one in node.parts] == [
        "20131130",
        "201312",
        "2014",
        "201501",
        "20150201",
    ]


def test_no_day_has_no_facts():
    assert day_facts("injury", None) == set()


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1979, 12, 31), dt.date.max])
def test_a_bound_beyond_what_is_indexed_is_left_to_the_rows(day):
    assert within_days("injury", day, None) is None
    assert within_days("injury", None, day) is None

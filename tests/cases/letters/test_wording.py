"""Headings are tried only where lines begin as they do: none may be missed for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.citations import wording
from cases.letters.citations.wording import STARTS, Heading

ASCII = st.characters(codec="ascii")
NAMED = [one for one in vars(wording).values() if isinstance(one, Heading)]
HEADINGS = list(dict.fromkeys([*NAMED, *wording.CHAPTERS.values()]))
PROSE = st.sampled_from(["", "The worker was seen.\n", "MEDICAL\n", "1. Knee brace\n  "])


def spans(matches):
    return [match.span() for match in matches]


def test_every_heading_has_a_start():
    assert {one for headings in STARTS.values() for one in headings} == set(HEADINGS)


@pytest.mark.parametrize("heading", HEADINGS, ids=lambda one: one.form.pattern[9:40])
@given(data=st.data())
def test_a_heading_is_found_where_its_pattern_is(heading, data):
    written = st.from_regex(heading.form, fullmatch=True, alphabet=ASCII)
    text = "".join(data.draw(st.lists(st.one_of(PROSE, written), max_size=4)))
    start, end = data.draw(st.integers(0, 40)), data.draw(st.integers(0, len(text)))

    assert spans(heading.finditer(text)) == spans(heading.form.finditer(text))
    assert spans(heading.finditer(text, start, end)) == spans(
        heading.form.finditer(text, start, end)
    )
    assert heading.is_in(text) == (heading.form.search(text) is not None)

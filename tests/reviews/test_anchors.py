import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.anchors import anchor_for, find_quote, segments


@given(st.text(min_size=1), st.data())
def test_an_anchor_holds_the_words_at_its_offsets(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    anchor = anchor_for(text, start, end)
    assert anchor.quote == text[start:end]
    assert text[: anchor.start].endswith(anchor.prefix)
    assert text[anchor.end :].startswith(anchor.suffix)
    assert start in find_quote(text, anchor.quote)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (0, 99)])
def test_no_words_no_anchor(start, end):
    with pytest.raises(ValueError, match="not in the text"):
        anchor_for("words", start, end)


ranges = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 30), st.integers(0, 30)), max_size=5)


@given(st.text(max_size=30), ranges)
def test_segments_join_to_the_text_and_carry_their_ranges(text, ranges):
    ranges = [(id_, *sorted(edges)) for id_, *edges in ranges]
    at = 0
    for segment in segments(text, ranges):
        inside = tuple(
            id_ for id_, a, b in ranges if a <= at and at + len(segment.text) <= min(b, len(text))
        )
        assert segment.ids == inside
        at += len(segment.text)
    assert "".join(segment.text for segment in segments(text, ranges)) == text

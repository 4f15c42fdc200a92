"""Lines of a page → paragraphs, by what made each line end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.reading.lines import page_lines
from cases.letters.reading.text import Body, reflow

from .pages_of import LEFT, page_of, spread


def justified(lines, last):
    """A page whose lines, but for those in `last`, reach the margin."""
    page = page_of(1, lines)
    rows = {}
    for word in page.words:
        rows.setdefault(word.top, []).append(word)
    words = []
    for number, row in enumerate(rows.values()):
        words += row if number in last else spread(row, LEFT + 450)
    return page_lines(type(page)(1, page.width, page.height, tuple(words)))


def test_a_justified_line_that_nearly_reaches_the_margin_ends_its_paragraph():
    line = "These are words of a sentence that goes on for as long as a line of the letter."
    nearly = "And these are the words of another sentence that is about as long as the line."
    body = Body(justified([line, line, nearly, line, line, line, line], last={2, 6}))
    assert len(body.reflow(0, len(body.text)).text.split("\n\n")) == 2


def test_the_items_of_a_list_are_paragraphs_with_or_without_a_stop():
    long = "These are the words of one more line that is as long as any line can be"
    lines = [
        "The goals are:",
        "1) Less pain",
        "2) More work",
        "None of them is met here.",
        long,
        long,
    ]
    body = Body(page_lines(page_of(1, lines)))
    assert body.reflow(0, len(body.text)).text.split("\n\n")[:4] == lines[:4]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["a medical-", "legal report"], "a medical-legal report"),
        (["hoped for a return-", "to-work by May"], "hoped for a return-to-work by May"),
        (["pre-", "and postoperative care"], "pre- and postoperative care"),
        (["pages 125-", "126"], "pages 125-126"),
        (
            ["a recommen-", "dation. The recommendation is"],
            "a recommendation. The recommendation is",
        ),
    ],
)
def test_words_that_break_at_a_line_s_end_are_joined_as_they_are_written(lines, text):
    body = Body(page_lines(page_of(1, lines)))
    assert body.reflow(0, len(body.text)).text == text


@given(st.text("ab1-/( \n\t", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_reflowed_text_knows_where_its_characters_stand(text, start, end):
    reflowed = reflow(text, start, end)
    assert reflowed.text.split() == reflow(reflowed.text, 0, len(reflowed.text)).text.split()
    origins = [reflowed.origin(i) for i in range(len(reflowed.text))]
    assert origins == sorted(origins)
    for letter, origin in zip(reflowed.text, origins, strict=True):
        assert letter.isspace() or letter == text[origin]
    for source in origins:
        assert reflowed.place(source) == max(i for i, at in enumerate(origins) if at <= source)
    assert "".join(reflowed.text.split()) == "".join(text[start:end].split())

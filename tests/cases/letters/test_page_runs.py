"""A page's words with their places, for the layer over its picture."""

import pytest

from cases.letters.model import Page, Word
from cases.letters.reading.page_runs import page_runs
from cases.letters.reading.pages import read_one_page, read_pages
from cases.letters.reading.sandbox import CannotRender, Limits, Sandbox
from tests.conftest import LETTERS

LETTER = LETTERS / "CM14-0195168.pdf"


def test_words_of_a_line_are_one_run_and_columns_two():
    words = [("Priority:", 100, 150), ("High", 154, 180), ("Decided:", 300, 340)]
    page = Page(1, 500, 1000, tuple(Word(text, x0, 50, x1, 60) for text, x0, x1 in words))
    assert page_runs(page) == [
        (0.2, 0.05, 0.16, 0.02, "Priority: High"),
        (0.6, 0.05, 0.08, 0.02, "Decided:"),
    ]


def test_a_single_page_is_read_as_all_pages_are():
    pages = list(read_pages(LETTER, max_pages=10))
    with LETTER.open("rb") as file:
        assert read_one_page(file, 2) == pages[1]


def test_the_sandbox_reads_the_words_of_a_page():
    with Sandbox(Limits()) as sandbox:
        words = " ".join(run[4] for run in sandbox.read_words(LETTER, 2))
        assert "Decision rationale:" in words
        with pytest.raises(CannotRender):
            sandbox.read_words(LETTER, 9)

"""A made-up letter is as a real one would be read, and the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.letters.checks import check_letter
from cases.letters.citations.find import find_citations
from cases.letters.record import dump_letter, load_letter
from cases.synthetic.letters import CATEGORIES, make_letter


@pytest.fixture(scope="module")
def thousand():
    return [make_letter(1, number) for number in range(1000)]


def share(hits: Counter, name: str) -> float:
    return hits[name] / hits.total()


def test_the_same_seed_and_number_give_the_same_letter():
    assert make_letter(7, 3) == make_letter(7, 3)
    assert len({make_letter(7, 3), make_letter(8, 3), make_letter(7, 4)}) == 3


def test_shares_are_those_of_the_field(thousand):
    issues = [issue for letter in thousand for issue in letter.issues]
    categories = Counter(issue.category for issue in issues)
    assert share(categories, "pharmaceuticals") == pytest.approx(0.46, abs=0.04)
    assert set(categories) == {category["name"] for category in CATEGORIES}
    decisions = Counter(issue.decision.value for issue in issues)
    assert share(decisions, "upheld") == pytest.approx(0.9, abs=0.025)
    codes = {flag.code for letter in thousand for flag in letter.flags}
    assert {"ur-date-disagrees", "decision-disagrees", "issue-without-decision"} <= codes


def test_requests_and_rationales_hardly_repeat(thousand):
    issues = [issue for letter in thousand for issue in letter.issues]
    assert len({issue.rationale.value for issue in issues}) > 0.98 * len(issues)
    assert len({issue.treatment_request.value for issue in issues}) > 0.4 * len(issues)
    assert len({letter.clinical_summary.value for letter in thousand}) == 1000


def test_no_template_shows(thousand):
    texts = [letter.clinical_summary.value for letter in thousand]
    texts += [i.rationale.value for letter in thousand for i in letter.issues]
    texts += [i.treatment_request.value for letter in thousand for i in letter.issues]
    assert not [text for text in texts if any(mark in text for mark in "{}@\x00")]


@given(seed=st.integers(), number=st.integers(0, 5_000_000))
@settings(max_examples=60, deadline=None)
def test_any_letter_reads_as_its_words_say(seed, number):
    letter = make_letter(seed, number)
    assert load_letter(dump_letter(letter)) == letter
    assert check_letter(letter) == letter.flags
    for issue in letter.issues:
        for text, citations in (
            (issue.claims_guideline.value, issue.claims_citations),
            (issue.maximus_guideline.value, issue.maximus_citations),
        ):
            read = [(f.source, f.guideline, f.section, f.pages) for f in find_citations(text)]
            assert read == [(c.source, c.guideline, c.section, c.pages) for c in citations]

"""Likeness: a number from 0 to 1, the same both ways, and the words it comes from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cases.analysis.similarity import RequestFeatures, compute_similarity
from cases.letters.requests.request_words import request_words

words = st.frozensets(
    st.sampled_from(["mri", "lumbar", "knee", "hydrocodone", "tramadol", "therapy"]), max_size=5
)
guidelines = st.frozensets(st.sampled_from(["Opioids", "Low Back Complaints", "other"]), max_size=3)
asked = st.builds(RequestFeatures, words, guidelines)


def like(one: str, other: str) -> float:
    return compute_similarity(
        RequestFeatures(frozenset(request_words(one))),
        RequestFeatures(frozenset(request_words(other))),
    ).score


@given(asked, asked)
def test_it_is_a_share_and_the_same_both_ways(one, other):
    there, back = compute_similarity(one, other), compute_similarity(other, one)
    assert 0 <= there.score <= 1
    assert there == back
    assert set(there.words) == one.words & other.words
    assert there.words or not there.alike


@given(asked)
def test_nothing_is_more_like_it_than_itself(one):
    itself = compute_similarity(one, one)
    assert itself.score == (1 if one.words else 0.25 if one.guidelines else 0)
    assert itself.alike == bool(one.words)


@given(asked, words, st.sampled_from(["mri", "knee", "therapy"]))
def test_a_word_more_in_common_never_makes_it_less_alike(one, rest, word):
    with_word = RequestFeatures(one.words | {word}, one.guidelines)
    before = compute_similarity(with_word, RequestFeatures(rest - {word}, one.guidelines)).score
    assert (
        compute_similarity(with_word, RequestFeatures(rest | {word}, one.guidelines)).score
        >= before
    )


@given(asked, words)
def test_citing_the_same_never_makes_it_less_alike(one, rest):
    same = compute_similarity(one, RequestFeatures(rest, one.guidelines)).score
    assert same >= compute_similarity(one, RequestFeatures(rest)).score


def test_a_drug_counts_for_more_than_the_words_around_it():
    assert like("Norco 10/325mg", "Vicodin 5/500 for chronic use") > 0.5
    assert like("Norco 10/325mg, opioid", "Tramadol 50mg, opioid") < 0.2


def test_body_parts_tell_requests_apart():
    assert like("MRI of the lumbar spine", "MRI of the low back") == 1
    assert like("MRI of the lumbar spine", "MRI of the left knee") < 0.5

"""Misspelt guideline names mean the guideline; other names are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.citations.catalogue import GUIDELINES
from cases.letters.header.names import BY_START, WORD_START, find_names
from cases.letters.reading.close_spelling import distance
from cases.letters.reading.spelling import WORDS, correction, respell


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("guidlines", "guidelines"),
        ("treament", "treatment"),
        ("chonic", "chronic"),
        ("offical", "official"),
        ("disabilty", "disability"),
        ("guidleines", "guidelines"),
        ("utilzation", "utilization"),
        ("accupuncture", "acupuncture"),
    ],
)
def test_a_letter_lost_doubled_or_swapped_is_set_right(word, meant):
    assert correction(word) == meant


@pytest.mark.parametrize("word", ["medial", "generals", "should", "relation", "conditioning"])
def test_other_words_are_left_alone(word):
    assert correction(word) is None


@pytest.mark.parametrize("word", sorted(WORDS))
def test_words_that_are_right_stay(word):
    assert correction(word) is None


@pytest.mark.parametrize(
    "text",
    ["Shouldr, MRI", "the Kneed Complaint", "Journal of Medial Treatment", "a stres test"],
)
def test_a_lone_word_or_another_name_is_no_guideline(text):
    assert find_names(text, 0, len(text)) == []


def test_a_misspelt_name_is_found_where_it_stands():
    text = "see the Offical Disabilty Guidlines, Pain"
    (name,) = find_names(text, 0, len(text))
    assert text[name.start : name.end] == "Offical Disabilty Guidlines"


@given(st.lists(st.sampled_from(["Guidlines", "treament", "Pain", "2016,", "Offical", "x"])))
def test_places_of_a_respelled_text_lead_back_to_the_original(words):
    text = " ".join(words)
    respelled = respell(text, 0, len(text))
    for at, char in enumerate(respelled.text):
        if char == " ":
            assert text[respelled.original(at)] == " "
    assert respelled.original(len(respelled.text)) == len(text)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_zero_only_for_the_same(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize("guideline", GUIDELINES, ids=lambda one: one.name)
@given(data=st.data())
def test_every_name_of_the_catalogue_begins_as_it_says(guideline, data):
    """A text is looked through by the first letters of words: none may be missing."""
    for form in filter(None, (guideline.form, guideline.bare)):
        name = data.draw(st.from_regex(form, fullmatch=True, alphabet=st.characters(codec="ascii")))
        start = WORD_START.search(name)
        assert start is not None
        assert start.start() == 0
        forms = BY_START[start[0].lower()]
        assert any(one.pattern in (guideline.form, guideline.bare) for one in forms)

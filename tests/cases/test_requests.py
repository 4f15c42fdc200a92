"""Requests that ask for the same have the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.requests.request_words import LONGEST, MOST_WORDS, PASSED_OVER, request_words
from cases.synthetic.letters import make_letter


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ("Norco 10/325mg #120 with 2 refills", ["hydrocodone"]),
        ("Hydrocodone/APAP 10/325mg, qty 60", ["hydrocodone"]),
        ("1 prescription of Soma 350mg #60", ["carisoprodol"]),
        (
            "Twelve work conditioning sessions for the lumbar spine",
            ["work", "conditioning", "lumbar"],
        ),
        ("Physical therapy 2x6 weeks for the low back", ["physical", "therapy", "lumbar"]),
        ("PT 3 times a week, left knee", ["physical", "therapy", "knee"]),
        ("MRI of the right knee", ["mri", "knee"]),
        ("Lumbar ESI L4/L5", ["lumbar", "epidural", "steroid", "injection", "l4-l5"]),
        (
            "Lumbar epidural steroid injections at L4-5",
            ["lumbar", "epidural", "steroid", "injection", "l4-l5"],
        ),
        ("TENS unit, 30 day rental", ["tens"]),
        ("Urine toxicology screening: 12 panel, quarterly", ["urine", "screen", "panel"]),
        ("28 day functional restoration program", ["functional", "restoration", "program"]),
        ("12 sessions", []),
        ("", []),
    ],
)
def test_words_say_what_and_not_how_much(request_, words):
    assert list(request_words(request_)) == words


@given(st.text(max_size=400))
def test_any_text_gives_few_short_lower_case_words(text):
    words = request_words(text)
    assert len(words) <= MOST_WORDS
    assert len(set(words)) == len(words)
    assert all(0 < len(word) <= LONGEST and word == word.lower() for word in words)
    assert not PASSED_OVER & set(words)


@given(st.integers(0, 100_000))
def test_doses_counts_and_sides_change_nothing(number):
    request = make_letter(3, number).issues[0].treatment_request.value
    more = f"Retrospective request for {request}, #90 with 3 refills"
    assert set(request_words(more)) == set(request_words(request))

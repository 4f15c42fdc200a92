"""A search with a misspelt word offers the one that was meant."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cases.models import SearchWord
from cases.search.language import And, Fact, Node, Not, Or, Scopes, Words, parse
from cases.search.suggestions import Suggestion, nearest, replace_words, suggest
from tests.vocabulary import forget_words

SCOPES = Scopes(
    {"request": ("request",), "case": ("number",)},
    {"decision": ("upheld", "overturned")},
    ("number", "request"),
)
TEXTS = (
    *("lumbar epidural steroid injection", "lumbar spine mri", "lumbar brace"),
    *("lumber yard", "epidural steroid injection", "physical therapy", "hydrocodone"),
)


@pytest.fixture(autouse=True)
def words(db):
    forget_words()
    found = {word for text in TEXTS for word in text.split() if len(word) > 3}
    SearchWord.objects.bulk_create(SearchWord(word=word) for word in sorted(found))
    yield
    forget_words()


def matches(node: Node) -> int:
    return sum(is_match(node, text.split()) for text in TEXTS)


def is_match(node: Node, text: list[str]) -> bool:
    match node:
        case Words(tokens=tokens):
            return set(tokens) <= set(text)
        case And(parts):
            return all(is_match(part, text) for part in parts)
        case Or(parts):
            return any(is_match(part, text) for part in parts)
        case Not(part):
            return not is_match(part, text)
    return node == Fact("decision", "upheld")


def suggested(query: str) -> list[str]:
    return [one.query for one in suggest(query, SCOPES, matches)]


def test_a_misspelt_word_offers_the_nearest():
    assert suggest("steriod", SCOPES, matches) == (Suggestion(("steroid",), "steroid", 2),)


def test_of_words_as_near_the_one_that_finds_most_comes_first():
    assert suggested("lumbr") == ["lumbar", "lumber"]


def test_several_misspelt_words_are_one_suggestion():
    (one,) = suggest("epidurall steriod", SCOPES, matches)
    assert (one.label, one.query) == ("epidural steroid", "epidural steroid")


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("lumbar  STERIOD", "lumbar  steroid"),
        ('"epidural steriod"', '"epidural steroid"'),
        ("request:steriod decision:upheld", "request:steroid decision:upheld"),
        ("(steriod OR xqzzq) -mri", "(steroid OR xqzzq) -mri"),
        ("stéroïds-steriod", "steroid-steroid"),
        ("NOT mri AND hydrocodne", "NOT mri AND hydrocodone"),
        ("inject* steriod", "inject* steroid"),
    ],
)
def test_all_else_stays_as_it_was_typed(query, line):
    def anything(node: Node) -> int:
        return int(node == parse(line, SCOPES))

    assert [one.query for one in suggest(query, SCOPES, anything)] == [line]


@pytest.mark.parametrize(
    "query",
    [
        "lumbar",  # known
        "xqzzqwk",  # nonsense
        "asdfghjkl",
        "mrl",  # too short to guess
        "l4l5",
        "case:steriod",
        "lumb*",
        "-steriod",
        "mri -steriod",
        "decision:upheldd",  # a mistake, which the page explains itself
        "nosuchfield:steriod",
        '"steriod',
        "",
    ],
)
def test_nothing_is_offered(query):
    assert suggested(query) == []


def test_only_what_finds_something_is_offered():
    assert suggested("therapi hydrocodone") == []
    assert suggested("therapi physical") == ["therapy physical"]


def test_only_what_finds_more_than_the_search_itself_is_offered():
    SearchWord.objects.create(word="forgotten")  # its text was deleted
    assert suggested("lumbar OR forgoten") == []
    assert suggested("lumbar OR steriod") == ["lumbar OR steroid"]


def test_few_searches_are_counted():
    counted = []
    suggest("lumbr steriod epidurall", SCOPES, lambda node: counted.append(node) or 0)
    assert len(counted) <= 5


def test_a_long_word_may_hold_more_slips_than_a_short_one():
    known = ("soma", "some", "cyclobenzaprine", "injection")
    assert [one.word for one in nearest("somaa", known)] == ["soma"]
    assert nearest("sumaa", known) == []
    assert [one.word for one in nearest("cyclobensaprin", known)] == ["cyclobenzaprine"]
    assert [one.word for one in nearest("injetcion", known)] == ["injection"]


def test_the_page_links_to_the_new_search_and_keeps_the_filters(rf):
    page = render_to_string(
        "lists/_suggestions.html",
        {
            "suggestions": (
                Suggestion(("lumbar",), 'lumbar "a b"', 3),
                Suggestion(("lumber",), "lumber", 1),
            ),
        },
        request=rf.get("/cases/?q=lumbr&decision=upheld&page=3"),
    )
    assert " ".join(page.split()) == (
        '<p class="suggestions"> Did you mean'
        ' <a href="?q=lumbar+%22a+b%22&amp;decision=upheld">lumbar</a>'
        ' or <a href="?q=lumber&amp;decision=upheld">lumber</a>? </p>'
    )


def test_the_page_says_nothing_without_suggestions(rf):
    assert not render_to_string("lists/_suggestions.html", {"suggestions": ()}).strip()


SPACES = st.sampled_from([" ", "  ", " AND ", " OR ", " -"])
PIECES = st.sampled_from(
    ["steriod", "Steriod", '"lumbar steriod"', "request:steriod", "steriod/mri", "(mri OR steriod)"]
)
REST = st.sampled_from(
    ["mri", "decision:upheld", '"a  b"', "inject*", "été", "10/325mg", "steriods"]
)


@given(st.lists(st.tuples(REST | PIECES, SPACES), min_size=1, max_size=6), REST)
def test_replacing_a_word_keeps_the_rest_of_the_line(pieces, last):
    query = "".join(piece + space for piece, space in pieces) + last
    line = replace_words(query, SCOPES, {"steriod": "{}"})
    assert line.count("{}") == query.replace("steriods", "").lower().count("steriod")
    assert line.replace("{}", "steriod") == query.replace("Steriod", "steriod")


@given(st.text(max_size=30))
def test_no_text_is_too_odd(typed):
    assert suggest(f"{typed} steriod", SCOPES, lambda _: 0) == ()

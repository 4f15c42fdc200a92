"""A search finds what means the same, and says what else it looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.requests.request_words import DRUGS
from cases.search.language import And, Fact, Node, Not, Or, Scopes, Words, parse, required_words
from cases.search.synonyms import ALTERNATIVES, MOST_ALTERNATIVES, widened, with_synonyms

COLUMNS = ("request", "rationale")
SCOPES = Scopes(
    {"request": ("request",), "rationale": ("rationale",), "case": ("number",)},
    {"decision": ("upheld",)},
    ("number", *COLUMNS),
)
Texts = dict[str, tuple[str, ...]]


def asked(query: str) -> Node:
    node = parse(query, SCOPES)
    assert node is not None
    return node


def matches(node: Node, texts: Texts) -> bool:
    """What the index does, over the words of one row."""
    match node:
        case Words():
            return any(stands_in(node, texts.get(column, ())) for column in node.columns)
        case And(parts):
            return all(matches(part, texts) for part in parts)
        case Or(parts):
            return any(matches(part, texts) for part in parts)
        case Not(part):
            return not matches(part, texts)
    return False


def stands_in(words: Words, text: tuple[str, ...]) -> bool:
    size = len(words.tokens)
    runs = (text[at : at + size] for at in range(len(text) - size + 1))
    return any(
        run == words.tokens
        or (words.prefix and run[:-1] == words.tokens[:-1] and run[-1].startswith(words.tokens[-1]))
        for run in runs
    )


def finds(query: str, request: str = "", rationale: str = "") -> bool:
    texts = {"request": tuple(request.split()), "rationale": tuple(rationale.split())}
    return matches(with_synonyms(asked(query)), texts)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("mri", "magnetic resonance imaging of the knee"),
        ("MRIs", "an mri of the knee"),
        ("magnetic resonance imaging", "mri of the knee"),
        ("magnetic resonance imaging", "imaging by magnetic resonance"),
        ("norco", "hydrocodone 10 325mg"),
        ("hydrocodone", "norco 10 325mg"),
        ("hydrocodone", "vicodin es"),
        ("hydrocodone/apap", "lortab 5 mg"),
        ("soma", "carisoprodol 350mg"),
        ("synvisc", "hyaluronic acid"),
        ("esi", "epidural steroid injections at l4 l5"),
        ("esi", "lesi at l4 l5"),
        ("lumbar esi", "epidural steroid injection of the lumbar spine"),
        ("lumbar epidural steroid injection", "lumbar interlaminar esi"),
        ("lumbar epidural steroid injection", "lesi"),
        ("ncs", "nerve conduction velocity"),
        ("EMG/NCV", "ncv emg of both arms"),
        ("h-wave", "hwave unit"),
        ("x-rays", "radiograph of the wrist"),
        ("tens", "transcutaneous electrical nerve stimulation"),
        ("urine drug screens", "uds"),
        ("cbt", "cognitive behavioral therapy"),
        ("dme", "durable medical equipment"),
        ("knee mri", "magnetic resonance imaging of the knee"),
        ("mri OR nosuchword", "magnetic resonance imaging"),
        ("request:(mri knee)", "knee magnetic resonance imaging"),
    ],
)
def test_finds_what_means_the_same(query, text):
    assert finds(query, request=text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("norco", "vicodin"),  # another brand
        ('"norco"', "hydrocodone"),
        ('"magnetic resonance imaging"', "mri"),
        ("norc*", "hydrocodone"),
        ("lumbar", "low back complaints"),
        ("t3", "codeine"),
        ("codeine", "t3 vertebra"),
        ("lesi", "epidural steroid injection"),
        ("imaging magnetic resonance", "mri"),
        ("request:magnetic rationale:resonance imaging", "mri"),
    ],
)
def test_finds_nothing_else(query, text):
    assert not finds(query, request=text)


def test_an_alternative_is_looked_for_in_the_same_field():
    assert finds("rationale:mri", rationale="magnetic resonance imaging")
    assert not finds("rationale:mri", request="magnetic resonance imaging")


def test_case_numbers_have_no_synonyms():
    assert with_synonyms(asked("case:mri")) == asked("case:mri")


def test_an_ambiguous_abbreviation_is_found_in_requests_only():
    assert finds("physical therapy", request="pt x 12")
    assert not finds("physical therapy", rationale="pt reports pain")
    assert not finds("rationale:physiotherapy", rationale="pt reports pain")
    assert finds("pt", rationale="physical therapy")


def test_what_is_left_out_is_taken_as_written():
    assert finds("knee -norco", request="knee hydrocodone")
    assert not finds("knee -norco", request="knee norco")


def test_facts_stay():
    node = asked("decision:upheld")
    assert with_synonyms(node) == node == Fact("decision", "upheld")


def test_says_what_else_was_looked_for():
    assert widened(asked("knee mri -norco")) == (("mri", ("magnetic resonance imaging",)),)
    assert widened(asked("magnetic resonance imaging OR norco")) == (
        ("magnetic resonance imaging", ("mri",)),
        ("norco", ("hydrocodone",)),
    )
    assert widened(asked('knee "mri" inject* case:mri')) == ()


def test_the_words_found_instead_are_marked_in_excerpts():
    assert ("hydrocodone",) in [
        words.tokens for words in required_words(with_synonyms(asked("norco")))
    ]


def test_every_brand_of_the_catalogue_of_requests_is_known():
    assert [brand for brand in DRUGS if (brand,) not in ALTERNATIVES] == []


def test_a_term_has_few_alternatives_and_none_that_it_finds_anyway():
    for term, others in ALTERNATIVES.items():
        assert 0 < len(others) <= MOST_ALTERNATIVES
        for other in others:
            assert f" {' '.join(term)} " not in f" {' '.join(other)} "


VOCABULARY = (
    *("mri", "magnetic", "resonance", "imaging", "norco", "hydrocodone", "vicodin", "apap"),
    *("lumbar", "esi", "lesi", "epidural", "steroid", "injection", "injections"),
    *("pt", "physical", "therapy", "physiotherapy", "knee"),
)
words = st.sampled_from(VOCABULARY)
leaves = st.builds(
    Words,
    columns=st.sampled_from([COLUMNS, ("request",), ("rationale",), ("number",)]),
    tokens=st.lists(words, min_size=1, max_size=3).map(tuple),
    prefix=st.booleans(),
    exact=st.booleans(),
) | st.builds(Words, st.just(COLUMNS), st.tuples(words))
nodes = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=5).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts)))
        | inner.map(Not)
    ),
    max_leaves=12,
)
text = st.lists(words, max_size=8).map(tuple)


@given(nodes, st.fixed_dictionaries(dict.fromkeys(COLUMNS, text)))
def test_no_match_is_lost(node, texts):
    assert matches(with_synonyms(node), texts) or not matches(node, texts)


@given(nodes)
def test_a_second_time_changes_nothing(node):
    once = with_synonyms(node)
    assert with_synonyms(once) == once
    assert widened(once) == ()


@given(nodes)
def test_what_is_widened_is_said(node):
    assert bool(widened(node)) == (with_synonyms(node) != node)

"""What the index answers to a question, against a look at each row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index.index import Index
from cases.index.rows import CASE, CITATION, ISSUE
from cases.search.language import EVERYTHING, And, Fact, Node, Not, OneOf, Or, Words
from tests.cases.index.small_databases import (
    QUESTIONS,
    SPACES,
    Database,
    Row,
    databases,
    index_of,
)


@settings(max_examples=200)
@given(databases(), QUESTIONS, st.sampled_from(SPACES))
def test_any_question_finds_the_rows_of_which_it_is_true(database: Database, asked: Node, space):
    found = database.index.matches(asked, space)
    assert set(found) == database.matching(asked, space)


@given(databases(), QUESTIONS, st.sampled_from(SPACES))
def test_what_was_found_is_the_callers_own(database: Database, asked: Node, space):
    """A caller that changes it changes no later answer."""
    found = database.index.matches(asked, space)
    found.clear()
    found |= BitMap([999])
    assert set(database.index.matches(asked, space)) == database.matching(asked, space)
    assert set(database.index.matches(EVERYTHING, space)) == {row.key for row in database.of(space)}


@given(databases(), QUESTIONS, st.sampled_from(SPACES))
def test_the_columns_of_a_word_together_are_the_word(database: Database, asked: Node, space):
    words = Words(("request", "summary", "claims", "number"), ("knee",))
    each = database.index.by_column(words, space)
    assert [column for column, _ in each] == list(words.columns)
    together = BitMap.union(*(rows for _, rows in each))
    assert set(together) == database.matching(words, space)


@given(databases(), st.sampled_from(SPACES), st.sampled_from(SPACES), st.data())
def test_rows_move_to_those_above_and_below_them(database: Database, start, end, data):
    rows = database.of(start)
    chosen = data.draw(st.lists(st.sampled_from(rows), unique_by=id)) if rows else []
    moved = database.index.moved(BitMap(row.key for row in chosen), start, end)
    assert set(moved) == {
        one.key for row in chosen for one in (*row.upward(), *row.downward()) if one.space == end
    }


def case(key: int, **facts: str) -> Row:
    texts = {"number": [], "summary": [], "reviewer": [], "annotation": []}
    return Row(CASE, key, None, {name: [value] for name, value in facts.items()}, {}, texts)


def issue(key: int, of: Row, **facts: str) -> Row:
    texts = {"request": [], "rationale": [], "annotation": [], "asked": []}
    row = Row(ISSUE, key, of, {name: [value] for name, value in facts.items()}, {}, texts)
    of.below.append(row)
    return row


def citation(key: int, of: Row, side: str) -> Row:
    row = Row(CITATION, key, of, {"side": [side]}, {}, {"words": [], "section": []})
    of.below.append(row)
    return row


def test_a_fact_of_the_case_is_asked_of_its_citations():
    first, second = case(1, priority="Expedited"), case(2, priority="Standard")
    issues = [issue(1, second), issue(2, first)]
    citations = [citation(5, issues[1], "claims"), citation(6, issues[0], "claims")]
    index = index_of([first, second, *issues, *citations])
    assert set(index.matches(Fact("priority", "Expedited"), CITATION)) == {5}


def test_an_issue_is_asked_for_its_own_decision_and_not_for_its_cases():
    both = case(1, decision="overturned")
    index = index_of([both, issue(1, both, decision="upheld")])
    assert not index.matches(Fact("decision", "overturned"), ISSUE)
    assert set(index.matches(Fact("decision", "overturned"), CASE)) == {1}


def test_a_fact_that_neither_the_row_nor_what_it_belongs_to_has_is_a_mistake():
    with pytest.raises(KeyError):
        Index().matches(Fact("page", "1"), ISSUE)


def test_the_reviewer_of_a_case_is_found_for_its_issues_and_its_summary_is_not():
    one = case(1)
    one.texts |= {"reviewer": ["neurology"], "summary": ["knee"]}
    index = index_of([one, issue(7, one)])
    assert set(index.matches(Words(("reviewer",), ("neurology",)), ISSUE)) == {7}
    assert not index.matches(Words(("summary",), ("knee",)), ISSUE)
    assert set(index.matches(Words(("summary",), ("knee",)), CASE)) == {1}


def test_a_word_that_one_side_cites_is_not_found_of_the_other():
    one = case(1)
    disputed = issue(1, one)
    cited = citation(1, disputed, "claims")
    cited.texts["words"] = ["knee"]
    index = index_of([one, disputed, cited])
    assert index.matches(Words(("claims",), ("knee",)), ISSUE)
    assert not index.matches(Words(("maximus",), ("knee",)), ISSUE)
    assert index.matches(Words(("cited",), ("knee",)), CASE)


def test_nothing_is_true_of_all_and_everything_of_none_is_false():
    one = case(1)
    index = index_of([one])
    assert set(index.matches(And(()), CASE)) == {1}
    assert not index.matches(Or(()), CASE)
    assert not index.matches(Not(And(())), CASE)
    assert set(index.matches(And((Not(OneOf(frozenset({2}))),)), CASE)) == {1}


def test_an_empty_index_finds_nothing_whatever_is_asked():
    for space in SPACES:
        assert not Index().matches(Not(Fact("priority", "x")), space)
        assert not Index().matches(EVERYTHING, space)

"""Which match of a search comes first."""

from __future__ import annotations

from math import log1p

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index.order import NewestFirst
from cases.index.ranking import WEIGHTS, BestMatch
from cases.index.rows import CASE, ISSUE
from cases.search.language import Words
from tests.cases.index.small_databases import (
    SPACES,
    TEXTS,
    WORDS,
    Database,
    Row,
    databases,
    holds,
    index_of,
)

COLUMNS = ("request", "rationale", "summary", "claims", "maximus", "reviewer", "annotation")
SOUGHT = st.lists(
    st.builds(
        Words,
        st.lists(st.sampled_from(COLUMNS), unique=True, min_size=1).map(tuple),
        st.sampled_from(WORDS).map(lambda word: (word,)),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


def score(words: tuple[Words, ...], row: Row, database: Database) -> float:
    rows, total = database.of(row.space), 0.0
    for one in words:
        rarity = log1p(len(rows) / (1 + sum(holds(one, other) for other in rows)))
        for column in one.columns:
            if holds(Words((column,), one.tokens), row):
                total += WEIGHTS.get(column, 1.0) * rarity
    return total


@given(databases(), SOUGHT, st.sampled_from(SPACES), st.data())
def test_matches_stand_by_the_weight_of_the_fields_that_hold_their_words(
    database: Database, words, space, data
):
    rows = {row.key: row for row in database.of(space)}
    chosen = BitMap(data.draw(st.sets(st.sampled_from(sorted(rows)))) if rows else ())
    newest = NewestFirst().keys(database.index, space, chosen, 0, 99).tolist()
    best = BestMatch(words).keys(database.index, space, chosen, 0, 99).tolist()
    scores = {key: round(score(words, rows[key], database), 3) for key in chosen}
    assert sorted(best) == sorted(chosen)
    assert [scores[key] for key in best] == sorted(scores.values(), reverse=True)
    ties = [key for key in newest if scores[key] == scores[best[0]]] if best else []
    assert best[: len(ties)] == ties


@given(databases(), SOUGHT, st.sampled_from(SPACES), st.integers(1, 4))
def test_pages_of_matches_never_overlap(database: Database, words, space, size):
    rows, order = BitMap(row.key for row in database.of(space)), BestMatch(words)
    pages = [
        order.keys(database.index, space, rows, at, at + size).tolist()
        for at in range(0, len(rows) + size, size)
    ]
    every = order.keys(database.index, space, rows, 0, 2**62).tolist()
    assert [key for page in pages for key in page] == every


def two_cases() -> list[Row]:
    """The newer one, whose key is 2, with an issue each of the same key."""
    rows = []
    for key in (1, 2):
        texts = {column: [] for column in TEXTS[CASE]}
        case = Row(CASE, key, None, {}, {"decision_date": key, "number": key}, texts)
        texts = {column: [] for column in TEXTS[ISSUE]}
        issue = Row(ISSUE, key, case, {}, {"position": 1}, texts)
        case.below.append(issue)
        rows += [case, issue]
    return rows


def first_of(rows: list[Row], *words: Words) -> int:
    order = BestMatch(words)
    return order.keys(index_of(rows), ISSUE, BitMap([1, 2]), 0, 1).tolist()[0]


def test_a_request_says_more_than_a_rationale():
    rows = two_cases()
    rows[1].texts["request"], rows[3].texts["rationale"] = ["mri"], ["mri"]
    assert first_of(rows, Words(("request", "rationale"), ("mri",))) == 1


def test_a_word_that_few_have_says_more_than_one_that_most_have():
    rows = two_cases()
    rows[1].texts["request"], rows[3].texts["request"] = ["knee", "mri"], ["knee"]
    common, rare = Words(("request",), ("knee",)), Words(("request",), ("mri",))
    assert first_of(rows, common, rare) == 1


def test_of_equal_matches_the_newest_comes_first():
    rows = two_cases()
    rows[1].texts["request"] = rows[3].texts["request"] = ["mri"]
    assert first_of(rows, Words(("request",), ("mri",))) == 2

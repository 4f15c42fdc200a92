"""The pages of a list, against all of its rows sorted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index.order import ByColumn, ByFact, NewestFirst, Order
from cases.index.rows import CASE, CITATION, ISSUE
from tests.cases.index.small_databases import SPACES, Database, Row, databases

PLACES = st.integers(0, 12)


def newest(row: Row) -> tuple[int, ...]:
    case, issue = row.case, row if row.space == ISSUE else row.parent
    within = () if issue is None else (issue.numbers.get("position", 0), issue.key, row.key)
    return -case.numbers["decision_date"], -case.key, *within


def pages_are_right(database: Database, space: str, order: Order, expected: list[Row], data):
    """Of some of the rows, any page and all pages in a row."""
    chosen = data.draw(st.sets(st.sampled_from([row.key for row in expected]))) if expected else ()
    rows, keys = BitMap(chosen), [row.key for row in expected if row.key in chosen]

    def page(start: int, stop: int) -> list[int]:
        return order.keys(database.index, space, rows, start, stop).tolist()

    start, stop = data.draw(PLACES), data.draw(PLACES)
    assert page(start, stop) == keys[start:stop]
    size = data.draw(st.integers(1, 4))
    pages = [page(at, at + size) for at in range(0, len(keys) + size, size)]
    assert [key for one in pages for key in one] == keys
    assert page(0, 2**62) == keys


@given(databases(), st.sampled_from(SPACES), st.data())
def test_the_newest_come_first_and_undated_ones_last(database: Database, space, data):
    expected = sorted(database.of(space), key=newest)
    pages_are_right(database, space, NewestFirst(), expected, data)


@given(
    databases(),
    st.sampled_from(SPACES),
    st.sampled_from(["number", "decision_date"]),
    st.booleans(),
    st.data(),
)
def test_by_a_number_of_the_case_equal_ones_go_by_key(database, space, column, descending, data):
    expected = sorted(
        database.of(space),
        key=lambda row: (row.case.numbers[column], row.key),
        reverse=descending,
    )
    pages_are_right(database, space, ByColumn(column, descending), expected, data)


@given(
    databases(),
    st.sampled_from([(CASE, "priority"), (ISSUE, "category"), (CITATION, "source")]),
    st.booleans(),
    st.data(),
)
def test_by_a_fact_equal_ones_go_by_key(database: Database, of, descending, data):
    space, fact = of
    expected = sorted(
        database.of(space), key=lambda row: (row.facts[fact][0], row.key), reverse=descending
    )
    pages_are_right(database, space, ByFact(fact, descending), expected, data)


@given(databases(), st.sampled_from(SPACES))
def test_by_a_column_that_no_case_has_all_are_equal(database: Database, space):
    keys = sorted(row.key for row in database.of(space))
    found = ByColumn("due").keys(database.index, space, BitMap(keys), 0, 99)
    assert found.tolist() == keys

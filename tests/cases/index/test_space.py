"""Rows of one kind by key, against plain dictionaries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index.space import Batch, Space, array, bitmap

KEYS = st.integers(1, 3000)
ROWS = st.dictionaries(
    KEYS, st.tuples(st.lists(st.sampled_from("xyz"), unique=True), st.integers(0, 5)), max_size=8
)
CHANGES = st.lists(st.tuples(st.sampled_from(["put", "remove"]), ROWS), max_size=6)
BOUNDS = st.none() | st.integers(-1, 6)


def batch_of(rows) -> Batch:
    batch = Batch()
    for key, (values, number) in rows.items():
        batch.keys.append(key)
        batch.value("number", key, number)
        for value in values:
            batch.fact("letter", value, key)
    return batch


def changed(changes) -> tuple[Space, dict]:
    """A space and a dictionary of rows after the same changes."""
    space, rows = Space("letters", ["letter"]), {}
    for what, some in changes:
        space.remove(BitMap(some))
        rows = {key: row for key, row in rows.items() if key not in some}
        if what == "put":
            space.add(batch_of(some))
            rows |= some
    return space, rows


@given(CHANGES)
def test_it_holds_what_was_put_last_and_not_removed(changes):
    space, rows = changed(changes)
    assert set(space.keys) == rows.keys()
    for letter in "xyz":
        known = {key for key, (values, _) in rows.items() if letter in values}
        assert set(space.holding("letter", letter)) == known
    keys = sorted(rows)
    assert space.column("number", np.array(keys, np.int64)).tolist() == [
        rows[key][1] for key in keys
    ]


@given(CHANGES, BOUNDS, BOUNDS)
def test_rows_between_bounds_have_a_number_of_one_or_more(changes, least, most):
    space, rows = changed(changes)
    assert set(space.between("number", least, most)) == {
        key
        for key, (_, number) in rows.items()
        if number > 0 and (least is None or number >= least) and (most is None or number <= most)
    }


@given(CHANGES, KEYS)
def test_a_removed_row_that_comes_back_has_nothing_of_what_it_was(changes, key):
    space, _ = changed(changes)
    space.remove(BitMap([key]))
    bare = Batch(keys=[key])
    space.add(bare)
    assert key in space.keys
    assert not any(key in rows for rows in space.facts["letter"].values())
    assert space.column("number", np.array([key])).tolist() == [0]


def test_an_empty_space_answers_everything_with_nothing():
    space = Space("letters", ["letter"])
    space.add(Batch())
    space.remove(BitMap([7]))
    assert not space.keys
    assert not space.holding("letter", "x")
    assert not space.between("number", None, None)
    assert space.column("number", np.array([], np.uint32)).tolist() == []


def test_bounds_may_lie_beyond_what_a_column_can_hold():
    space = Space("letters", ["letter"])
    space.add(batch_of({1: ([], 5)}))
    assert set(space.between("number", -(2**40), 2**40)) == {1}
    assert not space.between("number", 2**40, None)


def test_keys_beyond_a_columns_end_have_no_number():
    space = Space("letters", ["letter"])
    space.add(batch_of({3: ([], 5)}))
    space.add(Batch(keys=[5000]))
    assert space.column("number", np.array([3, 5000])).tolist() == [5, 0]
    assert space.column("number", np.array([5000, 3])).tolist() == [0, 5]
    assert set(space.between("number", 1, None)) == {3}


def test_a_column_that_no_row_has_is_all_zeros():
    space = Space("letters", ["letter"])
    space.add(batch_of({3: ([], 5)}))
    assert space.column("other", np.array([3])).tolist() == [0]
    assert not space.between("other", None, None)


def test_a_fact_that_is_no_family_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        Space("letters", ["letter"]).holding("word", "x")


@given(st.sets(st.integers(0, 2**32 - 1), max_size=50))
def test_bitmaps_and_arrays_of_keys_are_the_same_both_ways(keys):
    rows = BitMap(keys)
    assert array(rows).tolist() == sorted(keys)
    assert bitmap(array(rows)) == rows
    assert bitmap(array(rows).astype(np.int64)) == rows

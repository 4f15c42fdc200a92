"""Facets and the comparison, against counting row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index.counts import NONE, Count, DecidedRows, value_counts
from cases.index.rows import ISSUE
from cases.index.space import Batch, Space

GUIDELINES = ("", "Opioids", "Low Back Complaints", "other")
DECISIONS = ("upheld", "overturned", "partially_overturned", "")
some = st.lists(st.sampled_from(GUIDELINES), unique=True)
ISSUES = st.dictionaries(
    st.integers(1, 500), st.tuples(st.sampled_from(DECISIONS), some, some), max_size=20
)


def space_of(issues) -> Space:
    space, batch = Space(ISSUE, ["decision", "claims", "maximus"]), Batch()
    for key, (decision, claims, maximus) in issues.items():
        batch.keys.append(key)
        batch.fact("decision", decision, key)
        for name, guidelines in (("claims", claims), ("maximus", maximus)):
            for one in guidelines:
                batch.fact(name, one, key)
    space.add(batch)
    return space


def count_of(decisions: Iterable[str]) -> Count:
    by = Counter(decisions)
    return Count(sum(by.values()), *(by[decision] for decision in DECISIONS[:3]))


@given(ISSUES, st.sets(st.integers(1, 500)), st.booleans())
def test_each_value_and_each_pair_is_counted_once_for_each_row(issues, others, everything):
    rows = set(issues) if everything else others & set(issues)
    first, both = defaultdict(list), defaultdict(list)
    for key in rows:
        decision, claims, maximus = issues[key]
        for one in claims:
            first[one, ""].append(decision)
            for other in maximus:
                both[one, other].append(decision)
    space = space_of(issues)
    decided = DecidedRows(space, BitMap(rows))
    assert decided.count == count_of(issues[key][0] for key in rows)
    assert decided.by("claims") == {pair: count_of(some) for pair, some in first.items()}
    assert decided.by_both("claims", "maximus") == {
        pair: count_of(some) for pair, some in both.items()
    }
    assert value_counts(space, BitMap(rows), "claims") == {
        value: len(some) for (value, _), some in first.items()
    }


@given(ISSUES)
def test_counting_changes_neither_the_rows_nor_the_index(issues):
    space, rows = space_of(issues), BitMap(issues)
    for _ in range(2):
        decided = DecidedRows(space, rows)
        decided.by("claims")
        decided.by_both("claims", "maximus")
        assert rows == BitMap(issues)
        assert space.keys == BitMap(issues)
        assert decided.count.total == len(issues)


def test_the_rate_is_of_what_was_decided():
    count = Count(total=10, upheld=3, overturned=2, partially=1)
    assert (count.decided, count.turned) == (6, 3)
    assert count.rate == pytest.approx(0.5)
    assert NONE.rate is None
    assert Count(total=4).rate is None

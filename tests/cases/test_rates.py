import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.analysis.rates import wilson_interval

counts = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(7, 41, 0.0853, 0.3126), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (500, 1000, 0.4691, 0.5309)],
)
def test_as_in_the_tables(hits, of, low, high):
    interval = wilson_interval(hits, of)
    assert (interval.low, interval.high) == (
        pytest.approx(low, abs=1e-4),
        pytest.approx(high, abs=1e-4),
    )


def test_nothing_says_nothing():
    assert wilson_interval(0, 0) is None


@given(counts)
def test_it_holds_the_share_and_stays_a_share(count):
    hits, of = count
    interval = wilson_interval(hits, of)
    assert 0 <= interval.low <= hits / of <= interval.high <= 1


@given(counts)
def test_it_mirrors(count):
    hits, of = count
    one, other = wilson_interval(hits, of), wilson_interval(of - hits, of)
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)


@given(counts)
def test_more_of_the_same_is_surer(count):
    hits, of = count
    one, ten = wilson_interval(hits, of), wilson_interval(hits * 10, of * 10)
    assert ten.high - ten.low < one.high - one.low

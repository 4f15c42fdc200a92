import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.analysis.rates import share_difference, wilson_interval

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


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((0, 10), (10, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_is_as_newcombe_gives_it(first, second, low, high):
    difference = share_difference(*first, *second)
    assert difference.value == pytest.approx(second[0] / second[1] - first[0] / first[1])
    assert difference.interval.low == pytest.approx(low, abs=1e-4)
    assert difference.interval.high == pytest.approx(high, abs=1e-4)


def test_nothing_differs_from_nothing():
    assert share_difference(0, 0, 1, 2) is None

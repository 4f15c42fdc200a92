"""How good rates were: bands, intervals, Brier score."""

from __future__ import annotations

import pytest

from reviews.desk.calibration import ENOUGH, Scored, calibrate


def test_each_request_is_in_one_band():
    scored = [Scored(rate / 20, rate % 3 == 0) for rate in range(21)]
    found = calibrate(scored)
    assert sum(band.count for band in found.bands) == found.count == 21
    assert sum(band.overturned for band in found.bands) == found.overturned == 7
    assert found.is_few


def test_brier_is_the_mean_squared_error():
    found = calibrate([Scored(0.2, False), Scored(0.6, True)])
    assert found.brier == pytest.approx((0.04 + 0.16) / 2)
    assert found.plain == pytest.approx(0.25)


def test_a_band_says_when_what_was_predicted_is_outside():
    found = calibrate([Scored(0.08, True)] * ENOUGH + [Scored(0.15, i < 5) for i in range(ENOUGH)])
    second, third = found.bands[1:3]
    assert not second.is_within
    assert third.is_within
    assert not found.is_few


def test_nothing_is_no_score():
    found = calibrate([])
    assert found.brier is None
    assert found.bands[0].happened is None
    assert found.bands[0].is_within

"""How good the rates of memos were: predicted against what happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.analysis.rates import Interval, wilson_interval

ENOUGH = 30  # scored requests, below which little can be said
BANDS = ((0.0, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 1.0))


@dataclass(frozen=True, slots=True)
class Scored:
    """The rate that a memo gave for a request, and whether IMR overturned it."""

    rate: float
    overturned: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Requests whose rate was from `low` up to, but for the last, not including `high`."""

    low: float
    high: float
    count: int
    overturned: int
    predicted: float | None  # the mean of their rates

    @property
    def label(self) -> str:
        return f"{100 * self.low:.0f}–{100 * self.high:.0f}%"

    @property
    def happened(self) -> float | None:
        return self.overturned / self.count if self.count else None

    @property
    def interval(self) -> Interval | None:
        return wilson_interval(self.overturned, self.count)

    @property
    def is_within(self) -> bool:
        """Whether what was predicted is within the interval of what happened."""
        interval = self.interval
        if interval is None or self.predicted is None:
            return True
        return interval.low <= self.predicted <= interval.high


@dataclass(frozen=True, slots=True)
class Calibration:
    """`brier` is the mean squared error of the rates: 0 is perfect. `plain` is that of giving
    every request the share that was overturned in all: a rate that says anything beats it."""

    bands: tuple[Band, ...]
    count: int
    overturned: int
    brier: float | None
    plain: float | None

    @property
    def is_few(self) -> bool:
        return self.count < ENOUGH


def calibrate(scored: Sequence[Scored]) -> Calibration:
    count, overturned = len(scored), sum(one.overturned for one in scored)
    brier = plain = None
    if count:
        share = overturned / count
        brier = sum((one.rate - one.overturned) ** 2 for one in scored) / count
        plain = share * (1 - share)
    bands = tuple(band_of(scored, low, high) for low, high in BANDS)
    return Calibration(bands, count, overturned, brier, plain)


def band_of(scored: Sequence[Scored], low: float, high: float) -> Band:
    own = [one for one in scored if low <= one.rate < high or (high == 1.0 == one.rate)]
    predicted = sum(one.rate for one in own) / len(own) if own else None
    return Band(low, high, len(own), sum(one.overturned for one in own), predicted)

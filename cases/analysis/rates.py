"""Confidence intervals of rates. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


def wilson_interval(hits: int, of: int) -> Interval | None:
    """The 95 % Wilson score interval of a share; None where there is nothing to go by.

    Unlike the usual p ± 1.96 s it stays within 0 and 1 and makes sense for a handful of cases
    and for shares near 0, which is where overturn rates are.
    """
    if of <= 0:
        return None
    share, z2 = hits / of, Z * Z
    middle = share + z2 / (2 * of)
    spread = Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = (middle - spread) / (1 + z2 / of), (middle + spread) / (1 + z2 / of)
    # Exact at the ends, where the arithmetic is off by a rounding.
    return Interval(0.0 if hits == 0 else max(0.0, low), 1.0 if hits == of else min(1.0, high))


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two shares, the second less the first; `interval` holds it with 95 % confidence."""

    value: float
    interval: Interval | None = None


def share_difference(hits: int, of: int, hits_2: int, of_2: int) -> Difference | None:
    """The difference of two shares of separate rows, with Newcombe's hybrid score interval
    (1998, method 10); None where one of them has nothing to go by."""
    first, second = wilson_interval(hits, of), wilson_interval(hits_2, of_2)
    if first is None or second is None:
        return None
    share, share_2 = hits / of, hits_2 / of_2
    value = share_2 - share
    down = sqrt((share_2 - second.low) ** 2 + (first.high - share) ** 2)
    up = sqrt((second.high - share_2) ** 2 + (share - first.low) ** 2)
    return Difference(value, Interval(value - down, value + up))

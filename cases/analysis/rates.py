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

"""Figures → the geometry of their plots, which templates under cases/plots/ draw as SVG. Pure.

Distances are in the units of the plot's view box; text is 12 units high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from cases.analysis.rates import Interval
from cases.index.counts import Count

LABELS, SCALE, NUMBERS, ROW, TOP = 210, 330, 100, 24, 44
CELL, SIDE, HEAD = 46, 170, 130


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One row: the rate at x, its interval from x0 to x1; without a rate there is no mark."""

    y: float
    label: str
    words: str
    x: float | None = None
    x0: float = 0
    x1: float = 0


@dataclass(frozen=True, slots=True)
class RatePlot:
    title: str
    width: int
    height: int
    ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    labels_at: int = LABELS - 10
    numbers_at: int = LABELS + SCALE + 14
    top: int = TOP - 14


def rate_plot(title: str, rows: Sequence[tuple[str, Count, Interval | None]]) -> RatePlot:
    top = scale_end(max((one.high for _, _, one in rows if one), default=0.2))
    points = tuple(
        point(TOP + i * ROW, label, count, interval, top)
        for i, (label, count, interval) in enumerate(rows)
    )
    steps = 5 if round(top * 100) % 5 == 0 else 4
    ticks = tuple(
        Tick(LABELS + SCALE * i / steps, f"{100 * top * i / steps:g}%") for i in range(steps + 1)
    )
    return RatePlot(title, LABELS + SCALE + NUMBERS, TOP + len(rows) * ROW, ticks, points)


def scale_end(high: float) -> float:
    """The round share at which the scale ends."""
    return next((end for end in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75) if high <= end), 1.0)


def point(y: float, label: str, count: Count, interval: Interval | None, top: float) -> Point:
    words = f"{count.turned:,} of {count.decided:,}"
    if interval is None or count.rate is None:
        return Point(y, shorten(label, 32), words)
    x, x0, x1 = (
        round(LABELS + SCALE * min(share, top) / top, 2)
        for share in (count.rate, interval.low, interval.high)
    )
    return Point(y, shorten(label, 32), words, x, x0, x1)


def shorten(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Bubble:
    """`shade` from 0 to 1 tells the overturn rate, the area how many issues."""

    x: float
    y: float
    radius: float
    shade: float
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class MatrixPlot:
    title: str
    width: int
    height: int
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    bubbles: tuple[Bubble, ...]


def matrix_plot(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Count]]]) -> MatrixPlot:
    largest = max((count.total for _, counts in rows for count in counts), default=0)
    bubbles = [
        Bubble(
            x=SIDE + (j + 0.5) * CELL,
            y=HEAD + (i + 0.5) * CELL,
            radius=round(max(1.5, (CELL / 2 - 2) * sqrt(count.total / largest)), 2),
            shade=round(min(1.0, 0.15 + 2.5 * (count.rate or 0)), 3),
            words=(
                f"{name} × {columns[j]}: {count.total:,} issues, {overturn_share(count)} overturned"
            ),
        )
        for i, (name, counts) in enumerate(rows)
        for j, count in enumerate(counts)
        if count.total
    ]
    return MatrixPlot(
        "Guidelines of the claims administrator (rows) and of MAXIMUS (columns)",
        SIDE + CELL * len(columns) + 60,
        HEAD + CELL * len(rows) + 34,
        tuple(
            Label(SIDE + (j + 0.5) * CELL, HEAD - 10, shorten(name, 20))
            for j, name in enumerate(columns)
        ),
        tuple(
            Label(SIDE - 10, HEAD + (i + 0.5) * CELL + 4, shorten(name, 22))
            for i, (name, _) in enumerate(rows)
        ),
        tuple(bubbles),
    )


def overturn_share(count: Count) -> str:
    return "–" if count.rate is None else f"{100 * count.rate:.1f}%"

"""The rows of a table of overturn rates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from cases.analysis.plots import RatePlot, rate_plot
from cases.analysis.rates import Interval, wilson_interval
from cases.index.counts import Count


class Rank(IntEnum):
    """Rows that stand for no single group come behind those that do."""

    GROUP = 0
    MORE = 1
    FEW = 2
    SILENT = 3


@dataclass(frozen=True, slots=True)
class RateRow:
    value: str
    label: str
    link: str | None
    count: Count
    interval: Interval | None
    rank: Rank = Rank.GROUP


@dataclass(frozen=True, slots=True)
class RateTable:
    name: str
    title: str
    heading: str
    rows: tuple[RateRow, ...]
    by_name: bool = False
    note: str = ""

    @property
    def plot(self) -> RatePlot:
        title = f"Overturn rate {self.title[0].lower()}{self.title[1:]}"
        return rate_plot(title, [(row.label, row.count, row.interval) for row in self.rows])


def rate_row(
    value: str, label: str, link: str | None, count: Count, rank: Rank = Rank.GROUP
) -> RateRow:
    return RateRow(value, label, link, count, wilson_interval(count.turned, count.decided), rank)

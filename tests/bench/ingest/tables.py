"""Prints runs of the bench as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.bench.ingest.measure import Run


def print_runs(runs: Sequence[Run]) -> None:
    print(
        f"{'database':<12}{'way':<9}{'workers':>7}{'letters':>9}{'seconds':>9}{'a second':>10}"
        f"{'ms of processor':>17}{'pdfplumber s':>14}{'times as fast':>15}{'by processor':>14}"
        f"{'load':>6}"
    )
    for run in runs:
        work = 1000 * sum(run.processor.values()) / run.letters
        print(
            f"{run.database:<12}{run.way:<9}{run.processes:>7}{run.letters:>9}{run.seconds:>9.1f}"
            f"{run.letters / run.seconds:>10.1f}{work:>17.1f}{run.plain.seconds:>14.1f}"
            f"{run.times_as_fast:>15.1f}{run.of_the_processor:>14.1f}{run.load:>6.1f}"
        )
        if run.parsed < run.letters:
            print(f"  only {run.parsed} of {run.letters} have a case")


def print_shares(runs: Sequence[Run]) -> None:
    for run in runs:
        print(f"\n{run.database}, {run.way}, {run.processes} worker(s): milliseconds a letter")
        print("processor  " + listed(run.processor, run.letters))
        for role, kinds in run.shares.items():
            print(f"{role:<11}{'on the clock':>32}{'processor':>12}{'calls':>8}")
            calls = kinds["calls"]
            for part, wall in Counter(kinds["wall"]).most_common():
                work = kinds["work"].get(part, 0.0)
                print(
                    f"  {part:<29}{1000 * wall / run.letters:>12.2f}"
                    f"{1000 * work / run.letters:>12.2f}{calls.get(part, 0) / run.letters:>8.2f}"
                )
            print(f"  statements{calls.get('statements', 0) / run.letters:>51.2f}")


def listed(seconds: dict[str, float], letters: int) -> str:
    found = Counter(seconds).most_common()
    return ", ".join(f"{role} {1000 * spent / letters:.1f}" for role, spent in found)

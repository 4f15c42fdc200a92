"""Prints what each page costs at both sizes, and how it grew."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .addresses import ADDRESSES, EXPORTS
from .databases import Database, databases, settle

ENGINES = ("sqlite", "postgresql")
LIMIT = 2.0


@dataclass(slots=True)
class Costs:
    """One address: its times in milliseconds, by size, and the last answer at each size."""

    address: str
    times: dict[int, list[float]] = field(default_factory=dict)
    work: dict[int, list[float]] = field(default_factory=dict)
    last: dict[int, dict] = field(default_factory=dict)

    def at(self, size: int) -> float:
        return median(self.times[size])

    @property
    def growth(self) -> float:
        small, large = self.times
        return self.at(large) / self.at(small)

    @property
    def growth_of_work(self) -> float:
        """By the time on the processor, which other programs on the machine hardly change. On
        PostgreSQL the server's own work is not in it."""
        small, large = self.work
        return median(self.work[large]) / median(self.work[small])

    @property
    def found(self) -> bool:
        return all(one["status"] < 400 for one in self.last.values())


def measure(made: Sequence[Database], addresses: Sequence[str], rounds: int) -> list[Costs]:
    """Asks every address at every size in turn, once to warm up and to count its queries, and then
    `rounds` times."""
    sizes = [one.size for one in made]
    costs = [
        Costs(address, {size: [] for size in sizes}, {size: [] for size in sizes})
        for address in addresses
    ]
    for count in range(rounds + 1):
        for cost in costs:
            for database in made:
                if not count:
                    cost.last[database.size] = database.ask(cost.address, "queries")
                else:
                    answer = database.ask(cost.address)
                    cost.times[database.size].append(answer["ms"])
                    cost.work[database.size].append(answer["cpu_ms"])
    return costs


def table(engine: str, costs: Sequence[Costs]) -> None:
    small, large = costs[0].times
    print(
        f"\n{engine}: median ms with {small:,} and with {large:,} cases, growth,"
        " growth of processor time, queries"
    )
    for cost in costs:
        if not cost.found:
            statuses = ", ".join(str(one["status"]) for one in cost.last.values())
            print(f"{cost.address:<88} answered {statuses}: not measured")
            continue
        mark = "  ←" if cost.growth > LIMIT else ""
        print(
            f"{cost.address:<88} {cost.at(small):8.1f} {cost.at(large):8.1f}"
            f" {cost.growth:6.2f} {cost.growth_of_work:6.2f} {cost.last[large]['queries']:4}{mark}"
        )
    measured = [cost for cost in costs if cost.found]
    within = sum(cost.growth <= LIMIT for cost in measured)
    worst = max(measured, key=lambda cost: cost.growth)
    print(
        f"{within} of {len(measured)} grow at most {LIMIT:g} times; median"
        f" {median(cost.growth for cost in measured):.2f}, worst {worst.growth:.2f} {worst.address}"
        f" ({sum(cost.growth_of_work <= LIMIT for cost in measured)} by processor time)"
    )


def explain(costs: Sequence[Costs]) -> None:
    for cost in costs:
        if cost.found and cost.growth > LIMIT:
            slowest = cost.last[max(cost.times)]["slowest"]
            print(f"\n{cost.address}\n  {slowest.get('time')} s: {slowest.get('sql', '')[:1500]}")


def export_memory(made: Sequence[Database]) -> None:
    """Whole CSVs, each in a fresh process: rows a second, when the first row comes, and the peak
    of the process's memory."""
    print("\nCSV: rows, MB, rows a second, ms to the first row, MB of memory at the most")
    for address in EXPORTS:
        answers = []
        for database in made:
            database.stop()
            database.start()
            database.ask(address.replace("export.csv", ""))  # what is loaded once is no growth
            answers.append(database.ask(address, "export"))
            told_export(address, answers[-1])
        if all(one["status"] == 200 and one["rows"] for one in answers):
            small, large = answers
            print(
                f"{'':<24} memory grows {large['peak_mb'] / small['peak_mb']:.2f} times for"
                f" {large['rows'] / small['rows']:.0f} times the rows"
            )


def told_export(address: str, one: dict) -> None:
    if one["status"] != 200:
        print(f"{address} answered {one['status']}: not measured")
        return
    print(
        f"{address:<24} {one['rows']:>9,} {one['bytes'] / 1e6:8.1f}"
        f" {one['rows'] / one['seconds']:9,.0f} {one['first_ms']:8.0f} {one['peak_mb']:7.0f}"
    )


def run(engine: str, sizes: list[int], options: argparse.Namespace) -> list[Costs]:
    with databases(engine, sizes, Path(options.folder)) as made:
        for database in made:
            taken = database.fill(options.seed)
            settle(database)
            print(f"{engine}: {database.size:,} cases made up in {taken:.1f} s", flush=True)
            database.start()
        addresses = [a for a in ADDRESSES if options.only in a]
        costs = measure(made, addresses, options.rounds)
        table(engine, costs)
        if options.explain:
            explain(costs)
        if not options.only:
            export_memory(made)
    return costs


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    large = int(os.environ.get("N") or 100_000)
    parser.add_argument("--sizes", type=int, nargs=2, default=[1000, large])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="addresses that hold this text")
    parser.add_argument("--explain", action="store_true", help="the slowest query of what grows")
    parser.add_argument("--strict", action="store_true", help=f"exit 1 where it grows over {LIMIT}")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-scale-") as folder:
        options.folder = folder
        os.chmod(folder, 0o755)
        costs = [cost for engine in options.engines for cost in run(engine, options.sizes, options)]
    grown = [cost for cost in costs if cost.found and cost.growth > LIMIT]
    return int(options.strict and bool(grown))


if __name__ == "__main__":
    sys.exit(main())

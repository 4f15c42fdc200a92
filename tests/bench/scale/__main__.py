"""Prints what each page costs at each size, how it grew, and whether its numbers are exact."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .addresses import ADDRESSES, EXPORTS
from .databases import Database, databases, settle
from .exact import ENGINES, check

# Milliseconds that a list, its facets or Compare may take under any filter, by number of cases.
GOALS = {1000: 80, 100_000: 80, 1_000_000: 250}
HELD_TO_GOALS = ("/cases/?", "/issues/?", "/citations/?", "/documents/?", "/annotations/?")
HELD_TO_GOALS += ("/reviews/?", "/compare/?")
MOST_MEMORY = 250  # megabytes that a web process may take more than with the fewest cases
WORST = 5


@dataclass(slots=True)
class Costs:
    """One address: its times in milliseconds and those on the processor, by size, and the last
    answer at each size. Other programs on the machine hardly change the latter; on PostgreSQL the
    server's own work is not in it."""

    address: str
    times: dict[int, list[float]] = field(default_factory=dict)
    work: dict[int, list[float]] = field(default_factory=dict)
    last: dict[int, dict] = field(default_factory=dict)

    def at(self, size: int) -> float:
        return median(self.times[size])

    @property
    def growth(self) -> float:
        return self.at(max(self.times)) / self.at(min(self.times))

    @property
    def found(self) -> bool:
        return all(one["status"] < 400 for one in self.last.values())

    @property
    def over(self) -> list[int]:
        """Sizes at which it takes longer than it should."""
        held = f"{self.address}?".replace("#", "?").startswith(HELD_TO_GOALS)
        return [size for size in self.times if held and self.at(size) > GOALS.get(size, 1e9)]


def measure(made: Sequence[Database], addresses: Sequence[str], rounds: int) -> list[Costs]:
    """Asks every address at every size in turn, once to warm up and to count its queries, and then
    `rounds` times."""
    sizes = [one.size for one in made]
    costs = [Costs(one, {n: [] for n in sizes}, {n: [] for n in sizes}) for one in addresses]
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
    sizes = [*costs[0].times]
    print(f"\n{engine}: median ms (least–most) with {' and '.join(f'{n:,}' for n in sizes)} cases,")
    print("growth, ms on the processor with the most cases, queries; ← takes longer than it should")
    for cost in costs:
        if not cost.found:
            statuses = ", ".join(str(one["status"]) for one in cost.last.values())
            print(f"{cost.address:<88} answered {statuses}: not measured")
            continue
        times = "".join(in_words(cost.times[size]) for size in sizes)
        work, queries = median(cost.work[sizes[-1]]), cost.last[sizes[-1]]["queries"]
        mark = "  ←" if cost.over else ""
        print(f"{cost.address:<88}{times} {cost.growth:6.2f} {work:7.1f} {queries:4}{mark}")
    summary([cost for cost in costs if cost.found], sizes)


def in_words(times: Sequence[float]) -> str:
    return f" {median(times):7.1f} {f'({min(times):.0f}–{max(times):.0f})':<11}"


def summary(costs: Sequence[Costs], sizes: Sequence[int]) -> None:
    print(f"growth: median {median(cost.growth for cost in costs):.2f}")
    for size in sizes:
        middle = median(cost.at(size) for cost in costs)
        within = sum(size not in cost.over for cost in costs)
        goal = f", {within} of {len(costs)} within {GOALS[size]} ms" if size in GOALS else ""
        work = median(median(cost.work[size]) for cost in costs)
        print(
            f"{size:,} cases: median {middle:.1f} ms, {work:.1f} on the processor{goal}; slowest:"
        )
        for cost in sorted(costs, key=lambda cost: -cost.at(size))[:WORST]:
            print(f"  {cost.at(size):7.1f} {cost.address}")


def explain(costs: Sequence[Costs]) -> None:
    for cost in costs:
        if cost.found and cost.over:
            slowest = cost.last[max(cost.times)]["slowest"]
            print(f"\n{cost.address}\n  {slowest.get('time')} s: {slowest.get('sql', '')[:1500]}")


def figures_of(costs: Sequence[Costs], taken: dict[int, float]) -> Iterator[tuple[int, dict]]:
    """Size → processor time of the median page, and memory."""
    for size, own_mb in taken.items():
        work = median(median(cost.work[size]) for cost in costs if cost.found)
        yield size, {"cpu_ms": work, "own_mb": own_mb}


def memory(made: Sequence[Database]) -> dict[int, float]:
    """Of processes that have answered every address."""
    taken = {one.size: one.ask("/", "memory") for one in made}
    print("\nmemory of the process: its own and resident MB")
    least = min(one["own_mb"] for one in taken.values())
    for size, one in taken.items():
        mark = "  ←" if one["own_mb"] - least > MOST_MEMORY else ""
        print(f"{size:>9,} cases {one['own_mb']:7.0f} {one['resident_mb']:7.0f}{mark}")
    return {size: one["own_mb"] for size, one in taken.items()}


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
            small, large = answers[0], answers[-1]
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


def run(engine: str, options: argparse.Namespace) -> bool:
    """Whether all was as it should be."""
    with databases(engine, options.sizes, Path(options.folder)) as made:
        for database in made:
            taken = database.fill(options.seed)
            settle(database)
            print(f"{engine}: {database.size:,} cases made up in {taken:.1f} s", flush=True)
            database.start()
        costs = measure(made, [a for a in ADDRESSES if options.only in a], options.rounds)
        table(engine, costs)
        if options.explain:
            explain(costs)
        taken = memory(made)
        options.figures[engine] = dict(figures_of(costs, taken))
        if options.only:
            return not any(cost.over for cost in costs)
        export_memory(made)
        exact = all(check(database, options.combinations, options.seed) for database in made)
        options.figures[engine]["exact"] = exact
    return exact and not any(cost.over for cost in costs)


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    large = int(os.environ.get("N") or 100_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, large])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="other cases and combinations")
    parser.add_argument("--only", default="", help="addresses that hold this text")
    parser.add_argument("--combinations", type=int, default=300, help="to check exactness with")
    parser.add_argument("--keep", metavar="DIR", help="where databases stay for the next run")
    parser.add_argument("--json", metavar="FILE", help="where the figures are written too")
    parser.add_argument("--explain", action="store_true", help="the slowest query of what is slow")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a goal is missed")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-scale-") as folder:
        os.chmod(folder, 0o755)
        options.folder = os.path.abspath(options.keep or folder)
        options.figures = {}
        reached = [run(engine, options) for engine in options.engines]
    if options.json:
        Path(options.json).write_text(json.dumps(options.figures) + "\n")
    return int(options.strict and not all(reached))


if __name__ == "__main__":
    sys.exit(main())

"""The figures of `make bench`: what is kept of each bench, and README's table of them.

`python -m tests.bench.figures` writes the table into README from docs/bench.json, which
`python -m tests.bench` writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "bench.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- figures of make bench -->", "<!-- end of figures -->"
# The figures in README: those whose names hold all words of a line.
SHOWN = (
    ("fields read right",),
    ("parsing",),
    ("2 workers", "as fast"),
    ("2 workers", "processor time"),
    ("case list, as long",),
    ("case page, as long",),
    ("50 people",),
    ("first paint",),
    ("scripts and style sheets",),
    ("CSV of cases",),
    ("random filters",),
)
PEOPLE = "50 people, without a pause"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a bench. Of `unit` "times" and the like more or less may be better."""

    bench: str
    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:,.{0 if self.value >= 1000 else 1}f} {self.unit}"


Figures = list[Figure]
Named = Iterator[tuple[str, float, str]]


def of_accuracy(told: Mapping[str, float]) -> Named:
    for kind, share in told.items():
        yield f"fields read right, {kind} letters", share, "%"


def of_reading(told: Mapping[str, Any]) -> Named:
    seconds = told["seconds"]
    plain = seconds["pdfplumber extract_text"]
    yield "parsing, as fast as pdfplumber’s extraction", plain / seconds["read_pdf"], "times"
    yield "parsing a page", 1000 * seconds["read_pdf"] / told["pages"], "ms"


def of_ingest(told: list[dict[str, Any]]) -> Named:
    for run in told:
        count = run["processes"]
        workers = "1 worker" if count == 1 else f"{count} workers"
        name = f"ingest by {run['way']}, {run['database']}, {workers}"
        yield f"{name}, as fast as pdfplumber", run["plain"]["seconds"] / run["seconds"], "times"
        yield f"{name}", run["letters"] / run["seconds"], "letters a second"
        work = sum(run["processor"].values())
        yield f"{name}, processor time", 1000 * work / run["letters"], "ms a letter"


def of_pages(told: list[dict[str, Any]]) -> Named:
    empty = told[0]["cpu_ms"]
    for page in told[1:]:
        yield f"{page['name']}, as long as an empty page", page["cpu_ms"] / empty, "times"
        yield f"{page['name']}, queries", page["queries"], "queries"


def of_http(told: list[dict[str, Any]]) -> Named:
    for row in told:
        if row["load"] == PEOPLE:
            yield f"{row['page']}, 50 people", row["per_second"], "pages a second"
            yield f"{row['page']}, 50 people, 95 of 100 within", row["p95"], "ms"


def of_web(told: dict[str, Any]) -> Named:
    pages = told["pages"]
    yield "first paint of a page, half within", median(one["paint_ms"] for one in pages), "ms"
    yield "first paint of a page, the slowest", max(one["paint_ms"] for one in pages), "ms"
    shift = max(one["shift"] for one in pages)
    yield "layout shift, the most of a page (goal 20)", 1000 * shift, "thousandths"
    yield "errors of the console, all pages", sum(one["errors"] for one in pages), "errors"
    yield "scripts and style sheets, compressed", sum(told["weights"].values()) / 1000, "kB"


def of_export(told: Mapping[str, float]) -> Named:
    for name, ratio in told.items():
        yield f"CSV of {name}, as long as a plain dump", ratio, "times"


def of_scale(told: Mapping[str, dict[str, Any]]) -> Named:
    for engine, sizes in told.items():
        for size, one in sizes.items():
            if size == "exact":
                yield f"{engine}, random filters exact", 100.0 * one, "%"
                continue
            yield f"{engine}, median page at {int(size):,} cases", one["cpu_ms"], "ms"
            yield f"{engine}, web process at {int(size):,} cases", one["own_mb"], "MB"


READERS: dict[str, Callable[[Any], Named]] = {
    "accuracy": of_accuracy,
    "reading": of_reading,
    "ingest": of_ingest,
    "pages": of_pages,
    "http": of_http,
    "web": of_web,
    "export": of_export,
    "scale": of_scale,
}


def figures_of(bench: str, told: Any) -> Figures:
    """What is kept of the JSON that a bench wrote."""
    return [Figure(bench, *one) for one in READERS[bench](told)]


def load_figures(path: Path = FILE) -> Figures:
    """Those that were measured last; none before the first time."""
    if not path.exists():
        return []
    return [Figure(**one) for one in json.loads(path.read_text())["figures"]]


def table(path: Path = FILE) -> str:
    """The figures as README shows them."""
    told = json.loads(path.read_text())
    lines = [f"Measured with {told['sizes']}; {told['machine']}.", ""]
    lines += ["| bench | figure | value |", "|---|---|---|"]
    shown = [one for one in load_figures(path) if is_shown(one)]
    lines += [f"| {one.bench} | {one.name} | {one} |" for one in shown]
    return "\n".join(lines)


def is_shown(figure: Figure) -> bool:
    return any(all(word in figure.name for word in words) for words in SHOWN)


def with_table(readme: str, table: str) -> str:
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(), table()))

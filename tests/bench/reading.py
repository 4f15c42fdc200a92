"""Prints what reading letters costs, as shares of plain pdfplumber's extraction of their text.

`python -m tests.bench.reading [FOLDER] [-n N]`: the first N PDFs in FOLDER, 60 unless told, or as
many printed letters that are made up. All ways are taken with each file in turn, so that whatever
else the machine does slows all alike. The figures are processor time of one process, without
start-up.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pdfplumber

from cases.letters.reader import read_pdf
from cases.letters.reading.fast.pages import FastFile
from cases.letters.reading.pages import read_pages, reference_pages
from tests.bench.ingest.letters import write_letters

MAX_PAGES = 500
PLAIN = "pdfplumber extract_text"
READ = "read_pdf"

Way = Callable[[Path], object]


def extract_text(path: Path) -> None:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.close()


WAYS: dict[str, Way] = {
    PLAIN: extract_text,
    "read_pdf, reference pages": lambda path: read_pdf(
        path, max_pages=MAX_PAGES, pages_of=reference_pages
    ),
    READ: lambda path: read_pdf(path, max_pages=MAX_PAGES),
    "of it, pages of words": lambda path: list(read_pages(path, max_pages=MAX_PAGES)),
}


def measure(paths: Sequence[Path], rounds: int) -> dict[str, float]:
    """Seconds of each way over all files, the best of some rounds of each file."""
    spent: Counter[str] = Counter()
    for path in paths:
        for name, way in WAYS.items():
            spent[name] += min(seconds(way, path) for _ in range(rounds))
    return dict(spent)


def seconds(way: Way, path: Path) -> float:
    began = time.process_time()
    way(path)
    return time.process_time() - began


def pages_left(paths: Sequence[Path]) -> tuple[int, Counter[str]]:
    """How many pages there are, and why some of them are left to the reference."""
    count, reasons = 0, Counter[str]()
    for path in paths:
        with path.open("rb") as file:
            try:
                fast = FastFile(file)
            except Exception as problem:
                reasons[f"whole file: {problem}"] += 1
                continue
            for number in range(1, len(fast.pages) + 1):
                count += 1
                try:
                    fast.read_page(number)
                except Exception as problem:
                    reasons[str(problem)] += 1
    return count, reasons


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reading", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="made-up letters unless told")
    parser.add_argument("-n", type=int, default=60, help="how many files (60)")
    parser.add_argument("--rounds", type=int, default=2, help="the best of so many counts (2)")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    return parser.parse_args()


def main() -> None:
    options = parse_options()
    with TemporaryDirectory(prefix="imr-reading-") as folder:
        if options.folder is None:
            paths = write_letters(Path(folder), options.n)
        else:
            paths = sorted(options.folder.glob("*.pdf"))[: options.n]
        report(options, paths)


def report(options: argparse.Namespace, paths: Sequence[Path]) -> None:
    for way in WAYS.values():  # what is loaded at first use counts as start-up
        way(paths[0])
    spent = measure(paths, options.rounds)
    count, reasons = pages_left(paths)
    print(f"{len(paths)} files, {count} pages")
    for name, taken in spent.items():
        faster = spent[PLAIN] / taken
        print(f"{name:28}{taken:8.2f} s{taken / spent[PLAIN]:9.1%}{faster:8.1f} times as fast")
    print(f"pages left to the reference: {sum(reasons.values())} {dict(reasons) or ''}")
    if options.json:
        figures = {"files": len(paths), "pages": count, "seconds": spent, "left": dict(reasons)}
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()

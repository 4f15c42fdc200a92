"""Prints how long letters take from their files to their cases, beside plain pdfplumber.

`python -m tests.bench.ingest [N] [--letters FOLDER]`: with N printed letters that are made up, 500
unless told, or copies of those in the folder, on SQLite and, where it is installed, PostgreSQL, by
one worker process and by two. Broker and worker are started as `make run` does, and have read a
few letters before the clock starts; the time is that from the first file to the last case.
Plain pdfplumber extracts the text of the same letters with the same number of processes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.bench.ingest.installation import Installation
from tests.bench.ingest.letters import write_letters
from tests.bench.ingest.measure import Run, measure
from tests.bench.ingest.plain import Plain, extract_all
from tests.bench.ingest.tables import print_runs, print_shares
from tests.postgres import new_database, private_server, programs

LETTERS = 500
WARM_UP = 12  # letters; each worker process starts its sandbox with its first
WAYS = ("command", "archive")


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ingest", description=__doc__)
    parser.add_argument("n", type=int, nargs="?", default=int(os.environ.get("N") or LETTERS))
    parser.add_argument("--letters", type=Path, metavar="FOLDER", help="copies of these, not made")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--no-plain", action="store_true", help="leave pdfplumber out")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-ingest-") as folder:
        runs = list(run_all(options, Path(folder)))
    print_runs(runs)
    print_shares(runs)
    if options.json:
        options.json.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n")
    return int(any(run.parsed < run.letters for run in runs))


def run_all(options: argparse.Namespace, folder: Path) -> Iterator[Run]:
    made = write_letters(folder / "all", options.n + WARM_UP, options.letters)
    warm_up, letters = move(made[:WARM_UP], folder / "warm-up"), folder / "all"
    paths = sorted(letters.glob("*.pdf"))
    print(f"{len(paths)} letters, load of the machine {os.getloadavg()[0]:.1f}", flush=True)
    with servers(options.databases) as known:
        for processes in options.processes:
            plain = Plain(0, 0) if options.no_plain else extract_all(paths, processes)
            for name, server in known.items():
                for way in options.ways:
                    place = folder / f"{name}-{processes}-{way}"
                    url = new_database(server) if server else ""
                    installation = Installation(place, url, processes)
                    yield measure(installation, name, way, warm_up, letters, plain)


def move(paths: Sequence[Path], folder: Path) -> Path:
    folder.mkdir()
    for path in paths:
        path.rename(folder / path.name)
    return folder


@contextmanager
def servers(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """The databases there are, with the address of the server of those that have one."""
    bin_dir = programs()
    if "postgresql" not in names or bin_dir is None:
        yield {name: "" for name in names if name == "sqlite"}
        return
    with private_server(bin_dir) as url:
        yield {name: url if name == "postgresql" else "" for name in names}


if __name__ == "__main__":
    sys.exit(main())

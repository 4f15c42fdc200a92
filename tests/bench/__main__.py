"""`make bench`: runs every bench, prints their tables, and what changed since the last figures.

`python -m tests.bench [BENCH …]`: all unless told, at sizes at which two processors need a quarter
of an hour; N=100000 in the environment for more cases, LETTERS=500 for more letters. The figures go
to docs/bench.json, where those of benches that were not run stay; commit it to compare with them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.figures import FILE, READERS, ROOT, Figures, figures_of, load_figures

CASES = int(os.environ.get("N") or 10_000)
LETTERS = int(os.environ.get("LETTERS") or 60)


def arguments_of(bench: str, folder: Path) -> list[str]:
    """At the sizes of this run. The benches of pages share one database."""
    kept = ["--keep", str(folder / "cases")]
    return {
        "accuracy": [str(LETTERS)],
        "reading": ["-n", str(LETTERS)],
        "ingest": [str(LETTERS), "--ways", "command"],
        "pages": [str(CASES), "--rounds", "20", *kept],
        "http": [str(CASES), "--seconds", "3", *kept],
        "web": [str(CASES), *kept],
        "export": [str(CASES)],
        "scale": ["--sizes", "1000", str(CASES), "--rounds", "2", "--combinations", "60"],
    }[bench]


def main(benches: Sequence[str]) -> int:
    before, found, failed = load_figures(), {}, []
    with tempfile.TemporaryDirectory(prefix="imr-bench-") as folder:
        os.chmod(folder, 0o755)
        for bench in benches or READERS:
            told = Path(folder) / f"{bench}.json"
            if not run(bench, Path(folder), told):
                failed.append(bench)
            if told.exists():
                found[bench] = figures_of(bench, json.loads(told.read_text()))
    print_changes(before, [one for figures in found.values() for one in figures])
    save(found)
    for bench in failed:
        print(f"{bench} missed a goal or failed; see above")
    return len(failed)


def run(bench: str, folder: Path, told: Path) -> bool:
    print(f"\n== {bench}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", f"tests.bench.{bench}", *arguments_of(bench, folder)]
    done = subprocess.run([*command, "--json", str(told)], cwd=ROOT, check=False)
    print(f"({time.monotonic() - began:.0f} s)", flush=True)
    return done.returncode == 0


def print_changes(before: Figures, now: Figures) -> None:
    """Against the figures that were committed last."""
    was = {(one.bench, one.name): one.value for one in before}
    print(f"\n{'bench':<10}{'figure':<72}{'now':>24}{'before':>10}{'change':>9}")
    for one in now:
        old = was.get((one.bench, one.name))
        told = f"{old:>10,.1f}{change(old, one.value):>9}" if old is not None else ""
        print(f"{one.bench:<10}{one.name:<72}{one!s:>24}{told}")


def change(old: float, new: float) -> str:
    return f"{100 * (new - old) / old:+.0f} %" if old else ""


def save(found: dict[str, Figures]) -> None:
    before = load_figures(FILE)
    kept = {bench: [one for one in before if one.bench == bench] for bench in READERS} | found
    told = {
        "sizes": f"{CASES:,} cases and {LETTERS} letters",
        "machine": f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end",
        "figures": [asdict(one) for bench in READERS for one in kept[bench]],
    }
    FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

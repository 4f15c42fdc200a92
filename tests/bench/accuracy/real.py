"""The score on real letters, which stand outside of this repository, by the scorer beside them.

The folder is `IMR_REAL_LETTERS`, or `../shared/letters/real` beside the repository. It holds a
PDF and its truth (JSON) for each case, and `score.py TRUTH OUTPUT`, a program that scores what
`manage.py parse` prints.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SUMMARY = re.compile(
    r"(?P<letters>\d+) letters, citations missing (?P<missing>\d+), spurious (?P<spurious>\d+);"
    r" right (?P<right>[\d.]+) % of (?P<values>\d+)"
)


@dataclass(frozen=True, slots=True)
class RealScore:
    """What the scorer found; `report` is its whole output, a row a field."""

    report: str
    letters: int
    missing: int
    spurious: int
    right: float  # percent of all values


def find_letters() -> Path | None:
    """The folder with the real letters, None where there is none."""
    given = os.environ.get("IMR_REAL_LETTERS")
    folder = Path(given) if given else ROOT.parent / "shared" / "letters" / "real"
    return folder if (folder / "score.py").is_file() else None


def read_letter(path: Path) -> str:
    """The file's line of `manage.py parse`, as far as the scorer looks at it."""
    from cases.letters.reader import read_pdf
    from cases.letters.record import dump_letter

    reading = read_pdf(path, max_pages=500)
    letters = [dump_letter(letter) for letter in reading.letters]
    return json.dumps({"file": path.name, "letters": letters}, ensure_ascii=False)


def read_letters(folder: Path, processes: int = 1) -> list[str]:
    paths = sorted(folder.glob("*.pdf"))
    if processes == 1:
        return [read_letter(path) for path in paths]
    with multiprocessing.Pool(processes) as pool:
        return pool.map(read_letter, paths, chunksize=4)


def score_output(folder: Path, lines: Sequence[str], *, verbose: bool = False) -> RealScore:
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "output.jsonl"
        output.write_text("\n".join(lines))
        command = [sys.executable, folder / "score.py", folder, output]
        run = subprocess.run(
            [*command, "-v"] if verbose else command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    found = SUMMARY.search(run.stdout)
    if found is None:
        raise RuntimeError(f"The scorer printed no summary: {run.stdout}{run.stderr}")
    return RealScore(
        run.stdout.strip(),
        int(found["letters"]),
        int(found["missing"]),
        int(found["spurious"]),
        float(found["right"]),
    )

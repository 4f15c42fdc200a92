"""Fifty people browse, search, annotate and review while letters come in; prints how long each page
takes, every error, and whether anything that was written or uploaded is missing.

`python -m tests.bench.load [LETTERS]`: 5,000 printed letters unless told, on top of made-up cases,
with everything started as `make run` does. The people are locust's, in a process of their own on
the same machine, so that the figures are of a server that shares its processors with them.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.ingest.letters import write_letters
from tests.product import PASSWORD, ROOT, Product

LETTERS, PEOPLE, CASES = 5000, 50, 5000
ACCOUNTS = """
from django.contrib.auth.models import Group, User
from django.contrib.auth.hashers import make_password
password = make_password({password!r}, hasher="default")
lead = Group.objects.get(name="lead")
made = User.objects.bulk_create(
    User(username=f"load-{{n}}", password=password) for n in range(1, {people} + 1)
)
for one in made:
    one.groups.add(lead)
"""
FOUND = """
import json
from collections import Counter
from cases.models import Case, Document
from reviews.models import Annotation
words = Counter(
    comment.rsplit("load", 1)[1].rstrip(".")
    for comment in Annotation.objects.filter(comment__contains=", load")
    .values_list("comment", flat=True)
)
print(json.dumps({
    "words": words,
    "documents": Document.objects.exclude(parser_version="made-up").count(),
    "parsed": Document.objects.exclude(parser_version="made-up").filter(status="parsed").count(),
    "cases": Case.objects.exclude(document__parser_version="made-up").count(),
}))
"""


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Milliseconds from the request to the whole answer."""

    name: str
    requests: int
    failures: int
    p50: int
    p95: int
    p99: int


@dataclass(frozen=True, slots=True)
class Outcome:
    seconds: float
    letters: int
    parsed: int
    pages: tuple[PageTimes, ...]
    errors: tuple[str, ...]
    written: int
    lost: int
    doubled: int

    @property
    def is_good(self) -> bool:
        return not (self.errors or self.lost or self.doubled) and self.parsed == self.letters


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("letters", type=int, nargs="?", default=LETTERS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--cases", type=int, default=CASES, help="made up beforehand")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    told = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-load-") as folder:
        outcome = run(Path(folder), told.letters, told.people, told.cases)
    print_outcome(outcome, told.people)
    if told.json:
        told.json.write_text(json.dumps(asdict(outcome), indent=1) + "\n")
    return 0 if outcome.is_good else 1


def run(folder: Path, letters: int, people: int, cases: int) -> Outcome:
    made = write_letters(folder / "letters", letters, None)
    product = Product(folder / "var", LOG_LEVEL="WARNING")
    try:
        product.start()
        product.wait_until(product.has_samples, 120)
        before = found(product)
        manage(product, "synthesize", str(cases))
        script = ACCOUNTS.format(password=PASSWORD, people=people)
        manage(product, "shell", "-v0", "-c", script)
        written = folder / "written.txt"
        written.touch()
        crowd = start_people(folder, product, people, written)
        time.sleep(people / 5)  # all of them have come
        began = time.monotonic()
        manage(product, "ingest", str(folder / "letters"), "--wait")
        seconds = time.monotonic() - began
        crowd.terminate()
        crowd.wait(90)
        after = found(product)
    finally:
        product.clean_up()
    words = [line.removeprefix("load") for line in written.read_text().split()]
    kept = after["words"]
    return Outcome(
        seconds=round(seconds, 1),
        letters=len(made),
        parsed=after["parsed"] - before["parsed"],
        pages=tuple(page_times(folder / "times_stats.csv")),
        errors=tuple(errors_in(folder / "times_failures.csv")),
        written=len(words),
        lost=sum(word not in kept for word in words),
        doubled=sum(count > 1 for count in kept.values()),
    )


def start_people(
    folder: Path, product: Product, people: int, written: Path
) -> subprocess.Popen[bytes]:
    command = [
        str(Path(sys.executable).parent / "locust"), "--headless", "--only-summary",
        "--locustfile", str(Path(__file__).with_name("people.py")), "--host", product.url,
        "--users", str(people), "--spawn-rate", "5", "--stop-timeout", "60",
        "--csv", str(folder / "times"),
    ]  # fmt: skip
    told = {"IMR_LOAD_PASSWORD": PASSWORD, "IMR_LOAD_WRITTEN": str(written)}
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | told, stdout=subprocess.DEVNULL,
        stderr=(folder / "locust.log").open("wb"),
    )  # fmt: skip


def manage(product: Product, *arguments: str) -> str:
    """What a command says; it may take as long as it likes."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=product.env | {"IMR_LOCAL": "true"}, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def found(product: Product) -> dict:
    return json.loads(manage(product, "shell", "-v0", "-c", FOUND).splitlines()[-1])


def page_times(file: Path) -> list[PageTimes]:
    with file.open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["Name"] != "Aggregated"]
    return [
        PageTimes(
            f"{row['Name']}" if row["Type"] == "GET" else f"{row['Name']} ({row['Type']})",
            int(row["Request Count"]),
            int(row["Failure Count"]),
            *(round(float(row[name])) for name in ("50%", "95%", "99%")),
        )
        for row in rows
    ]


def errors_in(file: Path) -> list[str]:
    with file.open() as lines:
        return [
            f"{row['Occurrences']} × {row['Method']} {row['Name']}: {row['Error']}"
            for row in csv.DictReader(lines)
        ]


def print_outcome(outcome: Outcome, people: int) -> None:
    pace = outcome.parsed / outcome.seconds
    print(f"{people} people, {outcome.parsed} of {outcome.letters} letters read in"
          f" {outcome.seconds:.0f} s ({pace:.1f} a second)")  # fmt: skip
    print(f"{'page':<34}{'requests':>9}{'failed':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}")
    for one in sorted(outcome.pages, key=lambda page: -page.requests):
        print(
            f"{one.name:<34}{one.requests:>9}{one.failures:>8}{one.p50:>8}{one.p95:>8}{one.p99:>8}"
        )
    print(f"annotations written {outcome.written}, lost {outcome.lost}, doubled {outcome.doubled}")
    for error in outcome.errors:
        print(f"error: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""python -m tests.bench.accuracy: made-up letters, and how much of them the parser reads right."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .letters import FORMATS, UNKNOWN
from .package import make_package
from .printed.package import make_printed
from .real import find_letters, read_letters, score_output
from .score import APART, FIELDS, Check, Scores, score_file, table

KINDS = ("made-up", "printed", "real")
EXAMPLES = Path(__file__).resolve().parents[2] / "letters"


@dataclass(frozen=True)
class Job:
    number: int
    seed: int
    noise: int
    formats: tuple[str, ...]
    authors: tuple[int, ...]
    folder: str
    keep: bool
    printed: bool


@dataclass(frozen=True)
class Outcome:
    name: str
    looks: str
    pages: int
    checks: list[Check]
    error: str | None = None


def read(path: Path) -> tuple[list[dict], int, str | None]:
    """The letters the parser finds, the pages it read, and its error if it gave one."""
    from cases.letters.reader import read_pdf
    from cases.letters.record import dump_letter

    try:
        reading = read_pdf(path, max_pages=500)
    except Exception as error:
        return [], 0, f"{type(error).__name__}: {error}"
    code = reading.error and reading.error.code
    return [dump_letter(letter) for letter in reading.letters], reading.page_count or 0, code


def run(job: Job) -> Outcome:
    kind = "printed" if job.printed else "noise"
    name = f"{job.seed}-{kind}{job.noise}-{job.number:04d}"
    path = Path(job.folder) / f"{name}.pdf"
    seed = f"{job.seed}/{job.noise}/{job.number}"
    if job.printed:
        made = make_printed(path, seed, noise=job.noise)
    else:
        made = make_package(path, seed, noise=job.noise, formats=job.formats, authors=job.authors)
    if job.keep:
        truth = json.dumps({**made.truth, "looks": made.looks}, indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(truth)
    given, pages, error = read(path)
    if not job.keep:
        path.unlink()
    return Outcome(name, made.looks, pages, list(score_file(made.truth, given)), error)


def run_examples() -> Iterator[Outcome]:
    for truth in sorted(EXAMPLES.glob("*.json")):
        path = truth.with_suffix(".pdf")
        if path.exists():
            given, pages, error = read(path)
            checks = list(score_file(json.loads(truth.read_text()), given))
            yield Outcome(path.name, "", pages, checks, error)


def run_all(options: argparse.Namespace, folder: str, *, printed: bool) -> Iterator[Outcome]:
    jobs = [
        Job(
            number,
            options.seed,
            options.noise,
            options.formats,
            tuple(options.authors),
            folder,
            bool(options.keep),
            printed,
        )
        for number in (options.only or range(options.n))
    ]
    if options.processes == 1:
        yield from map(run, jobs)
        return
    with multiprocessing.Pool(options.processes) as pool:
        yield from pool.imap(run, jobs, chunksize=4)


def format_names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - {*FORMATS, UNKNOWN}:
        raise argparse.ArgumentTypeError(f"no such format: {', '.join(sorted(unknown))}")
    return names


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy", description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=200, help="how many files (200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=int, choices=(0, 1, 2), default=1, help="2 is nasty")
    parser.add_argument(
        "--formats", type=format_names, default=FORMATS, help=f"of {','.join((*FORMATS, UNKNOWN))}"
    )
    parser.add_argument(
        "--authors", type=int, nargs="+", choices=(1, 2), default=(1, 2), help="whose wording"
    )
    parser.add_argument(
        "--kinds", nargs="+", choices=KINDS, default=KINDS, help="final-2016 as printed; real ones"
    )
    parser.add_argument("--keep", metavar="DIR", help="leave the PDFs and their truth there")
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="just these files")
    parser.add_argument("--show", metavar="FIELD", choices=[*FIELDS, "all"])
    parser.add_argument("--most", type=int, default=12, help="mismatches to show (12)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--examples", action="store_true", help="score tests/letters instead")
    parser.add_argument("--json", metavar="FILE", help="where the shares are written too")
    parser.add_argument("--floor", type=float, help="exit 1 if less of all fields is right")
    return parser.parse_args(arguments)


def clipped(value: object, other: object) -> str:
    """The value, long texts cut to where they part from the other."""
    text, against = (json.dumps(one, ensure_ascii=False) for one in (value, other))
    if len(text) < 300:
        return text
    same = next(
        (i for i, (a, b) in enumerate(zip(text, against, strict=False)) if a != b),
        min(len(text), len(against)),
    )
    return f"…{text[max(0, same - 60) : same + 200]}…"


def look_of(looks: str, where: str) -> str:
    """The look of the one letter of a bundle that `where` is about."""
    number = re.match(r"letter (\d+)", where)
    return looks.split(" | ")[int(number[1]) - 1] if number and looks else looks


def show(scores: Scores, looks: dict[str, str], wanted: str, most: int) -> None:
    misses = [
        miss
        for miss in scores.misses
        if miss[1].field == wanted or (wanted == "all" and miss[1].field not in APART)
    ]
    print(f"\n{len(misses)} mismatches of {wanted}, the first {min(most, len(misses))}:")
    for name, check in misses[:most]:
        print(f"\n{name} ({check.where}) {check.field}\n  {look_of(looks[name], check.where)}")
        print(f"  truth: {clipped(check.truth, check.got)}")
        print(f"  got:   {clipped(check.got, check.truth)}")


def measure(options: argparse.Namespace, kind: str) -> Scores:
    """Prints the table of one kind of letters: "made-up", "printed" or "examples"."""
    scores, looks, pages, files = Scores(), {}, 0, 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        if options.keep:
            Path(options.keep).mkdir(parents=True, exist_ok=True)
            folder = options.keep
        outcomes = (
            run_examples()
            if kind == "examples"
            else run_all(options, folder, printed=kind == "printed")
        )
        for outcome in outcomes:
            scores.add(outcome.name, outcome.checks)
            looks[outcome.name] = outcome.looks
            pages, files = pages + outcome.pages, files + 1
            if outcome.error:
                scores.errors[outcome.error] += 1
                print(f"{outcome.name}: {outcome.error}", file=sys.stderr)
    taken = time.monotonic() - started
    letters = scores.tallies["format"].checks
    print(f"{kind}: {files} files, {letters} letters, {pages} pages in {taken:.1f} s", end="")
    print("" if kind == "examples" else f" (seed {options.seed}, noise {options.noise})")
    print(f"\n{table(scores)}")
    if options.show:
        show(scores, looks, options.show, options.most)
    return scores


def measure_real(options: argparse.Namespace) -> None:
    """Prints the score on the real letters, or in one line that there are none."""
    if (folder := find_letters()) is None:
        print("real letters: none found (set IMR_REAL_LETTERS to their folder)")
        return
    started = time.monotonic()
    score = score_output(folder, read_letters(folder, options.processes))
    print(f"real letters, read in {time.monotonic() - started:.1f} s\n{score.report}")


def main() -> int:
    options = parse_options()
    kinds = ["examples"] if options.examples else options.kinds
    shares = {kind: measure(options, kind).share for kind in kinds if kind != "real"}
    if options.json:
        Path(options.json).write_text(json.dumps(shares) + "\n")
    if "real" in kinds:
        measure_real(options)
    return int(options.floor is not None and min(shares.values(), default=100.0) < options.floor)


if __name__ == "__main__":
    sys.exit(main())

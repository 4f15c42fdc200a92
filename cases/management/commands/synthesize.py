"""Fills the database with made-up cases, for load tests and benchmarks."""

from __future__ import annotations

import gc
import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.synthetic.storing import synthesize


def whole_number(word: str) -> int:
    if not word.isdigit() or not 1 <= int(word) <= 5_000_000:
        raise ArgumentTypeError(f"{word!r} is not a whole number from 1 to 5,000,000.")
    return int(word)


class Command(BaseCommand):
    help = (
        "Makes up N cases, with text, citations, decisions and annotations in realistic shares, the"
        " same for the same seed. Run again, it goes on where it ended. Not for a database"
        " with real cases: made-up ones are marked, but they count in every list and figure."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", metavar="N", type=whole_number)
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="a different seed gives different cases (default: 1)",
        )

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        started = time.monotonic()
        # What is made stays until its batch is stored: to look for garbage meanwhile takes a
        # sixth of the time.
        gc.disable()
        gc.freeze()
        for done in synthesize(count, seed):
            gc.collect()
            if options["verbosity"] and self.stderr.isatty():
                self.stderr.write(f"\r{done:,} of {count:,}", ending="")
        gc.unfreeze()
        gc.enable()
        taken = time.monotonic() - started
        self.stdout.write(f"\rmade up {count:,} cases in {taken:.1f} s (seed {seed})")

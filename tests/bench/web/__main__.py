"""Opens every page in Chromium with an empty cache, and prints what a visitor sees of its loading.

`python -m tests.bench.web [N]`: with N made-up cases beside the sample letters. At each width: the
first contentful paint, the layout shift until two seconds after the page has loaded, and errors of
the console; once, what all scripts and style sheets weigh together, compressed. A page that misses
a goal for time is loaded twice more, and its median counts: something else may have been busy.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()  # the pages are those of the product's addresses

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.bench.scale.databases import databases  # noqa: E402
from tests.bench.web.loading import SIZES, Loaded, load  # noqa: E402
from tests.browser.pages import PAGES, Known, ProductPage, prepare  # noqa: E402
from tests.browser.visits import sign_in_to  # noqa: E402
from tests.conftest import CHROMIUM  # noqa: E402
from tests.product import Product  # noqa: E402

CASES = 3_000
MOST_PAINT_MS, MOST_SHIFT, MOST_WEIGHT = 1_000, 0.02, 200_000
AGAIN = 2
VIEWER = "swagger-ui"


@dataclass(frozen=True, slots=True)
class Row:
    """One page at one width."""

    page: str
    width: str
    paint_ms: float
    shift: float
    errors: int
    weight: int

    @property
    def good(self) -> bool:
        return self.paint_ms < MOST_PAINT_MS and self.shift < MOST_SHIFT and not self.errors


@dataclass(slots=True)
class Visits:
    """Loads pages as a visitor or as somebody who is signed in, and adds up what they weigh."""

    browser: Browser
    product: Product
    known: Known
    signed_in: Any
    weights: dict[str, int]

    def measure(self, page: ProductPage, width: str) -> Row:
        loads = [self.load(page, width)]
        if loads[0].paint_ms >= MOST_PAINT_MS:
            loads += [self.load(page, width) for _ in range(AGAIN)]
        worst = max(loads, key=lambda one: one.shift)
        errors = [error for one in loads for error in one.errors]
        paint = median(one.paint_ms for one in loads)
        row = Row(page.name, width, paint, worst.shift, len(errors), worst.weight)
        print_row(row, [*errors, *(worst.moved if worst.shift >= MOST_SHIFT else [])])
        return row

    def load(self, page: ProductPage, width: str) -> Loaded:
        address = self.product.url + page.path(self.known)
        loaded = load(self.browser, address, width, self.signed_in if page.role else None)
        self.weights |= loaded.weights
        return loaded


def ours(weights: dict[str, int]) -> dict[str, int]:
    """Without the viewer of the API's schema, which only its own page loads."""
    return {path: weight for path, weight in weights.items() if VIEWER not in path}


def print_row(row: Row, remarks: Sequence[str]) -> None:
    mark = "" if row.good else " ←"
    print(
        f"{row.page:<34}{row.width:>6}{row.paint_ms:>9.0f}{row.shift:>9.4f}"
        f"{row.errors:>8}{row.weight / 1000:>9.1f}{mark}",
        flush=True,
    )
    for remark in remarks:
        print(f"    {remark}")


@contextmanager
def visits(product: Product) -> Iterator[Visits]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        context = browser.new_context()
        sign_in_to(context.new_page(), product)
        yield Visits(browser, product, prepare(product), context.storage_state(), {})
        browser.close()


def measure_all(product: Product, names: Sequence[str]) -> tuple[list[Row], dict[str, int]]:
    chosen = [page for page in PAGES if not names or page.name in names]
    print(f"{'page':<34}{'width':>6}{'paint ms':>9}{'shift':>9}{'errors':>8}{'kB':>9}")
    with visits(product) as visiting:
        visiting.load(chosen[0], "1280")  # what the server does once
        rows = [visiting.measure(page, width) for page in chosen for width in SIZES]
    return rows, ours(visiting.weights)


def print_sums(rows: Sequence[Row], weights: dict[str, int]) -> bool:
    """What all pages come to; whether every goal is reached."""
    paints = [row.paint_ms for row in rows]
    slowest = max(rows, key=lambda row: row.paint_ms)
    print(f"\npainted within {median(paints):.0f} ms, half of them; at most", end=" ")
    print(f"{max(paints):.0f} ms ({slowest.page} at {slowest.width}; goal {MOST_PAINT_MS})")
    print(f"layout shift at most {max(row.shift for row in rows):.4f} (goal {MOST_SHIFT})")
    print(f"errors of the console: {sum(row.errors for row in rows)}")
    weight = sum(weights.values())
    print(f"{len(weights)} scripts and style sheets: {weight / 1000:.1f} kB", end="")
    print(f" compressed (goal {MOST_WEIGHT / 1000:.0f})")
    return all(row.good for row in rows) and weight < MOST_WEIGHT


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.web", description=__doc__)
    parser.add_argument("cases", type=int, nargs="?", default=int(os.environ.get("N") or CASES))
    parser.add_argument("--page", action="append", default=[], help="of tests/browser/pages.py")
    parser.add_argument("--keep", metavar="DIR", help="where the installation stays")
    parser.add_argument("--json", metavar="FILE", help="where the figures are written too")
    return parser.parse_args(arguments)


@contextmanager
def running(options: argparse.Namespace) -> Iterator[Product]:
    with tempfile.TemporaryDirectory(prefix="imr-web-") as folder:
        place = Path(options.keep or folder).resolve()
        with databases("sqlite", [options.cases], place) as (database,):
            print(f"{options.cases:,} cases, made up in {database.fill(seed=1):.0f} s", flush=True)
        product = Product(place / f"sqlite-{options.cases}")
        try:
            product.start().wait_until(product.has_samples, 120)
            yield product
        finally:
            if product.process and product.process.poll() is None:
                product.end()
            product.clean_up()


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    with running(options) as product:
        rows, weights = measure_all(product, options.page)
    good = print_sums(rows, weights)
    if options.json:
        told = {"pages": [asdict(row) for row in rows], "weights": weights}
        Path(options.json).write_text(json.dumps(told, indent=2) + "\n")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())

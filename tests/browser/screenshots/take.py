"""Takes the pictures: a page at a time, at each size and in each theme."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.browser import pages
from tests.browser.pages import Known
from tests.browser.screenshots.pictures import PICTURES
from tests.browser.test_accessibility import COMPLETE
from tests.browser.visits import sign_in_to
from tests.product import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.product import Product

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {375: 812, 1280: 800, 1920: 1080}
THEMES = ("light", "dark")
COLORS = 80  # of a picture; pages have few, and so a picture takes half the room
CASES = 1200


def file_name(name: str, width: int, theme: str) -> str:
    return f"{name}-{width}-{theme}.webp"


def every_file() -> set[str]:
    return {
        file_name(name, width, theme) for name in PICTURES for width in SIZES for theme in THEMES
    }


def prepare(product: Product) -> Known:
    """Fills the product with what the pictures show."""
    run_command(product, "synthesize", str(CASES))
    known = pages.prepare(product)
    script = "import imrsite.urls; from tests.browser.screenshots.data import make_up; make_up()"
    run_command(product, "shell", "-v0", "-c", script)
    return known


def run_command(product: Product, *words: str) -> None:
    done = product.manage(*words)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


@contextmanager
def visiting(product: Product, browser: Browser, *, as_visitor: bool) -> Iterator[Page]:
    context = browser.new_context(base_url=product.url, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    if not as_visitor:
        sign_in_to(page, product)
    yield page
    context.close()


def take(
    product: Product, browser: Browser, known: Known, folder: Path, names: Iterable[str]
) -> Iterator[str]:
    """Takes the pictures of these names; yields each when its files are there."""
    chosen = list(names)
    for as_visitor in (False, True):
        mine = [name for name in chosen if PICTURES[name].as_visitor == as_visitor]
        if not mine:
            continue
        with visiting(product, browser, as_visitor=as_visitor) as page:
            for name in mine:
                take_one(page, name, known, folder)
                yield name


def take_one(page: Page, name: str, known: Known, folder: Path) -> None:
    picture = PICTURES[name]
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        answer = page.goto(picture.path(known))
        assert answer.status == picture.status, f"{name}: {answer.status} at {page.url}"
        page.evaluate(COMPLETE)
        if picture.first:
            picture.first(page)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.evaluate(COMPLETE)
            save(page.screenshot(), folder / file_name(name, width, theme))


def save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as taken:
        few = taken.convert("RGB").quantize(
            COLORS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
        few.convert("RGB").save(path, "WEBP", lossless=True, quality=100, method=4)

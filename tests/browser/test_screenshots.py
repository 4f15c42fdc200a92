"""The pictures of docs/screenshots: every page has them, and taking them works."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.browser.pages import prepare
from tests.browser.screenshots.pictures import PICTURES
from tests.browser.screenshots.take import FOLDER, SIZES, THEMES, every_file, file_name, take

TAKE = ".venv/bin/python -m tests.browser.screenshots"
MOST_BYTES = 14_000_000


def test_every_page_has_its_pictures_and_none_is_left_over():
    there = {one.name for one in FOLDER.glob("*.webp")}
    missing = {name.rsplit("-", 2)[0] for name in every_file() - there}
    assert not missing, f"Take them: {TAKE} {' '.join(sorted(missing))}"
    assert not there - every_file()


def test_they_are_small_together():
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("name", ["inbox", "palette", "login"])
def test_a_page_is_taken_at_each_size_in_both_themes(browser, live_product, tmp_path, name):
    assert list(take(live_product, browser, prepare(live_product), tmp_path, [name])) == [name]
    assert len(list(tmp_path.iterdir())) == len(SIZES) * len(THEMES)
    for width, height in SIZES.items():
        shades = {}
        for theme in THEMES:
            with Image.open(tmp_path / file_name(name, width, theme)) as picture:
                assert picture.size == (width, height)
                shades[theme] = sum(picture.convert("L").resize((1, 1)).tobytes())
        assert shades["light"] > shades["dark"] + 50
    assert name in PICTURES

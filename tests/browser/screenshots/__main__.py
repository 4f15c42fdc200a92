"""`python -m tests.browser.screenshots [NAME…]`: takes all pictures, or those of these rows.

It starts the product with made-up data in a folder of its own. Look at each picture afterwards.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser.screenshots.pictures import PICTURES  # noqa: E402
from tests.browser.screenshots.take import FOLDER, every_file, prepare, take  # noqa: E402
from tests.conftest import CHROMIUM  # noqa: E402
from tests.product import Product  # noqa: E402


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in PICTURES]:
        print(f"No such picture: {', '.join(unknown)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="imr-pictures-") as folder, sync_playwright() as run:
        browser = run.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        product = Product(Path(folder) / "var")
        try:
            product.start().wait_until(product.has_samples, 120)
            known = prepare(product)
            for name in take(product, browser, known, FOLDER, names or PICTURES):
                print(name, flush=True)
            product.end()
        finally:
            product.clean_up()
    if not names:
        for left in {one.name for one in FOLDER.glob("*.webp")} - every_file():
            (FOLDER / left).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Schemathesis asks a running product for what its schema allows, and for what it doesn't.

`FUZZ_SECONDS=600 pytest tests/imrsite/api/test_fuzz.py` goes on for longer.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests

from tests.product import Product

SECONDS = int(os.environ.get("FUZZ_SECONDS", "25"))
# A request line longer than the web server takes is refused by it, whatever is wrong with it.
CONFIG = f"""
hooks = "{Path(__file__).with_name("fuzz_hooks.py")}"
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "414", "415", "422"]
"""


def sign_in(product: Product) -> requests.Session:
    browser = requests.Session()
    page = browser.get(f"{product.url}/login/")
    form = {"username": product.user, "password": product.password}
    browser.post(page.url, form | csrf(page), headers={"Referer": page.url})
    return browser


def csrf(page: requests.Response) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def make_token(product: Product, name: str) -> str:
    browser = sign_in(product)
    page = browser.get(f"{product.url}/tokens/")
    form = {"name": name, "scope": "upload", "expires_on": f"{date.today() + timedelta(7)}"}
    made = browser.post(page.url, form | csrf(page), headers={"Referer": page.url})
    found = re.search(r'value="(imr_[\w-]+)"', made.text)
    assert found, made.text
    return found[1]


@pytest.fixture
def product_without_limit(used_product: Product) -> Iterator[Product]:
    used_product.env["IMR_API_PER_MINUTE"] = "1000000"
    used_product.start()
    yield used_product
    assert used_product.end() == 0, used_product.said()


def test_nothing_that_the_schema_allows_breaks_the_api(product_without_limit, tmp_path):
    product = product_without_limit
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file"]
    command += [str(tmp_path / "schemathesis.toml"), "run"]
    command += [f"{product.url}/api/v1/schema/?format=json", "--no-color", "--workers", "2"]
    command += ["--header", f"Authorization: Bearer {make_token(product, 'fuzz')}"]
    command += ["--exclude-checks", "positive_data_acceptance", "--max-time", str(SECONDS)]
    command += ["--phases", "coverage,fuzzing", "--max-examples", "1000"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    operations = re.search(r"Tested: (\d+)", ran.stdout)
    assert operations, ran.stdout
    assert int(operations[1]) == 13

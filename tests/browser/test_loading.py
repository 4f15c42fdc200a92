"""What visitors see of the main pages loading: nothing moves, no error, and little to load.

`python -m tests.bench.web` measures every page, and when it is painted.
"""

from __future__ import annotations

import pytest

from tests.bench.web.loading import SIZES, load
from tests.browser.pages import PAGES, Known, prepare
from tests.browser.visits import sign_in_to

MAIN = ("inbox", "cases", "case / in review", "compare", "reviews", "upload", "admin:auth_user_add")
MOST_SHIFT, MOST_WEIGHT = 0.02, 200_000


@pytest.fixture(scope="module")
def known(live_product) -> Known:
    return prepare(live_product)


def test_nothing_moves_and_all_of_it_weighs_little(browser, live_product, known):
    context = browser.new_context(base_url=live_product.url)
    sign_in_to(context.new_page(), live_product)
    signed_in = context.storage_state()
    weights: dict[str, int] = {}
    wrong = {}
    for page in PAGES:
        for size in SIZES if page.name in MAIN else ():
            loaded = load(browser, live_product.url + page.path(known), size, signed_in)
            weights |= loaded.weights
            if loaded.shift >= MOST_SHIFT or loaded.errors:
                wrong[page.name, size] = loaded.shift, loaded.moved, loaded.errors
    context.close()
    assert wrong == {}
    assert 0 < sum(weights.values()) < MOST_WEIGHT

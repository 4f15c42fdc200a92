"""The list of pages that other tests go through leaves none out."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase

import pytest

from tests.browser.pages import NOT_PAGES, PAGES, forgotten, prepare, urls_that_answer_get
from tests.browser.visits import sign_in_to

# URLs that are there only with single sign-on or a second factor (imrsite.security.sign_in_flow).
SWITCHED_OFF = {"single-sign-on", "openid_connect_callback", "account_login"}
SWITCHED_OFF |= {"account_reauthenticate", "mfa_*"}


def test_every_address_is_a_page_or_says_why_not():
    assert not forgotten(), "Add a row to PAGES of tests/browser/pages.py, or a reason to NOT_PAGES"


def test_no_row_is_left_over():
    names = urls_that_answer_get()
    assert not [page.name for page in PAGES if page.url_name not in names]
    unused = [like for like in NOT_PAGES if not any(fnmatchcase(name, like) for name in names)]
    assert not set(unused) - SWITCHED_OFF
    assert not [name for name, count in Counter(page.slug for page in PAGES).items() if count > 1]


@pytest.fixture(scope="module")
def known(live_product):
    return prepare(live_product)


def test_every_page_is_there(browser, live_product, known):
    """With the status that its row says, as HTML, at the address that was asked for."""
    visitor, member = (browser.new_context(base_url=live_product.url) for _ in range(2))
    sign_in_to(member.new_page(), live_product)
    wrong = []
    for page in PAGES:
        context = member if page.role else visitor
        answer = context.request.get(page.path(known), headers={"Accept": "text/html"})
        kind = answer.headers["content-type"].partition(";")[0]
        elsewhere = not page.moves and answer.url != live_product.url + page.path(known)
        if (answer.status, kind) != (page.status, "text/html") or elsewhere:
            wrong.append((page.name, answer.url, answer.status, kind))
    visitor.close()
    member.close()
    assert not wrong

"""People who are signed in at once, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.product import Product


@contextmanager
def signed_in_visits(
    browser: Browser, product: Product, password: str
) -> Iterator[Callable[..., Page]]:
    """Yields `sign_in(name, address, **context)`, which opens a page; a script of ours that throws
    on any of them fails the test at its end."""
    opened, errors = [], []

    def sign_in(name: str, address: str, **context_options: Any) -> Page:
        context = browser.new_context(base_url=product.url, **context_options)
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"/login/?next={address}")
        page.fill("[name=username]", name)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"**{address}")
        return page

    yield sign_in
    for context in opened:
        context.close()
    assert not errors, f"scripts threw: {errors}"


def sign_in_to(page: Page, product: Product) -> Page:
    """Signs in as the demo user, who may do everything."""
    page.goto(f"{product.url}/login/")
    page.fill("[name=username]", product.user)
    page.fill("[name=password]", product.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page

"""People who are signed in at once, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.product import Product

MOST_TABS = 200
IS_FOCUSED = "(selector) => document.activeElement.matches(selector)"
# An outline or a ring, on the element or on what stands for it (the label of a hidden box).
SHOWS_FOCUS = """() => {
  const shows = (one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
  };
  const here = document.activeElement;
  return [here, here.closest("label"), here.nextElementSibling]
    .some((one) => one && shows(one));
}"""


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


def tab_to(page: Page, selector: str) -> None:
    """Tab, until the element is in focus and shows it: what a keyboard can't reach fails here."""
    for _ in range(MOST_TABS):
        if page.evaluate(IS_FOCUSED, selector):
            assert page.evaluate(SHOWS_FOCUS), f"{selector} has the focus and does not show it"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {selector}")

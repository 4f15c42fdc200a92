"""The first steps on the inbox, by keyboard and without scripts."""

from __future__ import annotations

import pytest

from tests.browser.visits import sign_in_to


@pytest.fixture
def inbox(browser, live_product):
    """Opens the inbox of the demo user, with or without scripts; the steps are shown."""
    contexts = []

    def opened(*, scripts: bool = True):
        context = browser.new_context(java_script_enabled=scripts)
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = sign_in_to(context.new_page(), live_product)
        page.goto(f"{live_product.url}/")
        page.locator("#tour").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()


def test_they_are_put_away_by_keyboard_and_asked_for_again(inbox):
    page = inbox()
    page.get_by_role("button", name="Don’t show this again").press("Enter")
    page.wait_for_selector("#tour", state="detached")
    page.reload()
    assert page.locator("#tour").count() == 0
    page.get_by_role("button", name="Account and more").press("Enter")
    page.get_by_role("button", name="Show first steps").press("Enter")
    page.get_by_role("button", name="Try it").press("Enter")
    page.wait_for_selector("#palette[open]")


def test_without_scripts_they_are_put_away_too(inbox):
    page = inbox(scripts=False)
    assert not page.get_by_role("button", name="Try it").is_visible()
    page.get_by_role("button", name="Don’t show this again").click()
    assert page.locator("#tour").count() == 0
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("button", name="Show first steps").click()
    page.wait_for_selector("#tour")

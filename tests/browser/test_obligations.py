"""Deadlines and findings by keyboard alone, in a real browser."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.browser.pages import prepare

MAKE_OVERDUE = (
    "from tests.browser.filling import CLOSED;"
    "from reviews.models import Obligation;"
    "Obligation.objects.filter(case__case_number=CLOSED).update(state='open', done_on=None,"
    " ended_on=None)"
)


@pytest.fixture(scope="module")
def known(live_product):
    known = prepare(live_product)
    assert live_product.manage("shell", "-v0", "-c", MAKE_OVERDUE).returncode == 0
    return known


def tab_to(page, selector, most=80):
    """Tabs until the element has the focus, which must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            outline = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle + s.boxShadow }"
            )
            assert outline != "nonenone", f"{selector} has the focus and does not show it"
            return
    pytest.fail(f"{most} presses of Tab do not lead to {selector}")


def test_what_is_overdue_is_opened_paused_and_done(signed_in, known):
    page = signed_in
    page.goto("/obligations/?overdue=true")
    tab_to(page, "a[data-open]")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('What the letter says')")

    tab_to(page, "#done-day")
    page.fill("#done-day", "2012-01-01")
    tab_to(page, "#done-note")
    page.keyboard.type("Faxed to the provider, reference 4711")
    tab_to(page, "button[value=done]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error:has-text('can’t lie before')")
    assert page.input_value("#done-note") == "Faxed to the provider, reference 4711"

    page.fill("#done-day", dt.date.today().isoformat())
    tab_to(page, "button[value=done]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Marked as done.")
    assert "reference 4711" in page.inner_text("main")
    page.goto("/obligations/?state=done")
    assert page.locator("a[data-open]").count() >= 1


def test_the_proof_of_compliance_is_a_key_away_and_fits_the_paper(signed_in, known):
    page = signed_in
    page.goto(f"/obligations/{known.obligation}/")
    tab_to(page, "a[href$='/compliance/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Proof of compliance')")
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_packet_is_acknowledged_without_an_account_and_looked_for_again(
    browser, live_product, signed_in, known
):
    context = browser.new_context(base_url=live_product.url)
    page = context.new_page()
    page.goto(known.acknowledge)
    if page.locator("#who").count():
        tab_to(page, "#who")
        page.keyboard.type("Uma Review")
        page.keyboard.press("Enter")
    page.wait_for_selector("text=Thank you.")
    assert "lumbar" not in page.inner_text("body")
    context.close()

    signed_in.goto("/findings/repeats/")
    assert "Sample UR" in signed_in.inner_text("main")
    signed_in.goto("/findings/?ur_vendor=Sample+UR")
    assert signed_in.locator("a[data-open]").count() == 1

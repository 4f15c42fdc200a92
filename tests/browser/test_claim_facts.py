"""The day of receipt and claim facts, by keyboard: at the upload, on its page, on the case page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import AXE, RUN, TAGS
from tests.faults.letters import small_letter

# What the page says when the last letter was read.
READ = """() => {
  document.getElementById("received").dataset.seen = "";
  document.activeElement.blur();
  document.body.dispatchEvent(new CustomEvent("letters-were-read"));
}"""


def axe(page):
    page.evaluate(AXE)
    assert page.evaluate(RUN, [TAGS, None]) == []


@pytest.fixture
def typed(signed_in):
    """The page, and its keyboard: nothing here uses a mouse."""
    return signed_in, signed_in.keyboard


def test_what_is_entered_at_the_upload_is_corrected_and_confirmed_on_its_page(typed, tmp_path):
    page, keys = typed
    page.goto("/upload/")
    page.focus(".about > summary")
    keys.press("Enter")
    axe(page)
    page.focus("[name=claims_administrator]")
    keys.type("Sample Mutual")
    page.focus("[name=ur_vendor]")
    keys.type("none")
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(small_letter(7_700_001))
    page.set_input_files("#files", letter)
    page.focus("[data-go]")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/batches/\d+/$"))
    assert "Leave this empty" in page.inner_text("#receipt-all")
    assert page.input_value("#all-ur_vendor") == "none"
    axe(page)
    page.focus("#all-ur_vendor")
    keys.press("Control+a")
    keys.type("Sample Review")
    keys.press("Enter")
    expect(page.locator("#received")).to_contain_text("changed")
    assert "ur vendor Sample Review" in page.inner_text("#received")


def test_the_days_of_an_upload_are_confirmed_for_each_letter(typed):
    page, keys = typed
    page.goto("/batches/1/")
    page.wait_for_selector("#progress h2:has-text('Done')", timeout=60_000)
    page.focus(".receipt-each > summary")
    keys.press("Enter")
    axe(page)
    page.evaluate(READ)
    page.wait_for_selector("#received:not([data-seen])")  # loaded anew
    page.focus(".receipt-each > summary")
    keys.press("Enter")
    first = page.locator(".receipt-table tbody tr").first
    number = first.locator("th").inner_text().strip()
    first.locator("[name$=claim_number]:visible").focus()
    keys.press("Control+a")
    keys.type("WC-2014-77")
    page.evaluate(READ.replace("document.activeElement.blur();", ""))
    expect(page.locator("[data-news]")).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#received [role=status]")).to_contain_text("1 letter changed")
    page.goto("/cases/")
    page.focus("#find-q")
    keys.type("WC-2014-77")
    keys.press("Enter")
    page.wait_for_url("**/cases/?q=*")
    [row] = page.locator("[data-row]").all_inner_texts()
    assert number in row


def test_the_panel_of_a_case_is_edited_in_its_place(typed):
    page, keys = typed
    page.goto("/cases/CM14-0195168/")
    page.focus("#claim-facts a:has-text('Edit')")
    keys.press("Enter")
    page.wait_for_selector("#edit-claim")
    axe(page)
    page.focus("#edit-claim [name=requesting_physician]")
    keys.type("Alex Muster, MD")
    keys.press("Enter")
    expect(page.locator("#claim-facts")).to_contain_text("Alex Muster, MD")
    expect(page.locator("#claim-facts a:has-text('Edit')")).to_be_focused()
    assert page.url.endswith("/cases/CM14-0195168/")
    axe(page)
    if page.locator(".claim-confirm button").count():
        page.focus(".claim-confirm button")
        keys.press("Enter")
        expect(page.locator("#claim-facts")).not_to_contain_text("assumed")

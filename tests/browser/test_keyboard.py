"""Flows by keyboard alone: what Tab does not reach, or reaches without showing it, fails.

Reviewing by keys is in test_case_page.py (twelve key presses) and test_flow.py, annotating in
test_annotating.py.
"""

from __future__ import annotations

import re

from tests.browser.test_main_job import open_list
from tests.browser.visits import tab_to
from tests.conftest import LETTERS


def press_on(page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def test_letters_are_uploaded(signed_in):
    page = signed_in
    page.goto("/upload/")
    tab_to(page, "#files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(LETTERS / "facsimile-002-final-2016.pdf")
    press_on(page, "[data-go]")
    page.wait_for_url(re.compile(r"/batches/\d+/$"))


def test_a_list_is_narrowed_and_ticked_rows_are_exported(signed_in):
    page = signed_in
    open_list(page, "/cases/")
    page.keyboard.press("f")
    page.wait_for_selector("#filters [name=decision][value=upheld]")
    press_on(page, "#filters [name=decision][value=upheld]", "Space")
    page.wait_for_url("**decision=upheld*")
    page.keyboard.press("Escape")
    press_on(page, "[name=chosen]", "Space")
    page.wait_for_selector("[data-bulk-count]:has-text('1 selected')")
    tab_to(page, ".bulk [name=action][value=export]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")


def test_reviews_are_assigned_and_taken_back(signed_in):
    page = signed_in
    page.goto("/reviews/assign/")
    tab_to(page, "#number")
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    press_on(page, "[name=who]", "Space")
    press_on(page, ".assign button.button")
    page.wait_for_selector("h1:has-text('1 assigned')")
    press_on(page, "main form button")
    page.wait_for_selector("text=1 review taken back.")


def test_two_selections_are_compared(signed_in):
    page = signed_in
    open_list(page, "/issues/")
    page.goto("/compare/")
    press_on(page, "[popovertarget=with]")
    page.wait_for_selector("#with [name=with-decision][value=overturned]")
    press_on(page, "#with [name=with-decision][value=overturned]", "Space")
    press_on(page, "#with-fields button")
    page.wait_for_url("**with-decision=overturned*")
    page.wait_for_selector("#second-title")


def test_a_value_is_corrected(signed_in):
    page = signed_in
    page.goto("/cases/CM14-0195168/")
    press_on(page, "a[href*='/admin/cases/case/']")
    page.wait_for_selector("#correct")
    tab_to(page, "[name=case-specialties]")
    page.keyboard.press("End")
    page.keyboard.type(", Internal Medicine")
    tab_to(page, "[name=why]")
    page.keyboard.type("Named on page 2")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".notice:has-text('is saved')")


def test_the_palette_leads_to_a_case(signed_in):
    page = signed_in
    page.goto("/team/")
    page.keyboard.press("Control+k")
    page.keyboard.type("14-0195168")
    page.wait_for_selector("#palette-cases a:has-text('CM14-0195168')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/CM14-0195168/")


def test_a_review_is_submitted_and_the_next_taken_in_one_press(signed_in):
    page = signed_in
    page.goto("/")
    page.keyboard.press("t")
    page.wait_for_url("**/cases/CM*/")
    first = page.url
    page.wait_for_selector("#review-bar [data-bar-count]")
    page.keyboard.press("j")
    for _ in range(page.locator("form.findings fieldset").count()):
        page.keyboard.press("a")
    page.wait_for_function("document.activeElement.matches('[data-bar-submit=next]')")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/cases/CM" in url and url != first)

"""Lists in Chromium: facets, columns, density and what is done with ticked rows."""

from __future__ import annotations

from tests.browser.test_main_job import open_list

WIDE = {"width": 1440, "height": 900}
FACET = "#facet-column .facet"


def test_facets_narrow_the_list_and_can_be_taken_back(signed_in):
    page = signed_in
    page.set_viewport_size(WIDE)
    open_list(page, "/cases/")
    every = page.inner_text("#list-count")
    upheld = page.locator(f"{FACET} li a", has_text="Upheld")
    number = upheld.locator(".number").inner_text()
    upheld.click()
    page.wait_for_url("**decision=upheld*")
    page.wait_for_selector(f"{FACET} a.on")
    assert page.inner_text("#list-count").startswith(f"{number} case")
    page.fill("#id_q", "the")  # the form knows of the filter that the link asked for
    page.wait_for_url("**q=the*")
    assert "decision=upheld" in page.url
    page.fill("#id_q", "")
    page.wait_for_url(lambda url: "q=" not in url)
    page.wait_for_selector(f"{FACET} a.on:not([href*='q=the'])")  # as the list is now
    page.click(f"{FACET} a.on")
    page.wait_for_url(lambda url: "decision" not in url)
    page.wait_for_selector(f"{FACET} a.on", state="detached")
    assert page.inner_text("#list-count") == every


def test_the_column_of_facets_folds_away_and_stays_so(signed_in):
    page = signed_in
    page.set_viewport_size(WIDE)
    open_list(page, "/cases/")
    page.click("[data-facets-fold]")
    page.locator("#facet-column").wait_for(state="hidden")
    page.goto("/issues/")
    assert page.locator("#facet-column").is_hidden()
    page.focus("#narrow-by")
    page.keyboard.press("Space")
    page.wait_for_selector(f"{FACET} li a")
    page.reload()
    assert page.locator("#facet-column").is_visible()


def test_on_a_phone_rows_are_cards_and_facets_one_line(signed_in):
    page = signed_in
    page.set_viewport_size({"width": 375, "height": 800})
    open_list(page, "/cases/")
    assert page.locator("#facet-column").is_hidden()
    page.click("#narrow-by")
    page.wait_for_selector(f"{FACET} li a")
    assert page.get_attribute("#narrow-by", "aria-expanded") == "true"
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == 375
    assert page.evaluate("document.querySelector('[data-row]').offsetWidth") < 375


def test_columns_are_chosen_and_rows_made_compact(signed_in):
    page = signed_in
    page.set_viewport_size(WIDE)
    open_list(page, "/cases/")
    page.click("[popovertarget=columns]")
    assert page.is_checked("#columns [value=case_number]")
    assert not page.is_checked("#columns [value=priority]")
    page.check("#columns [value=priority]")
    page.wait_for_url("**columns=*priority*")
    page.wait_for_selector(".grid th:has-text('Priority')")
    page.click("[data-default-columns]")
    page.wait_for_url(lambda url: "columns" not in url)
    page.click("[data-density-choice=compact]")
    page.reload()
    assert page.get_attribute("#list", "data-density") == "compact"
    page.context.clear_cookies(name="imr-density")


def test_ticked_rows_have_their_actions_in_sight(signed_in):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 500})
    open_list(page, "/citations/")
    bulk = page.locator(".bulk")
    assert bulk.is_hidden()
    page.check("[name=chosen] >> nth=1")
    assert bulk.is_visible()
    assert page.inner_text("[data-bulk-count]") == "1 selected"
    place = page.evaluate("document.querySelector('.list-foot').getBoundingClientRect().bottom")
    assert place <= 500
    count = page.inner_text("#list-count").split()[0]
    page.check("[name=everything]")
    assert page.inner_text("[data-bulk-count]") == f"{count} selected"
    page.uncheck("[name=chosen] >> nth=0")
    assert not page.is_checked("[name=everything]")
    page.click(".bulk [type=reset]")
    assert bulk.is_hidden()

"""Compare in Chromium: two selections, sections that fold, plots that come when asked for."""

from __future__ import annotations

from tests.browser.test_main_job import open_list


def test_a_second_selection_is_chosen_beside_the_first(signed_in):
    page = signed_in
    open_list(page, "/issues/")
    page.goto("/compare/?decision=upheld")
    page.click("[popovertarget=with]")
    page.wait_for_selector("#with [name=with-decision][value=upheld]:checked")
    page.uncheck("#with [name=with-decision][value=upheld]")
    page.check("#with [name=with-decision][value=overturned]")
    page.click("#with-fields button")
    page.wait_for_url("**with-decision=overturned*")
    page.wait_for_selector("#second-title")
    assert "decision=upheld" in page.url
    page.fill("#id_q", "the")  # the first is narrowed, the second stays
    page.wait_for_url("**q=the*")
    assert "with-decision=overturned" in page.url
    page.wait_for_selector(".selection .chip:has-text('Search: the')")
    page.click("a:has-text('Remove B')")
    page.wait_for_url(lambda url: "with" not in url)


def test_sections_fold_and_a_plot_comes_when_it_is_unfolded(signed_in):
    page = signed_in
    open_list(page, "/issues/")
    page.goto("/compare/")
    assert not page.locator("#subcategory table").is_visible()
    page.click(".contents a[href='#subcategory']")
    page.locator("#subcategory table").wait_for()
    assert page.locator(".plot svg").count() == 0
    page.click("#subcategory .plot-fold summary")
    page.locator("#subcategory .plot svg").wait_for()

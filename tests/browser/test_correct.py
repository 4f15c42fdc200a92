"""Correction of a case in a real browser: the letter follows the field, the reason is asked."""

import pytest

CASE = "/cases/CM14-0195168/"


@pytest.fixture
def correcting(signed_in):
    signed_in.goto(CASE)
    signed_in.click("a:has-text('Correct')")
    signed_in.wait_for_selector("#correct")
    return signed_in


def test_the_letter_shows_the_words_of_the_field_that_has_the_focus(correcting):
    correcting.focus("[name=case-decision_date]")
    correcting.wait_for_selector("#letter rect.mark")
    assert "/admin/cases/case/" in correcting.url


def test_a_correction_with_its_reason_is_marked_on_the_case_page(correcting):
    page = correcting
    page.fill("[name=case-specialties]", "Occupational Medicine, Pain Medicine")
    page.click("button[value=stay]:visible >> nth=-1")
    page.wait_for_selector("text=Enter a reason")
    page.fill("[name=why]", "The second is on page 1")
    page.press("[name=why]", "Control+Enter")
    page.wait_for_selector(".notice:has-text('is saved')")
    page.goto(CASE)
    assert page.locator(".corrected").first.get_attribute("title").endswith("Occupational Medicine")
    page.locator("#history").scroll_into_view_if_needed()
    page.wait_for_selector(".timeline >> text=The second is on page 1")


def test_a_row_is_added_without_losing_what_was_typed(correcting):
    page = correcting
    page.fill("[name=issues-0-rationale]", "Typed, not saved.")
    before = page.locator("fieldset.citation").count()
    page.click("button[value=issues-0-citations]")
    page.wait_for_selector(f"fieldset.citation >> nth={before}")
    assert page.input_value("[name=issues-0-rationale]") == "Typed, not saved."


def test_enter_in_a_field_saves_and_adds_no_row(correcting):
    page = correcting
    page.press("[name=case-case_number]", "Enter")
    page.wait_for_selector(".notice:has-text('is saved')")

"""What somebody hears of by mail, chosen by keyboard; and the way out of a mail."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import AXE, RUN, TAGS
from tests.browser.visits import tab_to


def axe(page):
    page.evaluate(AXE)
    assert page.evaluate(RUN, [TAGS, None]) == []


@pytest.fixture
def typed(signed_in):
    """The page, and its keyboard: nothing here uses a mouse."""
    return signed_in, signed_in.keyboard


def test_choices_are_made_by_keyboard(typed):
    page, keys = typed
    page.goto("/notifications/")
    axe(page)
    tab_to(page, "#id_mention")
    keys.type("At once")
    tab_to(page, "#id_digest_hour")
    keys.type("5:00 p")
    tab_to(page, "#choices button")
    keys.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Your choices are saved")
    assert page.input_value("#id_mention") == "now"
    assert page.input_value("#id_digest_hour") == "17"


def test_an_alert_is_set_at_a_saved_view(typed):
    page, keys = typed
    page.goto("/cases/?decision=upheld")
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    view = {"list": "cases", "name": "Denials to watch", "query": "decision=upheld"}
    page.request.post("/views/", form=view | {"csrfmiddlewaretoken": token})
    page.goto("/cases/")
    tab_to(page, "[aria-label='Alert for the view Denials to watch']")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/notifications/views/\d+/$"))
    axe(page)
    tab_to(page, "[name=every][value='']")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    tab_to(page, ".notify-form button")
    keys.press("Enter")
    expect(page.locator(".notify-views")).to_contain_text("Daily")
    axe(page)

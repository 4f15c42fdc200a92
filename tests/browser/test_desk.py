"""The desk by keyboard alone: from pasted words to a memo, and to the words of a letter."""

from __future__ import annotations

import re

from tests.browser.test_claim_facts import axe
from tests.browser.test_obligations import tab_to

DRAFT = """Claim Number: 24-118
Treatment requested: Twelve work conditioning sessions for the lumbar spine
Determination: Denied
MTUS Chronic Pain Medical Treatment Guidelines, page 212, was consulted."""


def test_from_a_draft_to_its_memo_and_to_the_letter(signed_in):
    page, keys = signed_in, signed_in.keyboard
    page.goto("/desk/")
    axe(page)
    tab_to(page, "#desk-text")
    keys.insert_text(DRAFT)
    page.reload()
    assert page.input_value("#desk-text") == DRAFT, "what is typed outlives a reload"
    tab_to(page, ".desk-form button")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/desk/\d+/requests/$"))
    assert "24-118" in page.input_value("#claim")
    assert "denied in the draft" in page.inner_text("main")
    axe(page)
    tab_to(page, "#new-1")
    keys.type("TENS unit, 30 day trial")
    tab_to(page, "button[value=make]")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/desk/\d+/$"))
    assert "TENS unit, 30 day trial" in page.inner_text("main")
    assert "Page 212 is not in it" in page.inner_text(".memo-checked")
    axe(page)
    tab_to(page, ".near a")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/cases/.*show=issue-1-rationale-"))
    page.wait_for_selector("#letter")

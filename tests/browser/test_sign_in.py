"""Single sign-on and a required second factor, in a real browser with a provider that runs here."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest

from tests.browser.test_accessibility import AXE, RUN, SIDEWAYS, TAGS
from tests.product import Product
from tests.sign_in.provider import Provider


def code_of(secret: str) -> str:
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture
def guarded(tmp_path, earlier_run):
    """The product with both switched on, and the provider."""
    with Provider(client_id="imr", client_secret="told") as provider:
        one = Product(
            tmp_path / "var",
            IMR_LOCAL="true",
            OIDC_ISSUER=provider.issuer,
            OIDC_CLIENT_ID="imr",
            OIDC_CLIENT_SECRET="told",
            OIDC_NAME="Example Login",
            SECOND_FACTOR="required",
        ).take_over(earlier_run)
        try:
            yield one.start(), provider
            assert one.end() == 0, one.said()
        finally:
            one.clean_up()


@pytest.fixture
def visitor(browser, guarded):
    """Opens a page of somebody new; what the policy forbids or throws fails the test."""
    product, _ = guarded
    contexts, errors = [], []

    def new():
        context = browser.new_context(base_url=product.url, viewport={"width": 375, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security" in m.text else 0)
        return page

    yield new
    for context in contexts:
        context.close()
    assert errors == []


def has_no_barrier(page) -> None:
    page.evaluate(AXE)
    for scheme, only in (("dark", ["color-contrast"]), ("light", None)):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(RUN, [TAGS, only]) == [], f"{page.url} {scheme}"
    assert page.evaluate(SIDEWAYS) == [], page.url


def set_up(page) -> list[str]:
    """Turns the second factor on; returns the recovery codes."""
    page.wait_for_url("**/second-factor/app/")
    assert page.locator(".qr svg path").bounding_box()["width"] > 100, "the QR code is drawn"
    has_no_barrier(page)
    page.click("summary")
    page.fill("[name=code]", code_of(page.locator(".key").inner_text().replace(" ", "")))
    page.click("text=Turn on")
    page.wait_for_url("**/second-factor/codes/")
    has_no_barrier(page)
    return page.locator(".codes code").all_inner_texts()


def test_from_the_first_password_to_single_sign_on(visitor, guarded):
    product, provider = guarded
    lead = visitor()
    lead.goto("/login/?next=/people/")
    has_no_barrier(lead)
    give_password(lead, product)
    codes = set_up(lead)
    for path in ("/second-factor/", "/second-factor/app/remove/", "/second-factor/codes/new/"):
        lead.goto(path)
        has_no_barrier(lead)
    lead.goto("/people/")
    has_no_barrier(lead)
    lead.fill("[name=username]", "newcomer")
    lead.fill("[name=email]", provider.claims["email"])
    lead.click("button:text-is('Invite')")
    lead.wait_for_selector(".link-to-copy")

    newcomer = visitor()
    newcomer.goto("/cases/")
    newcomer.click("text=Sign in with Example Login")
    set_up(newcomer)
    newcomer.goto("/cases/")
    assert newcomer.locator("h1").inner_text() == "Cases"

    again = visitor()
    again.goto("/login/?next=/cases/")
    give_password(again, product)
    again.wait_for_url("**/login/code/")
    has_no_barrier(again)
    again.fill("[name=code]", "000000")
    again.press("[name=code]", "Enter")
    again.wait_for_selector("text=That code is wrong")
    again.fill("[name=code]", codes[0])
    again.press("[name=code]", "Enter")
    again.wait_for_url("**/cases/")

    stranger = visitor()
    provider.claims |= {"sub": "another", "email": "stranger@example.org"}
    stranger.goto("/login/")
    stranger.click("text=Sign in with Example Login")
    stranger.wait_for_selector("text=Ask a lead to invite you")
    has_no_barrier(stranger)


def give_password(page, product) -> None:
    page.fill("[name=username]", product.user)
    page.fill("[name=password]", product.password)
    page.press("[name=password]", "Enter")

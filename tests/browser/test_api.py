"""Programs' ways in, as people meet them: a token is made, and the API is tried on its page."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_token_is_made_used_and_revoked(signed_in, browser, live_product):
    signed_in.goto("/tokens/")
    signed_in.fill("[name=name]", "From a browser")
    signed_in.get_by_role("button", name="Make token").click()
    token = signed_in.get_by_label("Token", exact=True).input_value()
    program = browser.new_context(
        base_url=live_product.url, extra_http_headers={"Authorization": f"Bearer {token}"}
    )
    assert program.request.get("/api/v1/cases/").json()["count"] > 0
    signed_in.goto("/tokens/")
    signed_in.get_by_role("button", name="Revoke From a browser").click()
    expect(signed_in.get_by_role("status")).to_contain_text("is revoked")
    assert program.request.get("/api/v1/cases/").status == 401
    program.close()


def test_the_api_is_tried_under_the_site_s_policy(signed_in):
    refused: list[str] = []
    signed_in.on("console", lambda said: refused.append(said.text) if said.type == "error" else 0)
    signed_in.goto("/api/v1/schema/")
    cases = signed_in.locator("#operations-cases-cases_list")
    cases.locator(".opblock-summary-path").click()
    cases.get_by_role("button", name="Execute").click()
    status = cases.locator(".live-responses-table tbody .response-col_status").first
    expect(status).to_contain_text("200")
    assert not refused


def test_a_letter_is_uploaded_on_that_page_with_the_session(signed_in, letters):
    signed_in.goto("/api/v1/schema/")
    upload = signed_in.locator("#operations-documents-documents_upload")
    upload.locator(".opblock-summary-path").click()
    upload.locator("input[type=file]").set_input_files(letters / "CM14-0195168.pdf")
    upload.get_by_role("button", name="Execute").click()
    answered = upload.locator(".live-responses-table tbody .response-col_status").first
    expect(answered).to_contain_text("200")  # the sample letter is here already

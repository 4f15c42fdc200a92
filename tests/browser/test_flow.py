"""The review flow in a real browser: from the inbox to submitted and on; assigning and undoing."""


def submitted(page):
    """Agrees on every issue of the case that is open, and submits."""
    for choice in page.locator("#review [name^=opinion-][value=agree]").all():
        choice.check()
    page.click("#review button[value=submit] >> nth=0")
    page.wait_for_selector("#review .notice:has-text('Submitted')")


def test_from_take_the_next_to_submitted_and_on_by_a_key(signed_in):
    page = signed_in
    page.goto("/")
    page.keyboard.press("t")
    page.wait_for_url("**/cases/CM*/")
    first = page.url
    assert page.evaluate("scrollY") == 0
    assert page.locator("h1").is_visible()
    submitted(page)
    page.keyboard.press("t")
    page.wait_for_url(lambda url: "/cases/CM" in url and url != first)
    assert page.evaluate("scrollY") == 0
    second = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto("/")
    task = page.locator(f"#attention .task:has-text('Review {second}')")
    assert "due in 30 days" in task.inner_text()
    task.get_by_role("link").click()
    page.wait_for_url(f"**/cases/{second}/")


def test_what_was_assigned_is_taken_back_at_once(signed_in):
    page = signed_in
    page.goto("/team/")
    page.click("text=Assign reviews")
    page.fill("#number", "2")
    page.check("[name=who] >> nth=0")
    page.click(".assign button:has-text('Assign')")
    page.wait_for_selector("h1:has-text('2 assigned')")
    page.click("text=Undo: take back 2")
    page.wait_for_selector("text=2 reviews taken back.")


def test_without_scripts_a_free_case_is_taken_from_the_queue(browser, live_product):
    context = browser.new_context(base_url=live_product.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login/")
    page.fill("[name=username]", live_product.user)
    page.fill("[name=password]", live_product.password)
    page.press("[name=password]", "Enter")
    page.goto("/reviews/?state=unassigned")
    page.click("button:has-text('Take it') >> nth=0")
    page.wait_for_url("**/cases/CM*/")
    assert page.locator("#review [name^=opinion-]").count() >= 3
    submitted(page)  # which looks for the notice
    context.close()

"""The main job in a real browser, against the running web server, worker and broker."""

from tests.conftest import LETTERS


def test_from_upload_to_csv(signed_in, tmp_path):
    page = signed_in
    page.goto("/upload/")
    page.set_input_files("#files", LETTERS / "CM14-0195168.pdf")
    page.click("form[data-dropzone] button")
    page.click("#progress .outcome a:has-text('CM14-0195168')", timeout=60_000)
    page.wait_for_url("**/cases/CM14-0195168/**")

    page.evaluate(
        """() => {
          const text = document.querySelector('#text-rationale-1 [data-text]');
          const {textOf, rangeOf, points} = imrSelection;  // there may be highlights already
          const all = textOf(text);
          const start = points(all.slice(0, all.indexOf('cardinal criteria')));
          getSelection().removeAllRanges();
          getSelection().addRange(rangeOf(text, start, start + 'cardinal criteria'.length));
          text.dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
        }"""
    )
    page.fill("#annotate-comment", "Which edition?")
    page.press("#annotate-comment", "Control+Enter")
    page.wait_for_selector("mark:has-text('cardinal criteria')")
    assert "Which edition?" in page.inner_text(".threads")

    page.click("text=Nov 8, 2014 >> nth=0")
    page.wait_for_url("**show=ur_denial_date")
    page.wait_for_selector("#letter rect.mark")

    page.goto("/cases/?case_number=CM14-0195168")
    with page.expect_download() as download:
        page.click("#list-csv")
    path = tmp_path / "cases.csv"
    download.value.save_as(path)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("case_number,decision")
    assert lines[1].startswith("CM14-0195168,upheld")


def open_list(page, address):
    """Once the sample letters, which are read in the background, are there."""
    page.goto(address)
    for _ in range(120):
        if page.locator("[data-row]").count() > 2:
            return
        page.wait_for_timeout(500)
        page.reload()


def test_filters_update_the_list_and_the_address(signed_in):
    page = signed_in
    open_list(page, "/cases/")
    page.click("[popovertarget=filters]")
    page.check("[name=decision][value=overturned]")
    page.wait_for_url("**decision=overturned*")
    page.wait_for_selector(".chip:has-text('Overturned')")
    page.go_back()
    page.wait_for_url(lambda url: "decision=overturned" not in url)


def test_filters_are_kept_while_their_drawer_is_closed_and_stand_in_it_when_it_opens(signed_in):
    page = signed_in
    open_list(page, "/cases/")
    page.goto("/cases/?decision=upheld")
    page.fill("#id_q", "treatment")
    page.wait_for_url("**q=treatment*")
    assert "decision=upheld" in page.url
    page.focus("[popovertarget=filters]")
    page.keyboard.press("f")
    page.wait_for_selector("#filters [name=decision][value=upheld]:checked")
    page.keyboard.press("Tab")  # what opened it has the focus, and its fields come next
    assert page.evaluate("document.activeElement.closest('#filters') !== null")
    page.check("#filters [name=decision][value=overturned]")
    page.wait_for_url("**decision=overturned*")
    assert "decision=upheld" in page.url
    assert "q=treatment" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("#filters", state="hidden")


def test_a_file_that_is_no_pdf_says_so(signed_in, tmp_path):
    bad = tmp_path / "notes.pdf"
    bad.write_text("These are notes, not a PDF.")
    page = signed_in
    page.goto("/upload/")
    page.set_input_files("#files", bad)
    page.click("form[data-dropzone] button")
    page.wait_for_selector("#progress .outcome:has-text('not a PDF')", timeout=60_000)


def test_a_list_is_read_by_keyboard(signed_in):
    page = signed_in
    open_list(page, "/cases/?order=case_number")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("at=1"))
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url.endswith("at=2"))
    page.keyboard.press("p")
    page.wait_for_url(lambda url: url.endswith("at=1"))
    page.keyboard.press("?")
    assert "Next in the list" in page.inner_text("dialog#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.wait_for_url(lambda url: url.endswith("/cases/?order=case_number"))
    page.keyboard.press("/")
    page.keyboard.type("jn?")
    assert page.input_value("#id_q") == "jn?"

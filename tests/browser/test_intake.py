"""Uploading, correcting and people in a real browser."""

import re

import pytest

from tests.conftest import LETTERS


@pytest.fixture
def notes(tmp_path):
    """A file that is rejected, beside letters."""
    path = tmp_path / "notes.txt"
    path.write_text("These are notes.")
    return path


def test_what_was_chosen_is_listed_sent_and_told_on_a_page_of_its_own(signed_in, notes):
    page = signed_in
    page.goto("/upload/")
    page.set_input_files("#files", [LETTERS / "facsimile-001-final-2015.pdf", notes])
    page.wait_for_selector("[data-go-words]:has-text('Upload 2 files')")
    assert "it may be skipped" in page.inner_text(".chosen-file >> nth=1")
    page.click("[data-go]")
    page.wait_for_url(re.compile(r"/batches/\d+/$"))
    page.wait_for_selector("#progress h2:has-text('Done')", timeout=60_000)
    assert "skipped" in page.inner_text(".reasons")
    assert page.locator("#batch-retry").count() == 0, "trying again would not help"
    before = page.url
    page.reload()
    assert page.url == before
    assert page.locator(".batch-file").count() == 2


def test_the_counts_of_an_upload_lead_to_as_many(signed_in):
    page = signed_in
    page.goto("/batches/")
    page.click("tbody tr:last-child a >> nth=0")
    page.wait_for_selector("#progress h2:has-text('Done')", timeout=60_000)
    count = int(page.inner_text("#new-cases").split()[0])
    page.click("#new-cases a")
    page.wait_for_url("**/cases/?batch=*")
    assert page.locator("[data-row]").count() == count


def test_an_invitation_link_is_copied(signed_in):
    page = signed_in
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/people/")
    page.fill("[name=username]", "newcomer")
    page.fill("[name=first_name]", "Nora")
    page.fill("[name=last_name]", "Comer")
    page.select_option("[name=role]", "reviewer")
    page.click("#invite button")
    page.click("[data-copy]")
    page.wait_for_selector("[data-copy-words]:has-text('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.input_value("#link")
    assert "Nora Comer" in page.inner_text(".people")


def test_the_letter_scrolls_to_the_words_of_the_field_in_focus(signed_in):
    page = signed_in
    page.goto("/cases/CM14-0195168/")
    page.click("a:has-text('Correct')")
    page.focus("[name=issues-0-rationale]")
    page.wait_for_selector("#letter rect.mark")
    page.wait_for_function(
        """() => {
          const mark = document.querySelector("#letter rect.mark").getBoundingClientRect();
          const paper = document.querySelector("[data-paper]").getBoundingClientRect();
          return mark.top >= paper.top && mark.top <= paper.bottom;
        }"""
    )


def test_a_dropped_folder_is_walked_and_its_letters_listed(signed_in, tmp_path):
    inner = tmp_path / "letters" / "2015"
    inner.mkdir(parents=True)
    (inner / "one.pdf").write_bytes(b"%PDF-1.7")
    (inner.parent / "two.ZIP").write_bytes(b"PK")
    (inner / "notes.txt").write_text("These are notes.")
    page = signed_in
    page.goto("/upload/")
    session = page.context.new_cdp_session(page)
    what = {"items": [], "files": [str(inner.parent)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"type": kind, "x": 400, "y": 400, "data": what}
        session.send("Input.dispatchDragEvent", place)
    page.wait_for_selector("[data-go-words]:has-text('Upload 2 files')")
    assert sorted(page.locator(".chosen-file .file-name").all_inner_texts()) == [
        "one.pdf",
        "two.ZIP",
    ]
    assert page.evaluate("document.activeElement.matches('[data-go]')")

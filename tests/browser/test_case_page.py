"""The case page in Chromium: reading by keys, the review at hand, notes beside their words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.browser.visits import signed_in_visits

PASSWORD = "words-on-a-page"
PREPARE = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from cases.corrections.refresh import refresh_case
from cases.models import Case
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.models import Target
from reviews.reviewing import workflow
people = dict()
for name in ("kim", "lou"):
    people[name], _ = get_user_model().objects.get_or_create(username=name)
    people[name].set_password({PASSWORD!r}); people[name].save()
    people[name].groups.add(Group.objects.get(name="reviewer"))
source = Case.objects.get(case_number="CM14-0195168")
def copy(number):
    case = Case.objects.get(pk=source.pk)
    case.pk = case.reading_id = None; case.case_number = number; case.save()
    for position in (1, 2, 3):
        issue = source.issues.get()
        issue.pk = None; issue.case = case; issue.position = position
        issue.treatment_request = f"Treatment {{position}}"; issue.save()
    refresh_case(case)
    return workflow.create_review(case)
first, second = copy("CM14-9000001"), copy("CM14-9000002")
workflow.assign_reviewer(second, people["kim"], people["kim"])
one = second.case.issues.get(position=1)
place = Place(second.case, one, Target.RATIONALE)
for start in (0, 20, 40, 500):
    words = Selection(place.text[start:start + 12], start)
    create_annotation(place, people["lou"], words, comment="A note of two lines or so. " * 3)
first.due_on = "2000-01-01"; first.save()  # the most urgent of all
"""
FIRST, SECOND = "/cases/CM14-9000001/", "/cases/CM14-9000002/"


@pytest.fixture(scope="module")
def people(live_product):
    prepared = live_product.manage("shell", "-c", PREPARE)
    assert prepared.returncode == 0, prepared.stderr


@pytest.fixture
def visit(browser, live_product, people):
    """`visit("kim", "/reviews/")`: a page of hers there, in a browser of its own."""
    with signed_in_visits(browser, live_product, PASSWORD) as sign_in:

        def visit(name: str, address: str, width: int = 1280, height: int = 900):
            return sign_in(name, address, viewport={"width": width, "height": height})

        yield visit


def in_focus(page, selector: str) -> bool:
    return page.evaluate("(selector) => document.activeElement.matches(selector)", selector)


def test_from_take_the_next_to_submitted_in_at_most_twelve_keys(visit):
    page = visit("lou", "/reviews/")
    pressed = 0

    def press(key: str) -> None:
        nonlocal pressed
        pressed += 1
        page.keyboard.press(key)

    page.focus("form[action='/reviews/next/'] button >> visible=true")
    press("Enter")
    page.wait_for_url(f"**{FIRST}")  # at its top, ready to read
    page.wait_for_selector("#review-bar [data-bar-count]:has-text('0 of 3')")
    press("j")
    assert in_focus(page, "#text-rationale-1 [data-text]")
    press("a")
    assert in_focus(page, "#text-rationale-2 [data-text]")
    press("d")
    assert in_focus(page, "[data-bar-reason]")
    page.keyboard.type("The chapter cited is of another edition.")
    press("Enter")
    assert in_focus(page, "#text-rationale-3 [data-text]")
    press("a")
    assert in_focus(page, "[data-bar-submit=next]")
    assert "3 of 3" in page.inner_text("[data-bar-count]")
    page.focus("[data-bar-submit='']")  # no more to take here: submit alone
    press("Enter")
    page.wait_for_selector("#review:has-text('You submitted your review')")
    assert pressed <= 12
    assert "Submitted" in page.inner_text("#head-state")
    assert page.locator("#review-bar").is_hidden()


def test_the_bar_and_the_panel_say_the_same_and_outlive_a_reload(visit):
    page = visit("kim", SECOND)
    page.keyboard.press("u")  # nothing is in view yet but the first issue
    page.keyboard.type("au?")  # words, not keys
    assert page.locator("form.findings textarea >> nth=0").input_value() == "au?"
    assert page.is_checked("form.findings fieldset:nth-of-type(1) [value=unsure]")
    page.check("form.findings fieldset:nth-of-type(2) [value=agree]")
    page.reload()
    page.wait_for_selector("[data-bar-count]:has-text('2 of 3')")
    page.keyboard.press("Home")
    page.wait_for_selector("[data-bar-issue]:has-text('Treatment 1')")
    assert page.input_value("[data-bar-reason]") == "au?"
    assert page.locator("[data-bar-draft]").is_visible()
    page.click("[data-bar-submit=next]")
    page.wait_for_selector("[data-bar-told]:has-text('Issue 3 has no verdict yet')")
    assert page.locator(".rail a[aria-current]").inner_text().endswith("Treatment 3")
    page.evaluate("localStorage.clear()")


def test_all_keys_are_listed(visit):
    page = visit("kim", SECOND)
    page.keyboard.press("?")
    listed = page.inner_text("dialog#keys")
    for words in ("Next issue", "Agree with MAXIMUS", "Go to the review", "All cases", "annotate"):
        assert words in listed


def test_notes_stand_beside_their_words_and_over_nothing(visit):
    page = visit("kim", SECOND, width=1920)
    text = page.locator("#text-rationale-1 .reading").bounding_box()
    notes = [one.bounding_box() for one in page.locator("#text-rationale-1 .thread").all()]
    assert all(note["x"] >= text["x"] + text["width"] for note in notes)
    for above, below in pairwise(notes):
        assert below["y"] >= above["y"] + above["height"]
    mark = page.locator("#text-rationale-1 mark >> nth=0").bounding_box()
    assert abs(notes[0]["y"] - mark["y"]) < 12
    page.set_viewport_size({"width": 1280, "height": 900})
    narrow = page.locator("#text-rationale-1 .thread >> nth=0").bounding_box()
    text = page.locator("#text-rationale-1 .reading").bounding_box()
    assert narrow["y"] >= text["y"] + text["height"]


def test_the_hint_goes_for_good(visit):
    page = visit("kim", SECOND)
    page.click("[data-hint-away]")
    page.reload()
    assert page.locator("[data-marking-hint]").is_hidden()


def test_words_of_the_letter_can_be_selected(visit):
    page = visit("kim", "/cases/CM14-0195168/")
    page.wait_for_selector(".words div:has-text('HOW THE IMR FINAL DETERMINATION WAS MADE')")
    line = page.locator(".words div:has-text('HOW THE IMR FINAL')").bounding_box()
    y = line["y"] + line["height"] / 2
    page.mouse.move(line["x"] + 1, y)
    page.mouse.down()
    page.mouse.move(line["x"] + line["width"] - 1, y, steps=4)
    page.mouse.up()
    assert "IMR FINAL DETERMINATION" in page.evaluate("getSelection().toString()")


def test_a_small_screen_folds_the_letter_away(visit):
    page = visit("kim", SECOND, width=375, height=760)
    assert page.locator(".paper").is_hidden()
    page.click("text=Show the letter")
    assert page.locator(".paper").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

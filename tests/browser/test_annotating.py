"""Annotating and reviewing in Chromium, against the running product."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest

from tests.browser.visits import tab_to

PASSWORD = "words-on-a-page"
CASE = "CM14-0195168"  # the others are free for whoever takes the next review
# Everything that makes UTF-16, code points and what one sees differ.
TEXT = (
    "👩‍⚕️ Dr. Zoë\u0301 noted 𝒲eakness (L4–L5) 👍🏽 twice.\n\nSecond paragraph: e\u0301valué &"
    " <b>not bold</b>, “quoted”.\r\n\r\nThird 🏥 paragraph  with  double spaces, the end. नमस्ते"
)
PREPARE = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from cases.corrections.refresh import refresh_case
from cases.models import Case
from reviews.annotating.annotate import Selection, create_annotation
from reviews.models import Label, Target
from reviews.annotating.targets import Place
for name in ("ana", "ben"):
    user, _ = get_user_model().objects.get_or_create(username=name)
    user.set_password({PASSWORD!r}); user.save()
    user.groups.add(Group.objects.get(name="reviewer"))
case = Case.objects.get(case_number={CASE!r})
issue = case.issues.get()
case.clinical_summary = {TEXT!r}
case.save()
refresh_case(case)
place = Place(case, None, Target.CLINICAL_SUMMARY)
label = Label.objects.first()
for start, end in ((0, 30), (10, 60), (25, 90), (25, 40), (88, len(place.text))):
    create_annotation(place, user, Selection(place.text[start:end], start), label=label)
"""


@pytest.fixture(scope="module")
def people(live_product):
    """Ana and Ben, who review, and a case whose summary is hard to count in."""
    prepared = live_product.manage("shell", "-c", PREPARE)
    assert prepared.returncode == 0, prepared.stderr


@pytest.fixture
def visit(browser, live_product, people):
    """`visit("ana")`: a page of hers at the case, in a browser of its own."""
    opened, errors = [], []

    def sign_in(name: str, address: str = f"/cases/{CASE}/"):
        context = browser.new_context(
            base_url=live_product.url, viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"/login/?next={address}")
        fill_in_login(page, name)
        page.wait_for_url(f"**{address}")
        return page

    yield sign_in
    for context in opened:
        context.close()
    assert not errors, f"scripts threw: {errors}"


def fill_in_login(page, name: str) -> None:
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


RATIONALE = "#text-rationale-1 [data-text]"


def box_of(page, words: str, nth: int = 0) -> dict:
    """Where these words stand on the screen."""
    return page.evaluate(
        """([selector, words, nth]) => {
          const text = document.querySelector(selector);
          const all = imrSelection.textOf(text);
          let at = -1;
          for (let i = 0; i <= nth; i += 1) at = all.indexOf(words, at + 1);
          const start = imrSelection.points(all.slice(0, at));
          const range = imrSelection.rangeOf(text, start, start + imrSelection.points(words));
          const {top} = range.getBoundingClientRect();
          scrollBy({top: top - innerHeight / 2, behavior: 'instant'});
          const boxes = [...range.getClientRects()].filter((box) => box.width);
          const [first, last] = [boxes[0], boxes.at(-1)];
          return {left: first.left, top: (first.top + first.bottom) / 2,
                  right: last.right, bottom: (last.top + last.bottom) / 2};
        }""",
        [RATIONALE, words, nth],
    )


def drag_over(page, words: str) -> None:
    """Selects the words with the mouse."""
    box = box_of(page, words)
    page.mouse.move(box["left"] + 0.5, box["top"])
    page.mouse.down()
    page.mouse.move(box["right"] - 0.5, box["bottom"], steps=4)
    page.mouse.up()
    page.wait_for_selector("#annotate:not([hidden])")


def save(page) -> None:
    page.keyboard.press("Control+Enter")
    page.locator("#annotate").wait_for(state="hidden")


@contextmanager
def one_more_thread(page):
    before = page.locator("#text-rationale-1 .thread").count()
    yield
    page.wait_for_selector(f"#text-rationale-1 .thread >> nth={before}")


# Points of the document are told by the browser's nodes and offsets; each knows how much of the
# text, in UTF-16, stands before it, from one walk in document order.
SELECTIONS = r"""([count, seed]) => {
  let state = seed;
  const chance = (n) => {  // a small generator, so that every run is the same
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * n);
  };
  const container = document.querySelector('#text-clinical_summary [data-text]');
  const points = [];
  let text = '';
  const walk = (node, counts) => {
    if (node.nodeType === Node.TEXT_NODE) {
      for (let offset = 0; offset <= node.data.length; offset += 1)
        points.push([node, offset, text.length + (counts ? offset : 0)]);
      if (counts) text += node.data;
      return;
    }
    const inner = counts && !('notText' in node.dataset);
    node.childNodes.forEach((child, i) => {
      points.push([node, i, text.length]);
      walk(child, inner);
    });
    points.push([node, node.childNodes.length, text.length]);
  };
  walk(container, true);
  const splits = (at) =>
    /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');
  const range = document.createRange();
  const found = [];
  const wrong = [];
  while (found.length < count) {
    const [a, b] = [points[chance(points.length)], points[chance(points.length)]];
    range.setStart(a[0], a[1]);
    range.setEnd(b[0], b[1]);  // collapses to b where b comes first
    const marked = imrSelection.marked(container, range);
    if (range.collapsed || a[2] === b[2]) {
      if (marked) wrong.push([marked, 'nothing']);
      continue;
    }
    found.push([marked.start, marked.end]);
    const expected = text.slice(a[2] - splits(a[2]), b[2] + splits(b[2]));
    const back = imrSelection.rangeOf(container, marked.start, marked.end);
    const again = imrSelection.marked(container, back);
    if (marked.quote !== expected) wrong.push([marked, expected]);
    if (again.start !== marked.start || again.end !== marked.end) wrong.push([marked, again]);
  }
  return {found, quotes: found.slice(0, 500).map(([start, end]) =>
    [...text].slice(start, end).join('')), wrong: wrong.slice(0, 3)};
}"""


def test_ten_thousand_selections_are_the_same_words_in_the_stored_text(visit):
    page = visit("ana")
    assert (
        page.evaluate(
            "imrSelection.textOf(document.querySelector('#text-clinical_summary [data-text]'))"
        )
        == TEXT
    )
    result = page.evaluate(SELECTIONS, [10_000, 20150116])
    assert result["wrong"] == []
    assert len(result["found"]) == 10_000
    assert len(set(map(tuple, result["found"]))) > 3000
    for (start, end), quote in zip(result["found"], result["quotes"], strict=False):
        assert TEXT[start:end] == quote


def test_mouse_key_and_again_right_after_the_swap(visit):
    page = visit("ana")
    drag_over(page, "return to work goal")
    page.keyboard.press("1")
    page.keyboard.type("As page 125 asks.")
    with one_more_thread(page):
        save(page)
    # over the edge of the first highlight, on what HTMX has just put there
    drag_over(page, "work goal agreed upon")
    page.keyboard.press("6")
    with one_more_thread(page):
        save(page)
    page.wait_for_selector(f"{RATIONALE} mark mark:has-text('work goal')")
    quotes = page.locator("#text-rationale-1 .thread .quote").all_inner_texts()
    assert "“return to work goal”" in quotes
    assert "“work goal agreed upon”" in quotes
    page.click(f"{RATIONALE} mark:has-text('agreed upon')")
    assert "agreed upon" in page.evaluate(
        "document.activeElement.querySelector('.quote').innerText"
    )


def test_two_browsers_at_once_overwrite_nothing(visit):
    ana = visit("ana")
    drag_over(ana, "unspecified amounts")
    ana.keyboard.press("4")
    ana.keyboard.type("Six or twelve?")
    with one_more_thread(ana):
        save(ana)
    also_ana = visit("ana")
    thread = ".thread:has-text('unspecified amounts')"
    for page in (ana, also_ana):
        page.click(f"{thread} >> text=Edit")
        page.wait_for_selector("form.annotate-edit")
    ana.fill("form.annotate-edit [name=comment]", "Six to twelve, says page 2.")
    ana.keyboard.press("Control+Enter")
    ana.wait_for_selector(f"{thread} >> text=says page 2")
    also_ana.fill("form.annotate-edit [name=comment]", "Or 23?")
    also_ana.keyboard.press("Control+Enter")
    also_ana.wait_for_selector("text=This was changed while you were editing")
    assert "says page 2" in also_ana.inner_text(".meanwhile")
    assert also_ana.input_value("form.annotate-edit [name=comment]") == "Or 23?"


def test_offline_and_back_nothing_is_lost_or_said_twice(visit):
    page = visit("ben")
    drag_over(page, "qualified injured worker")
    page.keyboard.press("8")
    page.keyboard.type("Ask about this.")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#trouble:has-text('can’t be reached')")
    assert page.input_value("#annotate-comment") == "Ask about this."
    page.context.set_offline(False)
    with one_more_thread(page):
        save(page)
    assert page.locator(".thread:has-text('Ask about this.')").count() == 1


def test_an_ended_session_costs_nothing_that_was_typed(visit):
    page = visit("ben")
    drag_over(page, "several occasions")
    page.keyboard.press("5")
    page.keyboard.type("Which ones?")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    with page.context.expect_page() as opened:
        page.click("#trouble a:has-text('Sign in')")
    fill_in_login(opened.value, "ben")
    opened.value.wait_for_url("**/")
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_selector("#trouble:has-text('signed in again')")
    assert page.input_value("#annotate-comment") == "Which ones?"
    with one_more_thread(page):
        page.focus("#annotate-comment")
        save(page)


def test_the_server_s_words_on_a_refusal_are_shown_and_stay(visit):
    page = visit("ben")
    drag_over(page, "intent on returning")
    page.keyboard.press("8")
    page.keyboard.type("Kept.")
    page.context.clear_cookies(name="csrftoken")
    with page.expect_response(lambda response: response.status == 403):
        page.keyboard.press("Control+Enter")
    page.wait_for_selector("#trouble:has-text('open for too long')")
    assert page.input_value("#annotate-comment") == "Kept."


def test_a_draft_outlives_the_page(visit):
    page = visit("ben")
    drag_over(page, "taken together")
    page.keyboard.press("3")
    page.keyboard.type("To be continued")
    page.reload()
    page.click("#draft-kept >> text=Continue editing")
    assert page.input_value("#annotate-comment") == "To be continued"
    with one_more_thread(page):
        save(page)
    page.reload()
    assert not page.is_visible("#draft-kept")


def test_a_colleague_is_mentioned_by_the_first_letters(visit):
    page = visit("ben")
    drag_over(page, "improvement through the same")
    page.focus("#annotate-comment")
    page.keyboard.type("Is this so, @an")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('@ana')")
    page.keyboard.press("Enter")
    assert page.input_value("#annotate-comment") == "Is this so, @ana "
    page.keyboard.type("or not?")
    with one_more_thread(page):
        save(page)
    hers = visit("ana", "/")
    hers.click(".task:has-text('Is this so') :is(a, button)")
    hers.wait_for_selector(".thread:has-text('Is this so') .mention:has-text('@ana')")


def test_escape_closes_the_names_and_not_the_form(visit):
    page = visit("ben")
    drag_over(page, "improvement through the same")
    page.focus("#annotate-comment")
    page.keyboard.type("@a")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")
    page.wait_for_selector("[role=option]", state="detached")
    assert page.is_visible("#annotate")


SELECT = """([selector, words]) => {
  const text = document.querySelector(selector);
  const all = imrSelection.textOf(text);
  const start = imrSelection.points(all.slice(0, all.indexOf(words)));
  const range = imrSelection.rangeOf(text, start, start + imrSelection.points(words));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_words_selected_by_a_finger_bring_up_the_form(browser, live_product, people):
    context = browser.new_context(
        base_url=live_product.url,
        viewport={"width": 375, "height": 720},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    page.goto(f"/login/?next=/cases/{CASE}/")
    fill_in_login(page, "ana")
    page.wait_for_url(f"**/cases/{CASE}/")
    box = box_of(page, "goal")
    page.touchscreen.tap((box["left"] + box["right"]) / 2, box["top"])
    # Chromium on a desk has no long press; what its handles do then, a word at a time, is done here
    for words in ("goal", "goal agreed", "goal agreed upon"):
        page.evaluate(SELECT, [RATIONALE, words])
    page.wait_for_selector("#annotate:not([hidden]) [data-quote]:has-text('goal agreed upon')")
    page.tap("#annotate .label-choice .label >> nth=1")
    page.tap("#annotate-comment")
    page.keyboard.type("By a finger.")
    with one_more_thread(page):
        page.tap("#annotate button:has-text('Save')")
    context.close()


UNPLACED = f"""
from cases.models import Case
from django.contrib.auth import get_user_model
from reviews.annotating.annotate import Selection, create_annotation
from reviews.models import Annotation, Target
from reviews.annotating.targets import Place
issue = Case.objects.get(case_number={CASE!r}).issues.get()
place = Place(issue.case, issue, Target.RATIONALE)
ana = get_user_model().objects.get(username="ana")
note = create_annotation(place, ana, Selection("cardinal criteria"), comment="Lost its words.")
Annotation.objects.filter(pk=note.pk).update(start=None, end=None, quote="its former words")
print(note.pk)
"""


def test_an_unplaced_annotation_is_placed_by_selecting_its_words(visit, live_product):
    pk = live_product.manage("shell", "-v0", "-c", UNPLACED).stdout.strip()
    page = visit("ana")
    page.click(".unplaced >> text=Place manually")
    page.wait_for_url(f"**/annotations/{pk}/place/")
    page.focus("[data-text]")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    words = page.input_value("#quote")
    assert len(words.split()) == 2
    page.keyboard.press("Enter")  # on the button, which has the focus now
    page.wait_for_selector(f"#note-{pk} .quote:has-text('{words}')")
    assert not page.locator(".unplaced").count()


def test_from_sign_in_to_a_submitted_review_without_the_mouse(browser, live_product, people):
    context = browser.new_context(base_url=live_product.url)
    page = context.new_page()
    page.goto("/login/")
    tab_to(page, "[name=username]")
    page.keyboard.type("ben")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Take the next review")
    tab_to(page, "form[action='/reviews/next/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/CM\d\d-\d{7}/"))
    page.wait_for_selector("form.findings")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Home")
    page.locator("a.skip").focus()
    tab_to(page, RATIONALE)
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#annotate:not([hidden])")
    page.keyboard.press("2")
    page.keyboard.type("By keys alone.")
    with one_more_thread(page):
        save(page)

    issues = page.locator("form.findings fieldset").count()
    for number in range(issues):
        fieldset = f"form.findings fieldset:nth-of-type({number + 1})"
        tab_to(page, f"{fieldset} input[type=radio]")
        page.keyboard.press("Space")
    tab_to(page, "form.findings button[value=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#review:has-text('You submitted your review')")
    context.close()

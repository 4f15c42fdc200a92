"""Drafts in Chromium: what was typed or chosen outlives reloads, errors and new readings."""

from __future__ import annotations

import json

import pytest

from tests.browser.visits import signed_in_visits

PASSWORD = "words-on-a-page"
CASE = "CM14-0070916"  # two issues
IN_DISPUTE = "CM15-0024676"  # two issues, on both of which two reviewers differ
PREPARE = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from cases.models import Case
from reviews.annotating import threads
from reviews.reviewing import workflow
from reviews.annotating.annotate import Selection, create_annotation
from reviews.models import Assignment, Review, Target
from reviews.annotating.targets import Place
from reviews.reviewing.workflow import Finding
people = dict()
roles = dict(dora="reviewer", dirk="reviewer", lena="lead", cora="data corrector")
for name, role in roles.items():
    people[name], _ = get_user_model().objects.get_or_create(username=name)
    people[name].set_password({PASSWORD!r}); people[name].save()
    people[name].groups.add(Group.objects.get(name=role))
def review_of(number):
    return Review.objects.get(case__case_number=number)
for number in ({CASE!r}, {IN_DISPUTE!r}):  # other tests may have taken them
    review = review_of(number)
    review.settlements.all().delete()
    review.assignments.all().delete()
    Review.objects.filter(pk=review.pk).update(
        taken=0, wanted=1, state="unassigned", closed_at=None, closed_by=None
    )
workflow.assign_reviewer(review_of({CASE!r}), people["dora"], people["lena"])
for name, opinion in (("dora", "agree"), ("dirk", "disagree")):
    one = workflow.assign_reviewer(review_of({IN_DISPUTE!r}), people[name], people["lena"])
    said = {{issue.pk: Finding(opinion, "Because.") for issue in one.review.case.issues.all()}}
    workflow.save_findings(one, version=1, notes="", findings=said, submit=True)
case = Case.objects.get(case_number={CASE!r})
issue = case.issues.get(position=1)
place = Place(case, issue, Target.RATIONALE)
words = Selection(issue.rationale[:20], 0)
note = create_annotation(place, people["dora"], words, comment="First words.")
threads.create_reply(note, people["dora"], "A first reply.")
"""
IN_ANOTHER_ORDER = f"""
from cases.models import Case
for number in ({CASE!r}, {IN_DISPUTE!r}):
    issues = Case.objects.get(case_number=number).issues
    for old, new in ((1, 901), (2, 1), (901, 2)):
        issues.filter(position=old).update(position=new)
"""
FINDINGS = "form.findings"
SETTLE = "form.lead[data-draft]"


@pytest.fixture(scope="module")
def people(live_product):
    prepared = live_product.manage("shell", "-c", PREPARE)
    assert prepared.returncode == 0, prepared.stderr


@pytest.fixture
def visit(browser, live_product, people):
    """`visit("dora")`: a page of hers at the case, in a browser of its own."""
    with signed_in_visits(browser, live_product, PASSWORD) as sign_in:
        yield lambda name, case=CASE: sign_in(name, f"/cases/{case}/")


@pytest.fixture
def visit_corrections(visit, live_product):
    """The page on which a data corrector corrects a case of two issues."""
    code = f"from cases.models import Case; print(Case.objects.get(case_number={IN_DISPUTE!r}).pk)"
    pk = live_product.manage("shell", "-v0", "-c", code).stdout.strip()
    page = visit("cora", IN_DISPUTE)
    page.on("dialog", lambda dialog: dialog.accept())  # leaving with unsaved corrections
    page.goto(f"/admin/cases/case/{pk}/change/")
    return page


@pytest.fixture
def another_order(live_product):
    """A new reading that lists the issues the other way round; put back when the test ends."""

    def turn_round():
        done = live_product.manage("shell", "-c", IN_ANOTHER_ORDER)
        assert done.returncode == 0, done.stderr

    turned = []
    yield lambda: turned.append(turn_round())
    if turned:
        turn_round()


def issue_keys(page, form: str) -> list[str]:
    return page.eval_on_selector_all(
        f"{form} [name=issues]", "(all) => all.map((one) => one.value)"
    )


def give(page, form: str, key: str, opinion: str, reason: str) -> None:
    page.check(f"{form} [name=opinion-{key}][value={opinion}]")
    page.fill(f"{form} [name=reason-{key}]", reason)


def given(page, form: str, key: str) -> tuple[str, str]:
    opinion = page.locator(f"{form} [name=opinion-{key}]:checked").get_attribute("value")
    return opinion, page.input_value(f"{form} [name=reason-{key}]")


def drafts(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('imr-draft'))")


def press(page, form: str, action: str) -> None:
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.click(f"{form} button[value={action}]")


def test_findings_on_every_issue_outlive_a_reload_and_are_saved(visit):
    page = visit("dora")
    first, second = issue_keys(page, FINDINGS)
    give(page, FINDINGS, first, "disagree", "The first reason.")
    give(page, FINDINGS, second, "unsure", "The second reason.")
    page.reload()
    assert issue_keys(page, FINDINGS) == [first, second]
    press(page, FINDINGS, "save")
    page.wait_for_selector("#review .notice:has-text('Saved.')")
    assert drafts(page) == []
    page.reload()
    assert given(page, FINDINGS, first) == ("disagree", "The first reason.")
    assert given(page, FINDINGS, second) == ("unsure", "The second reason.")


def test_a_verdict_alone_is_kept(visit):
    page = visit("dora")
    [_, second] = issue_keys(page, FINDINGS)
    page.check(f"{FINDINGS} [name=opinion-{second}][value=agree]")
    page.reload()
    assert page.is_checked(f"{FINDINGS} [name=opinion-{second}][value=agree]")
    page.evaluate("localStorage.clear()")


def test_findings_outlive_an_error_and_the_reload_after_it(visit):
    page = visit("dora")
    first, second = issue_keys(page, FINDINGS)
    give(page, FINDINGS, first, "disagree", "Typed before the error.")
    page.check(f"{FINDINGS} [name=opinion-{second}][value=disagree]")
    page.fill(f"{FINDINGS} [name=reason-{second}]", "")
    press(page, FINDINGS, "submit")
    page.wait_for_selector("#review [role=alert]:has-text('Say why on issue 2')")
    assert given(page, FINDINGS, first) == ("disagree", "Typed before the error.")
    page.reload()
    assert given(page, FINDINGS, first) == ("disagree", "Typed before the error.")
    assert given(page, FINDINGS, second) == ("disagree", "")
    page.evaluate("localStorage.clear()")


def test_findings_stay_with_their_issue_when_a_new_reading_changes_the_order(visit, another_order):
    page = visit("dora")
    first, second = issue_keys(page, FINDINGS)
    give(page, FINDINGS, first, "unsure", "Of the issue that was first.")
    give(page, FINDINGS, second, "disagree", "Of the issue that was second.")
    another_order()
    page.reload()
    assert issue_keys(page, FINDINGS) == [second, first]
    assert given(page, FINDINGS, first) == ("unsure", "Of the issue that was first.")
    assert given(page, FINDINGS, second) == ("disagree", "Of the issue that was second.")
    page.evaluate("localStorage.clear()")


def test_a_draft_that_is_older_than_what_is_saved_is_shown_and_not_put_in(visit):
    page, other = visit("dora"), visit("dora")
    page.fill("#review-notes", "Typed here, not saved.")
    other.fill("#review-notes", "Saved in another browser.")
    press(other, FINDINGS, "save")
    page.reload()
    assert page.input_value("#review-notes") == "Saved in another browser."
    assert "Typed here, not saved." in page.inner_text(".draft-older")
    page.click(".draft-older button")
    page.reload()
    assert not page.locator(".draft-older").count()
    assert drafts(page) == []


def test_a_draft_of_the_former_format_is_ignored(visit):
    page = visit("dora")
    user = page.get_attribute("body", "data-user")
    old = {"issues": "1", "version": "1", "notes": "From an older version."}
    page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)",
        [f"imr-draft:{user}:review-{CASE}", json.dumps({"at": 4e12, "values": old})],
    )
    keys = issue_keys(page, FINDINGS)
    page.reload()
    assert issue_keys(page, FINDINGS) == keys
    assert "older version" not in page.input_value("#review-notes")
    assert drafts(page) == []


def test_an_annotation_goes_back_to_its_issue_in_another_order(visit, another_order):
    page = visit("dora")
    page.evaluate(
        """() => {
          const text = document.querySelector('#text-rationale-2 [data-text]');
          getSelection().removeAllRanges();
          getSelection().addRange(imrSelection.rangeOf(text, 0, 12));
          text.dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
        }"""
    )
    page.wait_for_selector("#annotate:not([hidden])")
    page.fill("#annotate-comment", "On the second issue.")
    words = page.input_value("#annotate [name=quote]")
    another_order()
    page.reload()
    page.click("#draft-kept >> text=Continue editing")
    assert page.input_value("#annotate-comment") == "On the second issue."
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"#text-rationale-1 .thread .quote:has-text('{words}')")
    assert drafts(page) == []


def test_a_reply_outlives_a_reload_and_is_sent_once(visit):
    page = visit("dora")
    form = "form[data-draft^=reply-to]"
    page.locator(f"{form} textarea").first.evaluate(
        "(field) => field.closest('details')?.setAttribute('open', '')"
    )
    page.locator(f"{form} textarea").first.fill("A reply, in two goes.")
    page.reload()
    assert page.locator(f"{form} textarea").first.input_value() == "A reply, in two goes."
    page.locator(f"{form} textarea").first.press("Control+Enter")
    page.wait_for_selector(".thread:has-text('A reply, in two goes.')")
    assert drafts(page) == []
    page.reload()
    assert page.locator(f"{form} textarea").first.input_value() == ""


@pytest.mark.parametrize(
    ("edit", "before"),
    [("/annotations/{}/edit/", "First words."), ("/replies/{}/edit/", "A first reply.")],
)
def test_an_edit_outlives_a_reload_and_goes_when_it_is_saved(visit, live_product, edit, before):
    model = "Reply" if "replies" in edit else "Annotation"
    code = f"from reviews.models import {model} as M; print(M.objects.get(comment={before!r}).pk)"
    pk = live_product.manage("shell", "-v0", "-c", code).stdout.strip()
    page = visit("dora")
    page.goto(edit.format(pk))
    page.fill("form.annotate-edit [name=comment]", f"{before} And more.")
    page.reload()
    assert page.input_value("form.annotate-edit [name=comment]") == f"{before} And more."
    page.click("form.annotate-edit button")
    page.wait_for_url(f"**/cases/{CASE}/**")
    assert drafts(page) == []


def test_a_lead_s_settlement_outlives_reload_error_and_order_and_closes(visit, another_order):
    page = visit("lena", IN_DISPUTE)
    first, second = issue_keys(page, SETTLE)
    give(page, SETTLE, first, "agree", "Settled so.")
    page.reload()
    assert given(page, SETTLE, first) == ("agree", "Settled so.")
    press(page, SETTLE, "settle")
    page.wait_for_selector("#review [role=alert]:has-text('Choose a verdict on issue 2')")
    assert given(page, SETTLE, first) == ("agree", "Settled so.")
    another_order()
    page.reload()
    assert issue_keys(page, SETTLE) == [second, first]
    assert given(page, SETTLE, first) == ("agree", "Settled so.")
    give(page, SETTLE, second, "disagree", "And so.")
    page.reload()
    press(page, SETTLE, "settle")
    page.wait_for_selector("#review button[value=reopen]")
    assert drafts(page) == []


def test_a_correction_outlives_the_error_of_a_missing_reason_and_a_reload(visit_corrections):
    page = visit_corrections
    page.fill("[name=case-clinical_summary]", "A summary as it should be.")
    page.fill("[name=issues-1-rationale]", "A rationale as it should be.")
    page.reload()
    assert page.input_value("[name=issues-1-rationale]") == "A rationale as it should be."
    page.evaluate("document.querySelector('.save-bar [value=stay]').click()")
    page.wait_for_selector("text=Enter a reason")
    assert page.input_value("[name=case-clinical_summary]") == "A summary as it should be."
    page.reload()
    page.fill("#why", "The letter says so.")
    page.evaluate("document.querySelector('.save-bar [value=stay]').click()")
    page.wait_for_selector("text=is saved")
    assert page.input_value("[name=issues-1-rationale]") == "A rationale as it should be."
    assert drafts(page) == []


def test_another_row_of_a_correction_costs_nothing_that_was_typed(visit_corrections):
    page = visit_corrections
    page.fill("[name=issues-0-rationale]", "Typed before a row was added.")
    page.click("button[name=add][value=issues]")
    page.wait_for_selector("[name=issues-2-rationale]")
    page.reload()
    assert page.input_value("[name=issues-0-rationale]") == "Typed before a row was added."
    page.evaluate("localStorage.clear()")


def test_signing_out_asks_before_drafts_are_deleted(visit):
    page = visit("dora")
    page.fill("#review-notes", "Not saved anywhere.")
    asked = []

    def dismiss(dialog):
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", dismiss)
    page.click("header .who")
    page.click("header button:has-text('Sign out')")
    assert asked == ["One draft is not saved and will be deleted from this browser. Sign out?"]
    assert page.input_value("#review-notes") == "Not saved anywhere."
    page.once("dialog", lambda dialog: dialog.accept())
    if page.locator("#account").is_hidden():
        page.click("header .who")
    page.click("header button:has-text('Sign out')")
    page.wait_for_url("**/login/**")
    assert drafts(page) == []

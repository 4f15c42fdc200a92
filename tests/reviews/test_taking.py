"""Taking a review, and going on to the next."""

import pytest
from django.utils.html import escape

from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.workflow import Finding
from tests.factories import stored_case

pytestmark = pytest.mark.django_db
CASE = "/cases/CM14-0195168/"


@pytest.fixture
def review(issue):
    return Review.objects.get(case=issue.case)


def submit(client, review, issue):
    fields = {"version": 1, "issues": issue.pk, f"opinion-{issue.pk}": "agree", "action": "submit"}
    return client.post(f"{CASE}review/", fields, headers={"HX-Request": "true"}).content.decode()


def test_take_the_next_opens_the_case_at_its_top(client, review, ana):
    client.force_login(ana)
    assert client.post("/reviews/next/").url == CASE
    assert review.assignments.get().reviewer == ana


def test_a_case_that_nobody_has_is_taken_from_its_page_and_from_the_queue(client, review, ana):
    client.force_login(ana)
    address = f"{CASE}review/take/"
    assert f'action="{address}"' in client.get(CASE).content.decode()
    assert f'formaction="{address}"' in client.get("/reviews/").content.decode()
    assert client.post(address).url == CASE
    assert review.assignments.get().reviewer == ana
    assert address not in client.get(CASE).content.decode()
    assert address not in client.get("/reviews/").content.decode()


def test_the_second_who_takes_it_is_told(client, review, ana, ben):
    workflow.claim_review(review, ana)
    client.force_login(ben)
    page = client.post(f"{CASE}review/take/", follow=True).content.decode()
    assert "needs no reviewer any more" in page
    assert [one.reviewer for one in review.assignments.all()] == [ana]


def test_a_double_click_takes_it_once(client, review, ana):
    client.force_login(ana)
    client.post(f"{CASE}review/take/")
    page = client.post(f"{CASE}review/take/", follow=True).content.decode()
    assert "is with you already" in page


def test_after_submitting_the_next_one_is_a_key_away(client, review, issue, ana):
    workflow.claim_review(review, ana)
    client.force_login(ana)
    page = submit(client, review, issue)
    assert "You have no other review open" in page
    assert 'data-key="t"' not in page
    other = Review.objects.get(case=stored_case("facsimile-000-final-2015"))
    page = client.get(CASE).content.decode()
    assert "Take the next review" in page[page.index('id="review"') :]
    workflow.claim_review(other, ana)
    page = client.get(CASE).content.decode()
    assert f"Read {other.case.case_number} next" in page
    assert 'data-key="t"' in page


@pytest.fixture
def settled(review, issue, ana, ben, reader):
    for one, opinion in ((ana, "disagree"), (ben, "agree")):
        assignment = workflow.assign_reviewer(review, one, reader.user)
        findings = {issue.pk: Finding(opinion, "So it is.")}
        workflow.save_findings(assignment, version=1, notes="", findings=findings, submit=True)
    review.refresh_from_db()
    findings = {issue.pk: Finding("agree", "Page 125 says so.")}
    workflow.settle_review(review, reader.user, version=review.version, findings=findings)
    review.refresh_from_db()
    return review


def otherwise(client, name):
    return client.get(f"/reviews/?decided_otherwise={name}").context["listing"].count


def test_a_reviewer_sees_where_a_lead_decided_otherwise(client, settled, ana, ben, reader):
    words = "A lead decided otherwise than you"
    client.force_login(ana)
    page = client.get(CASE).content.decode()
    assert words in page
    assert escape("Page 125 says so.") in page
    assert (otherwise(client, "ana"), otherwise(client, "ben")) == (1, 0)
    client.force_login(ben)
    assert words not in client.get(CASE).content.decode()


def test_once_reopened_nothing_is_decided(settled, ana, reader):
    workflow.reopen_review(settled, version=settled.version)
    assert otherwise(reader, "ana") == 0

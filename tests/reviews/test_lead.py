"""What leads do with one review on its case's page."""

from __future__ import annotations

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localdate

from imrsite.security.roles import Role
from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.workflow import Finding
from tests.people import person

pytestmark = pytest.mark.django_db
URL = "/cases/CM14-0195168/review/lead/"


@pytest.fixture
def review(issue):
    return Review.objects.get(case=issue.case)


@pytest.fixture
def submitted(review, issue, ana, reader):
    submit(review, ana, reader.user, issue, Finding("agree"))
    return review


@pytest.fixture
def in_dispute(review, issue, ana, ben, reader):
    submit(review, ana, reader.user, issue, Finding("agree"))
    submit(review, ben, reader.user, issue, Finding("disagree", "Off the page."))
    return review


def submit(review, reviewer, lead, issue, finding):
    assignment = workflow.assign_reviewer(review, reviewer, lead)
    findings = {issue.pk: finding}
    workflow.save_findings(assignment, version=1, notes="", findings=findings, submit=True)
    review.refresh_from_db()


def post(client, action, *, htmx=True, **fields):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(URL, {"action": action, **fields}, headers=headers)


def state(review):
    review.refresh_from_db()
    return review.state


def test_assigns_a_reviewer(reader, review, ana):
    response = post(reader, "assign", who=ana.pk)
    assert response.status_code == 200
    assert "Unassign ana" in response.content.decode()
    assert review.assignments.get().reviewer == ana


def test_who_assigned_settled_and_closed_is_shown_with_the_day(reader, in_dispute, issue):
    assert f"ana: assigned by {reader.user} on " in shown(reader)
    fields = {f"opinion-{issue.pk}": "agree", f"reason-{issue.pk}": "On page 2."}
    post(reader, "settle", version=in_dispute.version, issues=issue.pk, **fields)
    page = shown(reader)
    today = date_format(localdate())
    assert f"Closed by {reader.user} on {today}." in page
    assert f"Settled by {reader.user} on {today}" in page


def shown(client):
    page = client.get("/cases/CM14-0195168/").content.decode()
    return " ".join(page.split())


def test_without_scripts_leads_back_to_the_case(reader, review, ana):
    response = post(reader, "assign", who=ana.pk, htmx=False)
    assert response.status_code == 302
    assert response.url.startswith("/cases/CM14-0195168/")
    assert state(review) == "in_review"


@pytest.mark.parametrize("who", ["", "0", "a", "²", "9" * 30])
def test_whoever_is_no_reviewer_is_not_assigned(reader, review, who):
    response = post(reader, "assign", who=who)
    assert response.status_code == 422
    assert "Choose a reviewer." in response.content.decode()
    assert state(review) == "unassigned"


def test_unassigns_who_has_not_submitted(reader, review, ana):
    assignment = workflow.assign_reviewer(review, ana, reader.user)
    assert post(reader, "unassign", who=assignment.pk).status_code == 200
    assert state(review) == "unassigned"


def test_unassigning_whom_the_review_does_not_have_is_not_found(reader, review):
    assert post(reader, "unassign", who=999).status_code == 404


def test_settles_a_dispute_and_closes_it(reader, in_dispute, issue):
    verdict = {f"opinion-{issue.pk}": "disagree", f"reason-{issue.pk}": "One.\r\nTwo."}
    response = post(reader, "settle", version=in_dispute.version, issues=issue.pk, **verdict)
    assert response.status_code == 200
    assert state(in_dispute) == "closed"
    settlement = in_dispute.settlements.get()
    assert (settlement.opinion, settlement.reason) == ("disagree", "One.\nTwo.")


def test_a_settlement_without_a_reason_is_refused_and_keeps_what_was_chosen(
    reader, in_dispute, issue
):
    fields = {"version": in_dispute.version, "issues": issue.pk, f"opinion-{issue.pk}": "disagree"}
    response = post(reader, "settle", **fields)
    page = response.content.decode()
    assert response.status_code == 422
    settle = page[page.index("Settle issue 1") :]
    assert 'value="disagree" checked' in settle
    assert state(in_dispute) == "in_dispute"


def test_closes_what_was_submitted_and_reopens_it(reader, submitted):
    assert post(reader, "close", version=submitted.version).status_code == 200
    assert state(submitted) == "closed"
    assert post(reader, "reopen", version=submitted.version).status_code == 200
    assert state(submitted) == "submitted"


def test_a_review_in_dispute_is_not_closed_unsettled(reader, in_dispute):
    assert post(reader, "close", version=in_dispute.version).status_code == 422
    assert state(in_dispute) == "in_dispute"


@pytest.mark.parametrize("action", ["close", "reopen"])
def test_whoever_saw_an_earlier_state_is_told_so(reader, submitted, action):
    if action == "reopen":
        workflow.close_review(submitted, reader.user, version=submitted.version)
    before = state(submitted)
    assert post(reader, action, version=99).status_code == 409
    assert state(submitted) == before


def test_a_reviewer_may_do_none_of_it(client, submitted):
    client.force_login(person(Role.REVIEWER, "rob"))
    assert post(client, "close", version=submitted.version).status_code == 403
    assert state(submitted) == "submitted"


def test_several_reviews_are_assigned_at_once(reader, review, ana):
    fields = {"reviews": f"{review.pk},²,x,{'9' * 30}", "who": [ana.pk]}
    assert reader.post("/reviews/assign/", fields).status_code == 302
    assert review.assignments.get().reviewer == ana

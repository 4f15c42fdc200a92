"""The team page: its numbers are those of the lists that they link to."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.intake.batches import start_batch
from imrsite.security.roles import Role
from reviews.models import Assignment, Review
from reviews.reviewing import workflow
from reviews.reviewing.agreement import agreement_by_person, double_reviews
from reviews.reviewing.team import batch_progress, decided_otherwise
from reviews.reviewing.week import last_weeks, monday_of
from reviews.reviewing.workflow import Finding
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a href="(/reviews/\?[^"]+)"[^>]*>(?:<strong>)?([\d,]+)<')


def test_every_number_that_links_to_reviews_counts_that_list(reader):
    call_command("synthesize", "150", verbosity=0)
    late = Review.objects.filter(state__in=("unassigned", "in_review")).values("pk")[:40]
    Review.objects.filter(pk__in=list(late.values_list("pk", flat=True))).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    from cases.index.current import keeper

    keeper.forget()
    linked = LINK.findall(reader.get("/team/").content.decode())
    assert len(linked) > 20
    for url, number in linked:
        count = reader.get(unescape(url)).context["listing"].count
        assert count == int(number.replace(",", "")), url
    assert any(int(number) for url, number in linked if "overdue" in url)


def test_by_week_as_the_pages_date_them(ana, ben):
    review = Review.objects.get(case=stored_case())
    for one in (ana, ben):
        workflow.assign_reviewer(review, one, ben)
    now = timezone.localtime()
    Assignment.objects.filter(reviewer=ana).update(submitted_at=now)
    Assignment.objects.filter(reviewer=ben).update(submitted_at=now - timedelta(weeks=7))
    weeks = last_weeks()
    assert weeks.mondays[-1] == monday_of(timezone.localdate())
    numbers = {one.name: [bar.number for bar in one.bars] for one in weeks.people}
    assert numbers == {"ana": [0] * 7 + [1], "ben": [1] + [0] * 7}
    Assignment.objects.filter(reviewer=ben).update(submitted_at=now - timedelta(weeks=8))
    assert [one.name for one in last_weeks().people] == ["ana"]


def test_how_far_a_batch_is(ana, ben):
    cases = [stored_case(), stored_case("facsimile-000-final-2015")]
    batch = start_batch("upload", ben)
    for case in cases:
        batch.lines.create(name="a.pdf", document=case.document)
    batch.lines.create(name="again.pdf", document=cases[0].document, duplicate=True)
    workflow.assign_reviewer(Review.objects.get(case=cases[0]), ana, ben)
    (found,) = batch_progress()
    assert (found.cases, found.unassigned, found.in_review, found.reviewed) == (2, 1, 1, 0)


def test_where_leads_decided_otherwise_and_how_far_people_agree(reader, ana, ben):
    case = stored_case()
    review, issue = Review.objects.get(case=case), case.issues.get()
    for one, opinion in ((ana, "disagree"), (ben, "agree")):
        assignment = workflow.assign_reviewer(review, one, reader.user)
        findings = {issue.pk: Finding(opinion, "So it is.")}
        workflow.save_findings(assignment, version=1, notes="", findings=findings, submit=True)
    by_person = agreement_by_person(double_reviews())
    assert [(one.name, one.units, one.same) for one in by_person] == [("ana", 1, 0), ("ben", 1, 0)]
    assert decided_otherwise() == []
    review.refresh_from_db()
    findings = {issue.pk: Finding("agree", "Page 125 says so.")}
    workflow.settle_review(review, reader.user, version=review.version, findings=findings)
    (found,) = decided_otherwise()
    assert (found.verdict.assignment.reviewer, found.said, found.decided) == (
        ana, "Disagree", "Agree with MAXIMUS",
    )  # fmt: skip
    page = reader.get("/team/").content.decode()
    assert "Page 125 says so." in page


def test_reviewers_have_no_team_page(client):
    client.force_login(person(Role.REVIEWER))
    assert client.get("/team/").status_code == 403

"""When reviews are due, and which of them are overdue."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from cases.corrections.refresh import refresh_case
from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.due_dates import due_in_words
from reviews.reviewing.workflow import Finding

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (3, "due in 3 days"),
        (1, "due tomorrow"),
        (0, "due today"),
        (-1, "1 day overdue"),
        (-2, "2 days overdue"),
    ],
)
def test_in_words(days, words):
    assert due_in_words(TODAY + timedelta(days=days), TODAY) == words


@pytest.fixture
def review(issue):
    return Review.objects.get(case=issue.case)


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def long_ago(issue):
    """The case came in 100 days ago."""
    case = type(issue.case).objects.filter(pk=issue.case_id)
    case.update(created_at=timezone.localtime() - timedelta(days=100))  # by the calendar
    refresh_case(case.get())


@pytest.mark.django_db
def test_a_review_is_due_from_when_its_case_came_in(review):
    assert review.due_on == in_days(30)


@pytest.mark.django_db
@pytest.mark.usefixtures("long_ago")
def test_where_they_count_from_the_assignment_what_nobody_has_is_never_overdue(
    review, ana, ben, settings, reader
):
    review.refresh_from_db()
    assert review.due_on == in_days(-70)
    assert review.is_overdue
    assert reader.get("/reviews/?overdue=true").context["listing"].count == 1
    settings.IMR_REVIEW_DUE_FROM = "assigned"
    assert not review.is_overdue
    assert reader.get("/reviews/?overdue=true").context["listing"].count == 0
    assignment = workflow.assign_reviewer(review, ana, ben)
    review.refresh_from_db()
    assert review.due_on == in_days(30)
    refresh_case(review.case)
    review.refresh_from_db()
    assert review.due_on == in_days(30)
    workflow.unassign(assignment)
    review.refresh_from_db()
    assert review.due_on == in_days(-70)


@pytest.mark.django_db
@pytest.mark.usefixtures("long_ago")
def test_what_was_submitted_or_closed_is_not_overdue(review, issue, ana, reader):
    review.refresh_from_db()
    assignment = workflow.assign_reviewer(review, ana, reader.user)
    assert reader.get("/reviews/?overdue=true").context["listing"].count == 1
    assert "70 days overdue" in reader.get("/reviews/").content.decode()
    findings = {issue.pk: Finding("agree")}
    workflow.save_findings(assignment, version=1, notes="", findings=findings, submit=True)
    assert reader.get("/reviews/?overdue=true").context["listing"].count == 0
    assert "overdue</span>" not in reader.get("/reviews/").content.decode()
    review.refresh_from_db()
    workflow.close_review(review, reader.user, version=review.version)
    assert reader.get("/reviews/?overdue=true").context["listing"].count == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("counts_from", "days"), [("received", -70), ("assigned", 30)])
@pytest.mark.usefixtures("long_ago")
def test_reviews_from_before_are_counted_anew_unless_closed(
    review, ana, settings, counts_from, days
):
    migration = import_module("reviews.migrations.0011_due_dates")
    settings.IMR_REVIEW_DUE_FROM = counts_from
    workflow.assign_reviewer(review, ana, ana)
    Review.objects.update(due_on=date(2015, 2, 15))
    migration.count_from_receipt(apps, None)
    assert Review.objects.get().due_on == in_days(days)
    Review.objects.update(
        due_on=date(2015, 2, 15), state="closed", closed_at=timezone.now(), closed_by=ana
    )
    migration.count_from_receipt(apps, None)
    assert Review.objects.get().due_on == date(2015, 2, 15)

"""Cases, issues and citations are found by how far their review is, and by who has it."""

import pytest
from django.http import QueryDict

from cases.index.current import keeper
from cases.lists.csv_export import csv_lines
from cases.lists.definition import LISTS, listing
from cases.models import Case, Issue
from reviews.models import Review
from reviews.reviewing import workflow
from reviews.reviewing.workflow import Finding
from tests.factories import stored_case

pytestmark = pytest.mark.django_db


def found(name, query):
    """The cases of the rows; the page and the CSV agree on them."""
    rows = listing(QueryDict(query), LISTS[name]).rows
    lines = list(csv_lines(LISTS[name], QueryDict(f"{query}&columns=case_number")))
    numbers = [case_of(row).case_number for row in rows]
    assert [line.strip() for line in lines[1:]] == numbers
    return set(numbers)


def case_of(row):
    return row if isinstance(row, Case) else row.case if isinstance(row, Issue) else row.issue.case


@pytest.fixture
def other(db):
    return stored_case("facsimile-000-final-2015").case_number


@pytest.mark.parametrize("name", ["cases", "issues", "citations"])
def test_by_the_state_of_the_review(name, issue, other, ana, reader):
    ours = issue.case.case_number
    assert found(name, "review=unassigned") == {ours, other}
    review = Review.objects.get(case=issue.case)
    assignment = workflow.assign_reviewer(review, ana, reader.user)
    assert found(name, "review=unassigned") == {other}
    assert found(name, "review=in_review") == {ours}
    findings = {issue.pk: Finding("agree", "")}
    workflow.save_findings(assignment, version=1, notes="", findings=findings, submit=True)
    assert found(name, "review=submitted&review=closed") == {ours}
    review.refresh_from_db()
    workflow.close_review(review, reader.user, version=review.version)
    assert found(name, "review=submitted") == set()
    assert found(name, "review=closed") == {ours}
    review.refresh_from_db()
    workflow.reopen_review(review, version=review.version)
    assert found(name, "review=closed") == set()


@pytest.mark.parametrize("name", ["cases", "issues", "citations"])
def test_by_its_reviewer_whatever_they_are_called(name, issue, other, ana, ben, reader):
    assignment = workflow.assign_reviewer(Review.objects.get(case=issue.case), ana, reader.user)
    assert found(name, "reviewed_by=ana") == {issue.case.case_number}
    assert found(name, "reviewed_by=ben") == found(name, "reviewed_by=nobody") == set()
    ana.username = "anna"
    ana.save()
    assert found(name, "reviewed_by=ana") == set()
    assert found(name, "reviewed_by=anna&review=in_review") == {issue.case.case_number}
    workflow.unassign(assignment)
    assert found(name, "reviewed_by=anna") == set()


def test_cases_from_before_are_found_by_a_process_that_starts(issue, other):
    number = issue.case.case_number
    Review.objects.filter(case=issue.case).update(state="in_review")  # no change is recorded
    keeper.forget()
    assert found("cases", "review=in_review") == {number}
    assert found("issues", "review=in_review") == {number}
    assert found("cases", "review=unassigned") == {other}


def test_the_page_offers_it(reader, issue):
    page = reader.get("/cases/filters").content.decode()
    assert "In dispute" in page
    assert 'name="reviewed_by"' in page
    assert "Review: In dispute" in reader.get("/cases/?review=in_dispute").content.decode()

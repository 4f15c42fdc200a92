"""`manage.py synthesize` makes rows that are as those of real letters."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.corrections.refresh import refresh_case
from cases.models import Case, Citation, ClaimFacts, Document, Issue
from cases.models.sides import compare_rows
from cases.synthetic import storing
from reviews.models import Annotation, Assignment, Finding, Obligation, Review, Settlement
from reviews.reviewing.workflow import disputed_issues
from tests.postgres import run_script

pytestmark = pytest.mark.django_db


def synthesize(count: int, seed: int = 1) -> None:
    call_command("synthesize", str(count), seed=seed, verbosity=0, stdout=StringIO())


def told() -> list[tuple]:
    issues = Issue.objects.order_by("case__case_number", "position")
    claim = [f"case__claim_facts__{name}" for name in ("claim_number", "claims_unit", "ur_vendor")]
    own = ("case__case_number", "treatment_request", "decision", "verdict")
    return list(issues.values_list(*own, *claim))


def start_anew() -> None:
    Annotation.objects.all().delete()
    Settlement.objects.all().delete()
    Assignment.objects.all().delete()
    Case.objects.all().delete()
    Document.objects.all().delete()


def test_it_makes_as_many_cases_as_asked_for(django_assert_max_num_queries):
    with django_assert_max_num_queries(200):
        synthesize(300)
    assert Case.objects.count() == Document.objects.count() == 300
    assert Issue.objects.count() > 300
    assert Citation.objects.filter(side="claims").exists()
    assert Annotation.objects.filter(case__isnull=False).exists()


def test_a_second_run_goes_on_where_the_first_ended():
    synthesize(30)
    synthesize(20)
    twice = told()
    start_anew()
    synthesize(50)
    assert told() == twice


MANY_ON_POSTGRESQL = """
import imrsite.urls  # with the addresses come the lists
from cases.synthetic.storing import synthesize
from tests.cases.synthetic.test_synthesize import told
from tests.cases.test_exact_counts import assert_as_the_rows_say

assert list(synthesize(20, seed=1, batch=6)) == [6, 12, 18, 20]
assert_as_the_rows_say()
print(told())
"""


def test_many_are_the_same_whoever_makes_and_stores_them(postgres):
    """Other processes make them; on PostgreSQL they store them too, past a test's database."""
    synthesize(20)
    many = told()
    if connection.vendor == "sqlite":
        start_anew()
        assert list(storing.synthesize(20, seed=1, batch=6)) == [6, 12, 18, 20]
        assert told() == many
    done = run_script(MANY_ON_POSTGRESQL, postgres)
    assert done.stdout.splitlines()[-1:] == [str(many)], done.stderr


def test_each_case_has_its_claim_and_few_keep_deadlines():
    synthesize(400)
    facts = ClaimFacts.objects.select_related("case")
    assert facts.count() == 400
    assert all(one.received_on > one.case.decision_date for one in facts)
    assert 0 < facts.filter(with_obligations=True).count() < 40
    assert 0 < facts.filter(received_assumed=True).count() < 120
    assert 0 < facts.filter(claims_administrator="").count() < 100
    assert facts.values("claims_administrator").distinct().count() > 10


def test_deadlines_are_kept_of_the_newest_and_stay_as_they_are():
    synthesize(300, seed=2)
    turned = Case.objects.filter(
        claim_facts__with_obligations=True,
        decision__in=("overturned", "partially_overturned"),
    )
    assert turned.exists()
    assert set(Obligation.objects.values_list("case", flat=True)) == set(
        turned.values_list("pk", flat=True)
    )
    before = list(Obligation.objects.order_by("pk").values("due_on", "state", "starts_on"))
    for case in turned:
        refresh_case(case)
    assert list(Obligation.objects.order_by("pk").values("due_on", "state", "starts_on")) == before


def test_closed_reviews_have_findings_of_what_was_overturned():
    synthesize(300, seed=2)
    closed = Issue.objects.filter(
        case__review__state="closed", decision__in=("overturned", "partially_overturned")
    )
    assert closed.exists()
    assert Finding.objects.count() == closed.count()
    assert all(finding.verdicts for finding in Finding.objects.all())


def test_refreshing_a_made_up_case_changes_nothing():
    synthesize(40)
    before = list(Case.objects.values("pk", "decision", "needs_correction")), told()
    for case in Case.objects.all():
        refresh_case(case)
    assert (list(Case.objects.values("pk", "decision", "needs_correction")), told()) == before
    for issue in Issue.objects.all():
        assert compare_rows(list(issue.citations.all())).verdict == issue.verdict


def test_annotations_stand_where_they_say():
    synthesize(100)
    for note in Annotation.objects.select_related("issue"):
        assert note.issue.rationale[note.start : note.end] == note.quote
        assert not note.author.is_active


def test_reviews_are_in_every_state_and_disputes_are_settled_where_closed():
    synthesize(400)
    reviews = Review.objects.prefetch_related("assignments__verdicts")
    assert {one.state for one in reviews} == set(Review.State.values)
    for review in reviews.filter(state=Review.State.CLOSED):
        settled = {one.issue_id for one in review.settlements.all()}
        assert settled == {issue.pk for issue in disputed_issues(review)}
    assert Settlement.objects.exists()


def test_its_case_page_says_that_there_is_no_letter(reader):
    synthesize(1)
    case = Case.objects.get()
    page = reader.get(case.get_absolute_url()).content.decode()
    assert "synthetic test data" in page
    assert f"/documents/{case.document_id}/pages/" not in page


@pytest.mark.parametrize("count", ["0", "-1", "many", "99999999"])
def test_a_count_that_makes_no_sense_is_refused(count):
    with pytest.raises(CommandError, match="whole number"):
        call_command("synthesize", count)

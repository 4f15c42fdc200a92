"""Deadlines open, move and go with what the case says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import RestrictedError

from cases.corrections.claim_facts import set_claim_facts
from cases.corrections.history import correction
from cases.models import Case, ClaimFacts, Issue
from reviews.models import Obligation
from reviews.obligations import keeping
from tests.factories import stored_case, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
Kind, State = Obligation.Kind, Obligation.State
RECEIVED = dt.date(2026, 11, 20)


@pytest.fixture
def corrector():
    return person("data corrector", "corrector")


@pytest.fixture
def case(corrector):
    """Upheld, received on a Friday before Thanksgiving."""
    case = stored_case()
    set_claim_facts(case, {"received_on": RECEIVED}, corrector)
    return case


def decide(case, corrector, **values):
    with correction(case, corrector, "Seen on paper") as locked:
        issue = Issue.objects.filter(case=locked).order_by("position").first()
        for name, value in values.items():
            setattr(issue, name, value)
        issue.save()


def obligations(case):
    return {one.kind: one for one in case.obligations.order_by("pk")}


def test_a_case_that_is_upheld_obliges_to_nothing(case):
    assert not case.obligations.exists()


def test_an_overturned_issue_is_to_be_authorized_and_told(case, corrector):
    decide(case, corrector, decision="overturned")
    found = obligations(case)
    assert set(found) == {Kind.AUTHORIZE, Kind.NOTIFY, Kind.APPEAL}
    assert found[Kind.AUTHORIZE].due_on == dt.date(2026, 12, 1)
    assert found[Kind.AUTHORIZE].issue.position == 1
    assert found[Kind.NOTIFY].due_on == dt.date(2026, 12, 1)
    assert found[Kind.NOTIFY].issue is None
    assert found[Kind.APPEAL].due_on == case.decision_date + dt.timedelta(days=30)


def test_what_was_rendered_already_is_to_be_reimbursed(case, corrector):
    decide(case, corrector, decision="partially_overturned", retrospective=True)
    found = obligations(case)
    assert set(found) == {Kind.REIMBURSE, Kind.NOTIFY, Kind.APPEAL}
    assert found[Kind.REIMBURSE].due_on == found[Kind.NOTIFY].due_on == dt.date(2026, 12, 10)


def test_the_appeal_window_may_count_from_the_receipt(case, corrector, settings):
    settings.IMR_APPEAL_FROM, settings.IMR_APPEAL_DAYS = "receipt", 20
    decide(case, corrector, decision="overturned")
    assert obligations(case)[Kind.APPEAL].due_on == dt.date(2026, 12, 10)


def test_a_corrected_day_of_receipt_moves_what_is_due(case, corrector):
    decide(case, corrector, decision="overturned")
    set_claim_facts(case, {"received_on": dt.date(2026, 11, 16)}, corrector)
    one = obligations(case)[Kind.AUTHORIZE]
    assert one.due_on == dt.date(2026, 11, 23)
    moved = one.events.get(kind="moved")
    assert moved.note == "From Dec 1, 2026 to Nov 23, 2026: counted from Nov 16, 2026."


def test_what_is_no_longer_overturned_is_no_longer_due_and_may_be_due_again(case, corrector):
    decide(case, corrector, decision="overturned")
    decide(case, corrector, decision="upheld")
    assert {one.state for one in case.obligations.all()} == {State.WITHDRAWN}
    decide(case, corrector, decision="overturned")
    assert {one.state for one in case.obligations.all()} == {State.OPEN}
    kinds = list(obligations(case)[Kind.AUTHORIZE].events.values_list("kind", flat=True))
    assert kinds == ["opened", "withdrawn", "reopened"]


def test_a_request_that_turns_out_retrospective_is_reimbursed_instead(case, corrector):
    decide(case, corrector, decision="overturned")
    decide(case, corrector, retrospective=True)
    found = obligations(case)
    assert found[Kind.AUTHORIZE].state == State.WITHDRAWN
    assert found[Kind.REIMBURSE].state == State.OPEN


def test_what_was_done_stays_done(case, corrector):
    decide(case, corrector, decision="overturned")
    one = obligations(case)[Kind.AUTHORIZE]
    keeping.mark_done(one, corrector, done_on=dt.date(2026, 11, 23))
    decide(case, corrector, decision="upheld")
    one.refresh_from_db()
    assert (one.state, one.done_on) == (State.DONE, dt.date(2026, 11, 23))


def test_an_issue_for_which_something_was_done_cannot_be_removed(case, corrector):
    decide(case, corrector, decision="overturned")
    one = obligations(case)[Kind.AUTHORIZE]
    keeping.mark_done(one, corrector, done_on=dt.date(2026, 11, 23))
    with pytest.raises(RestrictedError):
        one.issue.delete()


def test_a_case_that_is_deleted_takes_its_deadlines_with_it(case, corrector):
    decide(case, corrector, decision="overturned")
    one = obligations(case)[Kind.AUTHORIZE]
    keeping.mark_done(one, corrector, done_on=dt.date(2026, 11, 23))
    Case.objects.get(pk=case.pk).delete()
    assert not Obligation.objects.exists()


def test_with_an_issue_goes_what_is_still_to_be_done_for_it(case, corrector):
    decide(case, corrector, decision="overturned")
    case.issues.get(position=1).delete()
    assert set(obligations(case)) == {Kind.NOTIFY, Kind.APPEAL}


def test_old_letters_oblige_to_nothing(case, corrector):
    set_claim_facts(case, {"with_obligations": False}, corrector)
    decide(case, corrector, decision="overturned")
    assert not case.obligations.exists()
    set_claim_facts(case, {"with_obligations": True}, corrector)
    assert case.obligations.count() == 3


def test_cases_from_before_facts_were_kept_oblige_to_nothing(case, corrector):
    ClaimFacts.objects.filter(case=case).delete()
    decide(case, corrector, decision="overturned")
    assert not case.obligations.exists()


def test_a_letter_that_is_stored_opens_them_at_once():
    case = stored_letter("facsimile-007-final-2016").cases.get()
    turned = case.issues.filter(decision__in=["overturned", "partially_overturned"])
    assert turned.exists()
    assert case.obligations.exclude(issue=None).count() == turned.count()
    assert case.claim_facts.received_assumed

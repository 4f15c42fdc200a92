"""The queue of cases that a person has to look at."""

from __future__ import annotations

import pytest

from cases.corrections.queue import correction_queue, next_case, with_reasons
from cases.corrections.refresh import refresh_case
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_wait():
    cases = [stored_case(name) for name in ("CM14-0195168", "facsimile-001-final-2015")]
    for case in cases:
        case.flags.create(code="missing-decision", level="error", message="No decision was found.")
        case.flags.create(code="redaction", message="Words were blacked out.")
        refresh_case(case)
    return cases


def test_the_newest_is_corrected_first_and_after_the_oldest_one_begins_anew(two_wait):
    older, newer = two_wait
    assert list(correction_queue()) == [newer, older]
    assert next_case(newer) == older
    assert next_case(older) == newer


def test_each_says_why_it_waits(two_wait):
    reasons = [
        [str(flag) for flag in case.error_flags] for case in with_reasons(correction_queue())
    ]
    assert reasons == [["No decision was found."]] * 2


@pytest.mark.parametrize(("role", "corrects"), [(Role.CORRECTOR, True), (Role.REVIEWER, False)])
def test_the_inbox_says_why_and_leads_who_may_to_the_form(client, two_wait, role, corrects):
    client.force_login(person(role, "reader"))
    response = client.get("/")
    tasks = [task for group in response.context["attention"].groups for task in group.tasks]
    asked = [task for task in tasks if task.action == "Correct"]
    assert [task.why for task in asked] == ["No decision was found."] * 2 * corrects
    assert response.context["to_correct"] == 2

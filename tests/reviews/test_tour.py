"""The first steps on the inbox: by role, ticked off by rows, put away for good in one click."""

from __future__ import annotations

import re

import pytest

from imrsite.security.roles import Role
from reviews.models import Assignment, Review, TourDismissal
from reviews.reviewing import workflow
from reviews.reviewing.tour import steps_done, tour_of
from tests.factories import annotated, stored_case, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
STEPS = {
    Role.UPLOADER: ["upload", "read", "compare", "palette"],
    Role.REVIEWER: ["take", "annotate", "compare", "palette"],
    Role.LEAD: ["upload", "assign", "annotate", "compare", "palette"],
    Role.CORRECTOR: ["upload", "correct", "compare", "palette"],
    Role.AUDITOR: ["read", "compare", "palette"],
    Role.ADMIN: ["upload", "take", "annotate", "compare", "palette"],
}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_steps_and_every_link_opens_for_it(client, role):
    stored_case()
    client.force_login(person(role))
    page = client.get("/").content.decode()
    tour = page.partition('id="tour"')[2].partition("</section>")[0]
    assert [one.step.name for one in client.get("/").context["tour"]] == STEPS[role]
    links = re.findall(r'<a class="button quiet" href="([^"]+)"', tour)
    assert len(links) == len(STEPS[role]) - 1  # the palette is a button
    assert {client.get(link).status_code for link in links} == {200}


def test_what_somebody_did_is_ticked_off_and_nothing_else(client):
    lead, reader = person(Role.LEAD), person(Role.REVIEWER, "ana")
    case = stored_letter(uploader=lead).cases.get()
    assert [name for name, done in steps_done(lead).items() if done] == ["upload"]
    workflow.assign_reviewer(Review.objects.get(case=case), reader, lead)
    annotated(case.issues.get(), reader)
    assert [name for name, done in steps_done(lead).items() if done] == ["upload", "assign"]
    assert [one.step.name for one in tour_of(reader, case) if one.done] == ["take", "annotate"]
    client.force_login(reader)
    assert client.get("/").content.decode().count(">Done<") == 2


def test_to_take_a_review_oneself_is_no_assigning():
    lead = person(Role.LEAD)
    case = stored_case()
    workflow.claim_review(Review.objects.get(case=case), lead)
    assert Assignment.objects.exists()
    assert not steps_done(lead)["assign"]


def test_without_a_case_its_steps_lead_to_the_list(client):
    client.force_login(person(Role.AUDITOR))
    assert [one.address for one in client.get("/").context["tour"]] == ["/cases/", "/compare/", ""]


def test_put_away_it_stays_away_for_that_person_until_asked_for(client):
    one, other = person(Role.REVIEWER), person(Role.REVIEWER, "other")
    client.force_login(one)
    assert 'id="tour"' in client.get("/").content.decode()
    assert client.post("/tour/").url == client.post("/tour/").url == "/"
    assert 'id="tour"' not in client.get("/").content.decode()
    assert TourDismissal.objects.get().user == one
    client.force_login(other)
    assert 'id="tour"' in client.get("/").content.decode()
    client.force_login(one)
    client.post("/tour/", {"show": "1"})
    assert 'id="tour"' in client.get("/").content.decode()

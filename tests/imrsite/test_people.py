"""People: names, roles, deactivated accounts, and who may change whose."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from imrsite.models import Access
from imrsite.security.people import LAST_ADMIN, CannotDeactivate, deactivate, invitation_path
from imrsite.security.roles import Role
from reviews.models import Annotation
from tests.factories import annotated, stored_case
from tests.people import person

pytestmark = pytest.mark.django_db
DETAILS = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org"}


@pytest.fixture
def lead(client):
    client.user = person(Role.LEAD, "lead")
    client.force_login(client.user)
    return client


@pytest.fixture
def ana(db):
    return person(Role.REVIEWER, "ana")


def logged():
    return list(Access.objects.order_by("pk").values_list("who_name", "action", "what"))


def test_a_person_gets_a_name_an_email_and_a_role(lead, ana):
    answer = lead.post(f"/people/{ana.pk}/", DETAILS | {"role": Role.CORRECTOR})
    assert answer.status_code == 302
    ana.refresh_from_db()
    assert (ana.get_full_name(), ana.email) == ("Ana Ruiz", "ana@example.org")
    assert [group.name for group in ana.groups.all()] == [Role.CORRECTOR]
    assert logged() == [
        ("lead", "changed", "details of ana"),
        ("lead", "changed", "role of ana: data corrector"),
    ]
    assert "Ana Ruiz" in lead.get("/people/").content.decode()


def test_what_did_not_change_is_not_logged(lead, ana):
    lead.post(f"/people/{ana.pk}/", {"role": Role.REVIEWER})
    assert logged() == []


def test_the_email_of_somebody_else_is_refused_and_what_was_typed_stays(lead, ana):
    other = person(Role.REVIEWER, "ben")
    other.email = "ANA@example.org"
    other.save()
    answer = lead.post(f"/people/{ana.pk}/", DETAILS | {"role": Role.REVIEWER})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "ben already has this email address" in page
    assert 'value="Ruiz"' in page


def test_nobody_changes_their_own_role(lead):
    assert 'name="role"' not in lead.get(f"/people/{lead.user.pk}/").content.decode()
    lead.post(f"/people/{lead.user.pk}/", DETAILS | {"role": Role.ADMIN})
    assert [group.name for group in lead.user.groups.all()] == [Role.LEAD]


@pytest.mark.parametrize("address", ["", "deactivate/", "reactivate/"])
def test_a_lead_leaves_administrators_alone(lead, address):
    admin = person(Role.ADMIN, "root")
    assert lead.post(f"/people/{admin.pk}/{address}", DETAILS).status_code == 403
    admin.refresh_from_db()
    assert admin.is_active
    assert not admin.email


def test_a_deactivated_person_is_out_at_once_and_for_good(lead, ana):
    other = Client()
    other.force_login(ana)
    assert other.get("/cases/").status_code == 200
    lead.post(f"/people/{ana.pk}/deactivate/")
    assert other.get("/cases/").status_code == 302
    assert ("lead", "changed", "deactivation of ana") in logged()
    lead.post(f"/people/{ana.pk}/reactivate/")
    assert get_user_model().objects.get(pk=ana.pk).is_active
    assert other.get("/cases/").status_code == 302, "the session of before does not come back"
    assert lead.get("/cases/").status_code == 200, "that of others goes on"


def test_what_a_deactivated_person_wrote_stays(lead, ana):
    annotated(stored_case().issues.get(), ana)
    lead.post(f"/people/{ana.pk}/deactivate/")
    assert Annotation.objects.get().author == ana


def test_an_invitation_ends_with_the_account(lead):
    newcomer = get_user_model().objects.create_user("newcomer")
    link = invitation_path(newcomer)
    assert "Set your password" in Client().get(link, follow=True).content.decode()
    lead.post(f"/people/{newcomer.pk}/deactivate/")
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_nobody_deactivates_themselves(lead):
    answer = lead.post(f"/people/{lead.user.pk}/deactivate/", follow=True)
    assert "can’t deactivate your own account" in answer.content.decode()
    lead.user.refresh_from_db()
    assert lead.user.is_active


def test_the_last_administrator_stays(db):
    admin, other = person(Role.ADMIN, "root"), person(Role.LEAD, "lead")
    with pytest.raises(CannotDeactivate, match=LAST_ADMIN):
        deactivate(admin, other)
    person(Role.ADMIN, "second")
    deactivate(admin, other)
    assert not get_user_model().objects.get(pk=admin.pk).is_active


def test_an_invitation_is_logged_and_can_be_copied(lead):
    answer = lead.post("/people/", DETAILS | {"username": "ana", "role": Role.REVIEWER})
    page = answer.content.decode()
    assert "Send Ana Ruiz this link" in page
    assert 'data-copy="link"' in page
    assert logged() == [("lead", "changed", "invitation of ana")]

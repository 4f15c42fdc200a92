"""Signing in, staying signed in, inviting."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from imrsite.models import Access
from imrsite.security.accounts import LAST_SEEN
from imrsite.security.roles import Role
from imrsite.security.throttle import MOST_FROM_ADDRESS
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db


def sign_in(client, password=PASSWORD, name="someone", **meta):
    return client.post("/login/", {"username": name, "password": password}, **meta)


def test_wrong_passwords_are_throttled_by_name_and_address(client, settings):
    person(Role.REVIEWER, "someone")
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(client, "wrong").status_code == 200
    response = sign_in(client, "wrong")
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()
    assert response["Retry-After"] == "900"
    assert sign_in(client).status_code == 429, "the right one does not help now"
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302, "from elsewhere it does"


def test_a_right_password_forgives_the_wrong_ones_before(client, settings):
    person(Role.REVIEWER, "someone")
    for _ in range(3):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            sign_in(client, "wrong")
        assert sign_in(client).status_code == 302
        client.post("/logout/")


def test_who_signs_in_is_noted(client):
    person(Role.REVIEWER, "someone")
    sign_in(client, REMOTE_ADDR="10.0.0.9")
    line = Access.objects.get()
    told = (line.who_name, line.action, line.what, line.address)
    assert told == ("someone", "signed in", "by password", "10.0.0.9")


def noted():
    return list(Access.objects.order_by("pk").values_list("who_name", "action", "what"))


def test_failures_and_lockouts_are_noted(client, settings):
    person(Role.REVIEWER, "someone")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "wrong")
    failed = ("someone", "failed", "password")
    assert noted().count(failed) == settings.AXES_FAILURE_LIMIT
    assert ("someone", "locked out", "sign-in") in noted()


def test_a_name_that_nobody_has_is_not_noted(client):
    """It may be a password, typed into the wrong field."""
    sign_in(client, "x", name="correct-horse-battery")
    assert noted() == [("unknown user", "failed", "password")]


def test_a_changed_password_is_noted(client):
    client.force_login(person(Role.REVIEWER, "someone"))
    new = "another-long-password"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", fields).status_code == 302
    assert noted() == [("someone", "changed", "own password")]


def test_many_names_from_one_address_are_throttled(client):
    answers = [sign_in(client, "wrong", name=f"name-{i}").status_code for i in range(30)]
    assert answers == [200] * MOST_FROM_ADDRESS + [429] * (30 - MOST_FROM_ADDRESS)
    person(Role.REVIEWER, "someone")
    assert sign_in(client).status_code == 429
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302
    assert noted().count(("unknown user", "locked out", "address 127.0.0.1")) == 1


def test_addresses_of_one_ipv6_network_count_as_one(client):
    for i in range(MOST_FROM_ADDRESS):
        sign_in(client, "wrong", name=f"name-{i}", REMOTE_ADDR=f"2001:db8:1:2::{i + 1:x}")
    assert sign_in(client, "wrong", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert sign_in(client, "wrong", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_the_address_is_the_one_that_our_proxy_tells(client, settings):
    settings.IMR_PROXIES = 1
    for i in range(MOST_FROM_ADDRESS):
        told = {"X-Forwarded-For": f"6.6.6.{i}, 10.0.0.9"}
        sign_in(client, "wrong", name=f"name-{i}", headers=told)
    told = {"X-Forwarded-For": "10.0.0.9"}
    assert sign_in(client, "wrong", name="one-more", headers=told).status_code == 429
    told = {"X-Forwarded-For": "10.0.0.10"}
    assert sign_in(client, "wrong", name="one-more", headers=told).status_code == 200


def test_wrong_old_passwords_are_throttled(client, settings):
    client.force_login(person(Role.REVIEWER, "someone"))
    new = "another-long-password"
    fields = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    answers = [client.post("/password/", fields).status_code for _ in range(12)]
    assert answers.count(429) == 12 - settings.AXES_FAILURE_LIMIT + 1
    assert client.post("/password/", fields | {"old_password": PASSWORD}).status_code == 429


def test_a_session_slides_but_is_not_written_at_every_request(client):
    client.force_login(person(Role.REVIEWER))
    client.get("/cases/")
    before = Session.objects.get().session_data
    client.get("/cases/")
    assert Session.objects.get().session_data == before
    session = client.session
    session[LAST_SEEN] -= 100
    session.save()
    response = client.get("/cases/")
    assert response.cookies["sessionid"]["max-age"] == 480 * 60


def test_htmx_is_told_of_the_end_in_words(client, db):
    response = client.get("/cases/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Retarget"] == "#trouble"
    assert "Sign in again in another tab" in response.content.decode()


def invited(client, **data):
    form = {"username": "newcomer", "email": "", "role": "reviewer"} | data
    return client.post("/people/", form)


def test_a_lead_invites_and_the_newcomer_sets_a_password(client):
    client.force_login(person(Role.LEAD))
    page = invited(client).content.decode()
    [link] = re.findall(r'value="http://testserver(/invitation/[^"]+)"', page)
    client.post("/logout/")

    form = client.get(link, follow=True)
    set_it = form.redirect_chain[-1][0]
    weak = client.post(set_it, {"new_password1": "short", "new_password2": "short"})
    assert "too short" in weak.content.decode()
    good = {"new_password1": "plover-egg-lamp", "new_password2": "plover-egg-lamp"}
    assert client.post(set_it, good).url == "/"
    assert client.get("/cases/").status_code == 200
    client.post("/logout/")
    assert "has expired" in client.get(link).content.decode(), "the link works once"


@pytest.mark.parametrize(("role", "status"), [(Role.LEAD, 422), (Role.ADMIN, 200)])
def test_only_an_admin_makes_admins(client, role, status):
    client.force_login(person(role))
    assert invited(client, role="admin").status_code == status
    assert get_user_model().objects.filter(username="newcomer").exists() is (status == 200)


def test_a_name_that_is_taken_is_refused_in_words(client):
    client.force_login(person(Role.LEAD, "lead"))
    assert "already exists" in invited(client, username="lead").content.decode()


def test_an_e_mail_address_belongs_to_one_account(client):
    client.force_login(person(Role.LEAD, "lead"))
    get_user_model().objects.create_user("other", "other@example.org")
    page = invited(client, email="Other@Example.org").content.decode()
    assert "other already has this email address" in page
    assert not get_user_model().objects.filter(username="newcomer").exists()


def test_who_has_no_password_is_told_so_where_it_is_changed(client):
    user = person(Role.REVIEWER)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert "no password to change" in client.get("/password/").content.decode()


def test_a_lead_gets_no_link_to_an_invited_admin(client):
    admin = person(Role.ADMIN, "admin")
    admin.set_unusable_password()
    admin.save()
    client.force_login(person(Role.LEAD))
    assert client.post(f"/people/{admin.pk}/link/").status_code == 403


def test_nobody_gets_a_link_to_the_account_of_somebody_else(client):
    other = person(Role.REVIEWER, "other")
    client.force_login(person(Role.LEAD))
    page = client.post(f"/people/{other.pk}/link/").content.decode()
    assert "/invitation/" not in page
    assert "already has a password" in page


def test_one_changes_ones_password(client):
    client.force_login(person(Role.REVIEWER, "someone"))
    new = {"new_password1": "plover-egg-lamp", "new_password2": "plover-egg-lamp"}
    assert client.post("/password/", {"old_password": "x"} | new).status_code == 200
    assert client.post("/password/", {"old_password": PASSWORD} | new).status_code == 302
    assert get_user_model().objects.get().check_password("plover-egg-lamp")

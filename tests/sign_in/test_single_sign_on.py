"""Signing in through an OpenID Connect provider, one that runs here and signs with real keys."""

from __future__ import annotations

import http.client
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from imrsite.models import Access
from imrsite.security.roles import Role
from tests.people import PASSWORD, person
from tests.sign_in.provider import OTHER_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    user = person(Role.REVIEWER, "newcomer")
    user.email = "Newcomer@example.org"
    user.set_unusable_password()
    user.save()
    return user


def leave(client, **query) -> str:
    """Clicks the link on the sign-in page; returns the address at the provider."""
    response = client.get("/login/sso/", query)
    assert response.status_code == 302
    return response.url


def at_provider(address: str) -> str:
    """The visitor's browser at the provider; returns where it is sent to, at our place."""
    url = urlsplit(address)
    connection = http.client.HTTPConnection(url.netloc, timeout=5)
    connection.request("GET", f"{url.path}?{url.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    assert (back.netloc, back.path) == ("testserver", "/login/sso/back/")
    return f"{back.path}?{back.query}"


def come(client, **query):
    return client.get(at_provider(leave(client, **query)))


def is_in(client) -> bool:
    return client.get("/cases/").status_code == 200


def refused(client, response) -> str:
    """What the sign-in page says to somebody who was sent back to it."""
    assert (response.status_code, response.url) == (302, "/login/")
    assert not is_in(client)
    page = client.get("/login/").content.decode()
    return page.partition('role="status">')[2].partition("</p>")[0]


def test_the_sign_in_page_offers_it_and_keeps_where_one_wanted_to_go(client):
    page = client.get("/login/?next=/cases/%3Fq%3Dmri").content.decode()
    assert "Sign in with Example Login" in page
    assert 'href="/login/sso/?next=/cases/%3Fq%3Dmri"' in page.replace("%2F", "/")


def test_somebody_invited_with_that_e_mail_comes_in(client, provider, invited):
    response = come(client, next="/cases/?q=mri")
    assert response.url == "/cases/?q=mri"
    assert is_in(client)
    assert client.get("/people/").status_code == 403, "with the role they have, and no other"
    line = Access.objects.get(action="signed in")
    assert (line.who_name, line.what) == ("newcomer", "by single sign-on")


def test_they_come_in_again_whatever_became_of_the_e_mail(client, provider, invited):
    come(client)
    provider.claims |= {"email": "changed@example.org", "email_verified": False}
    again = Client()
    come(again)
    assert again.session["_auth_user_id"] == str(invited.pk)
    assert get_user_model().objects.count() == 1


def test_a_password_stays_as_it_was(client, provider, invited):
    invited.set_password(PASSWORD)
    invited.save()
    come(client)
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)


def test_an_e_mail_that_nobody_has_opens_nothing(client, provider):
    assert "Ask a lead to invite you" in refused(client, come(client))
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false", "no", 1, []])
def test_an_e_mail_that_is_not_verified_opens_nothing(client, provider, invited, verified):
    provider.claims["email_verified"] = verified
    assert "has verified your email" in refused(client, come(client))


@pytest.mark.parametrize("email", ["", None, "newcomer@example.org.evil.test", "ﬀ@x.org"])
def test_an_e_mail_that_is_only_alike_opens_nothing(client, provider, invited, email):
    provider.claims["email"] = email
    refused(client, come(client))


def test_an_e_mail_that_two_accounts_have_opens_neither(client, provider, invited):
    get_user_model().objects.create_user("other", "newcomer@example.org")
    assert "Several accounts" in refused(client, come(client))


def test_a_closed_account_stays_closed(client, provider, invited):
    invited.is_active = False
    invited.save()
    assert "This account is closed" in refused(client, come(client))


def test_an_account_closed_later_is_closed_too(client, provider, invited):
    come(client)
    invited.is_active = False
    invited.save()
    visitor = Client()
    assert "This account is closed" in refused(visitor, come(visitor))


def test_where_the_settings_say_so_newcomers_get_an_account_with_that_role(
    client, provider, settings
):
    settings.OIDC_SIGN_UP_ROLE = "auditor"
    person(Role.LEAD, "newcomer")
    come(client)
    made = get_user_model().objects.get(email="newcomer@example.org")
    assert made.username == "newcomer2", "names are not taken over"
    assert [group.name for group in made.groups.all()] == ["auditor"]
    assert not made.is_superuser
    assert not made.is_staff
    assert not made.has_usable_password()


def test_where_the_settings_say_so_an_e_mail_must_still_be_verified(client, provider, settings):
    settings.OIDC_SIGN_UP_ROLE = "auditor"
    provider.claims["email_verified"] = False
    refused(client, come(client))
    assert not get_user_model().objects.exists()


def test_the_provider_gives_no_rights(client, provider, invited):
    provider.claims |= {"groups": ["admin"], "roles": ["admin"], "is_superuser": True}
    come(client)
    invited.refresh_from_db()
    assert [group.name for group in invited.groups.all()] == ["reviewer"]
    assert not invited.is_superuser


def test_an_e_mail_may_stand_in_the_userinfo(client, provider, invited):
    provider.userinfo = provider.claims
    provider.claims = {"sub": provider.claims["sub"]}
    come(client)
    assert is_in(client)


def test_userinfo_about_somebody_else_is_not_believed(client, provider, invited):
    provider.userinfo = provider.claims | {"sub": "another"}
    provider.claims = {"sub": provider.claims["sub"]}
    assert "did not work" in refused(client, come(client))


BAD_TOKENS = {
    "signed by somebody else": {"key": OTHER_KEY},
    "not signed at all": {"key": None, "algorithm": "none"},
    "signed with a secret both know": {"key": "x" * 32, "algorithm": "HS256"},
    "for another program": {"token": {"aud": "another"}},
    "of another provider": {"token": {"iss": "http://elsewhere.test"}},
    "too old": {"token": {"exp": int(time.time()) - 3600}},
    "without an end": {"token": {"exp": None}},
    "about nobody": {"token": {"sub": None}},
    "of an impostor": {"discovery": {"issuer": "http://elsewhere.test"}},
}


@pytest.mark.parametrize("how", BAD_TOKENS)
def test_a_token_that_does_not_hold_opens_nothing(client, provider, invited, how):
    back = at_provider(leave(client))
    for name, value in BAD_TOKENS[how].items():
        setattr(provider, name, value)
    assert "did not work" in refused(client, client.get(back))


def test_a_way_back_counts_once_and_for_one_visitor(client, provider, invited):
    back = at_provider(leave(client))
    thief = Client()
    refused(thief, thief.get(back))
    assert client.get(back).status_code == 302
    assert is_in(client)
    client.post("/logout/")
    refused(client, client.get(back))


@pytest.mark.parametrize(
    "query", ["", "state=x", "code=x", "code=x&state=x", "error=access_denied", "error=a&state=%00"]
)
def test_a_way_back_that_was_made_up_opens_nothing(client, provider, query):
    assert client.get(f"/login/sso/back/?{query}").status_code in (302, 400)
    assert not is_in(client)


def test_who_turns_back_at_the_provider_is_told(client, provider):
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    response = client.get("/login/sso/back/", {"error": "access_denied", "state": state})
    assert "You did not sign in with Example Login" in refused(client, response)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "http:evil.test"],
)
def test_nobody_is_led_elsewhere_afterwards(client, provider, invited, elsewhere):
    assert come(client, next=elsewhere).url == "/"


def test_what_the_address_asks_for_besides_is_not_passed_on(client, provider):
    address = leave(client, scope="admin", auth_params="prompt=none", process="connect")
    query = parse_qs(urlsplit(address).query)
    assert set(query["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in query
    assert query["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize("state", ["broken", "away"])
def test_a_provider_that_is_down_leaves_the_password(client, provider, state):
    if state == "broken":
        provider.is_broken = True
    else:
        provider.__exit__()
    response = client.get("/login/sso/")
    assert "did not work" in refused(client, response)
    person(Role.REVIEWER, "someone")
    client.post("/login/", {"username": "someone", "password": PASSWORD})
    assert is_in(client)


def test_who_came_by_it_gets_no_password_by_an_invitation(client, provider, invited):
    come(client)
    lead = Client()
    lead.force_login(person(Role.LEAD))
    page = lead.post(f"/people/{invited.pk}/link/").content.decode()
    assert "/invitation/" not in page
    assert "has already signed in" in page


def test_its_secrets_are_in_no_page_of_the_admin(admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert "social" not in page.lower()
    assert admin_client.get("/admin/socialaccount/socialapp/").status_code == 404
    assert admin_client.get("/admin/mfa/authenticator/").status_code == 404


def test_every_page_of_theirs_but_ours_is_closed(client):
    for path in ["signup", "3rdparty", "email", "password/reset", "oidc/x/login", "2fa"]:
        for prefix in ("", "accounts/"):
            response = client.get(f"/{prefix}{path}/")
            assert response.status_code == 404, path


def test_the_migrations_of_ours_and_theirs_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

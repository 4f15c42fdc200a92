"""Codes of an authenticator app, and recovery codes, after the password."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from django.test import Client

from imrsite.models import Access
from imrsite.security.roles import Role
from imrsite.sign_in import second_factor
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db
NOT_A_CODE = "000000"


class Phone:
    """An authenticator app: knows the secret and the time."""

    def __init__(self, secret: str) -> None:
        self.secret = secret.replace(" ", "")

    def code(self, later: int = 0) -> str:
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + later))


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    """A clock that can be set: `at_noon(30)` is half a minute later."""
    real, moved = time.time, [0.0]
    start = real() // 30 * 30 + 5  # never across the border of two steps

    def set_to(seconds: float) -> None:
        moved[0] = seconds

    monkeypatch.setattr(time, "time", lambda: start + moved[0])
    monkeypatch.setattr(second_factor, "time", lambda: start + moved[0])
    return set_to


def give_password(client, name="someone", password=PASSWORD, **query):
    address = f"/login/?next={query['next']}" if query else "/login/"
    return client.post(address, {"username": name, "password": password} | query)


def give_code(client, code, **meta):
    return client.post("/login/code/", {"code": code}, **meta)


def is_in(client) -> bool:
    return client.get("/cases/").status_code == 200


def set_up(client, phone_code=None) -> tuple[Phone, list[str]]:
    """As a user does it, from the page's key; returns the phone and the recovery codes."""
    page = client.get("/second-factor/app/")
    assert page.status_code == 200, page.url
    html = page.content.decode()
    phone = Phone(re.search(r'class="key">([A-Z2-7 ]+)<', html)[1])
    assert "<svg" in html, "the QR code is part of the page"
    assert "data:" not in html
    response = client.post("/second-factor/app/", {"code": phone_code or phone.code()})
    assert response.url == "/second-factor/codes/"
    codes = client.get("/second-factor/codes/").content.decode()
    return phone, [code.replace(" ", "") for code in re.findall(r"<code>([\d ]+)</code>", codes)]


@pytest.fixture
def owner(client, at_noon):
    """Somebody with a second factor, signed out, a minute later: (user, phone, recovery codes)."""
    user = person(Role.REVIEWER, "someone")
    give_password(client)
    phone, codes = set_up(client)
    client.post("/logout/")
    at_noon(60)
    return user, phone, codes


def test_without_one_the_password_is_enough(client):
    person(Role.REVIEWER, "someone")
    assert give_password(client).url == "/"
    assert is_in(client)


def test_the_password_alone_opens_nothing(client, owner):
    assert give_password(client).url == "/login/code/"
    assert not is_in(client)
    for path in ("/admin/", "/second-factor/", "/second-factor/codes/", "/password/", "/people/"):
        assert client.get(path).url.startswith(("/login/", "/admin/login/")), path


def test_the_code_opens_and_leads_to_where_one_wanted(client, owner):
    _, phone, _ = owner
    give_password(client, next="/reviews/")
    assert give_code(client, phone.code()).url == "/reviews/"
    assert is_in(client)
    last = Access.objects.filter(action="signed in").first()
    assert last.what == "by password and code"


def test_nobody_is_led_elsewhere_by_the_code(client, owner):
    _, phone, _ = owner
    give_password(client, next="https://evil.test/")
    assert give_code(client, phone.code() + "").url == "/"


def test_a_code_without_a_password_opens_nothing(client, owner):
    _, phone, _ = owner
    assert give_code(client, phone.code()).url == "/login/"
    assert not is_in(client)


@pytest.mark.parametrize("code", [NOT_A_CODE, "", "12345", "１２３４５６", "x" * 300, "' OR 1=1"])
def test_a_wrong_code_opens_nothing(client, owner, code):
    give_password(client)
    assert give_code(client, code).status_code == 200
    assert not is_in(client)


def test_a_code_counts_once(client, owner):
    _, phone, _ = owner
    code = phone.code()
    give_password(client)
    give_code(client, code)
    assert is_in(client)
    other = Client()
    give_password(other)
    assert "was already used" in give_code(other, code).content.decode()
    assert not is_in(other)


def test_nor_does_one_before_it(client, owner):
    _, phone, _ = owner
    give_password(client)
    give_code(client, phone.code())
    other = Client()
    give_password(other)
    give_code(other, phone.code(-1))
    assert not is_in(other)


def test_the_code_that_set_it_up_opens_no_sign_in(client, django_capture_on_commit_callbacks):
    person(Role.REVIEWER, "someone")
    give_password(client)
    with django_capture_on_commit_callbacks(execute=True):
        phone, _ = set_up(client)
    other = Client()
    give_password(other)
    give_code(other, phone.code())
    assert not is_in(other)


@pytest.mark.parametrize(("later", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(client, owner, later, opens, at_noon):
    _, phone, _ = owner
    at_noon(300)
    give_password(client)
    give_code(client, phone.code(later))
    assert is_in(client) is opens


def test_wrong_codes_are_throttled_as_passwords_are(client, owner, settings):
    _, phone, _ = owner
    give_password(client)
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert give_code(client, NOT_A_CODE).status_code == 200
    response = give_code(client, NOT_A_CODE)
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert give_code(client, phone.code()).status_code == 429, "the right one does not help now"
    assert not is_in(client)
    assert give_password(Client()).status_code == 429, "nor does beginning anew"


def test_a_right_password_does_not_forgive_wrong_codes(client, owner, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        give_password(client)
        give_code(client, NOT_A_CODE)
    give_password(client)
    assert give_code(client, NOT_A_CODE).status_code == 429


def test_many_addresses_do_not_help(client, owner):
    _, phone, _ = owner
    for number in range(second_factor.MOST_WRONG):
        visitor = Client(REMOTE_ADDR=f"10.0.0.{number}")
        give_password(visitor)
        assert give_code(visitor, NOT_A_CODE).status_code == 200
    give_password(client)
    give_code(client, phone.code())
    assert not is_in(client)


def test_that_passes(client, owner, at_noon):
    test_many_addresses_do_not_help(client, owner)
    _, phone, _ = owner
    at_noon(60 + second_factor.WITHIN_SECONDS + 30)
    give_password(client)
    give_code(client, phone.code())
    assert is_in(client)


def test_a_recovery_code_counts_once(client, owner):
    *_, codes = owner
    assert len(codes) == len(set(codes)) == 10
    give_password(client)
    give_code(client, codes[3])
    assert is_in(client)
    other = Client()
    give_password(other)
    give_code(other, codes[3])
    assert not is_in(other)
    give_code(other, codes[4])
    assert is_in(other)


def test_an_account_closed_between_password_and_code_stays_closed(client, owner):
    user, phone, _ = owner
    give_password(client)
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    give_code(client, phone.code())
    assert not is_in(client)


def test_the_admin_asks_for_it_too(client, owner):
    user, phone, _ = owner
    user.is_superuser = user.is_staff = True
    user.save()
    direct = client.post("/admin/login/", {"username": "someone", "password": PASSWORD})
    assert direct.url.startswith("/login/"), "its own form signs nobody in"
    give_password(client, next="/admin/")
    assert client.get("/admin/").status_code == 302
    assert give_code(client, phone.code()).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_an_invitation_is_no_way_round_it(client, owner):
    from imrsite.security.people import invitation_path

    user, *_ = owner
    user.refresh_from_db()
    link = client.get(invitation_path(user), follow=True).redirect_chain[-1][0]
    new = {"new_password1": "plover-egg-lamp", "new_password2": "plover-egg-lamp"}
    assert client.post(link, new).url == "/login/code/"
    assert not is_in(client)


def test_to_remove_it_one_confirms_that_it_is_oneself(client, owner, at_noon):
    _, phone, _ = owner
    give_password(client)
    give_code(client, phone.code())
    at_noon(60 + 601)
    response = client.get("/second-factor/app/remove/")
    assert response.url.startswith("/login/again/")
    refused = client.post(response.url, {"password": "wrong"})
    assert refused.status_code == 200
    assert client.post("/second-factor/app/remove/").status_code == 302
    assert Authenticator.objects.count() == 2, "app and recovery codes are still there"
    assert client.post(response.url, {"password": PASSWORD}).url == "/second-factor/"
    assert not Authenticator.objects.exists()


def test_wrong_confirmations_are_throttled(client, owner, at_noon, settings):
    _, phone, _ = owner
    give_password(client)
    give_code(client, phone.code())
    at_noon(60 + 601)
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post("/login/again/code/", {"code": NOT_A_CODE}).status_code == 200
    assert client.post("/login/again/code/", {"code": NOT_A_CODE}).status_code == 429


def test_a_lead_takes_it_off_somebody_who_lost_it(client, owner):
    user, *_ = owner
    lead = Client()
    lead.force_login(person(Role.LEAD))
    assert "Remove the second factor" in lead.get(f"/people/{user.pk}/").content.decode()
    lead.post(f"/people/{user.pk}/second-factor/")
    assert Access.objects.filter(action="reset", what="second factor of someone").exists()
    give_password(client)
    assert is_in(client)


def test_a_lead_does_not_take_it_off_an_admin(owner):
    user, *_ = owner
    user.is_superuser = True
    user.save()
    lead = Client()
    lead.force_login(person(Role.LEAD))
    assert lead.post(f"/people/{user.pk}/second-factor/").status_code == 403
    assert Authenticator.objects.exists()


def test_the_database_alone_gives_nobody_the_secrets(client, owner):
    _, phone, codes = owner
    stored = " ".join(str(one.data) for one in Authenticator.objects.all())
    assert phone.secret not in stored
    assert not [code for code in codes if code in stored]


def test_another_secret_key_opens_nothing_and_breaks_nothing(client, owner, settings):
    _, phone, codes = owner
    give_password(client)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-" + "y" * 50
    give_password(client)
    for code in (phone.code(), codes[0]):
        assert give_code(client, code).status_code == 200
    settings.SECRET_KEY_FALLBACKS = [old]
    give_code(client, phone.code())
    assert is_in(client)


def test_where_it_is_required_every_page_leads_to_setting_it_up(client, settings):
    settings.SECOND_FACTOR = "required"
    user = person(Role.ADMIN, "someone")
    give_password(client)
    for path in ("/", "/cases/", "/cases/export.csv", "/admin/", "/people/", "/audit/", "/labels/"):
        assert client.get(path).url == "/second-factor/app/", path
    assert client.post("/upload/").url == "/second-factor/app/"
    told = client.get("/cases/", headers={"HX-Request": "true"})
    assert told.status_code == 403
    assert "Set up your second factor first" in told.content.decode()
    assert not Access.objects.filter(who_id=user.pk).exclude(action="signed in").exists()
    set_up(client)
    assert is_in(client)


def test_where_it_is_required_one_may_still_leave(client, settings):
    settings.SECOND_FACTOR = "required"
    person(Role.REVIEWER, "someone")
    give_password(client)
    assert client.post("/session/").status_code == 204
    assert client.post("/logout/").url == "/login/"

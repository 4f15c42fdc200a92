"""Tokens: made on a page, good for what their person may do, dead at once when they should be."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from imrsite.models import Access, ApiToken
from imrsite.security.people import deactivate, reactivate
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.imrsite.api.conftest import bearer
from tests.people import person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/cases/"


def make(client, **fields):
    tomorrow = timezone.localdate() + dt.timedelta(1)
    form = {"name": "nightly", "scope": "read", "expires_on": tomorrow.isoformat()}
    return client.post("/tokens/", form | fields)


def token_in(answer) -> str:
    return re.search(r'value="(imr_[\w-]{43})"', answer.content.decode())[1]


def test_it_is_shown_once_and_stored_as_a_digest(client, lead):
    client.force_login(lead)
    word = token_in(make(client))
    row = ApiToken.objects.get()
    assert row.digest == hashlib.sha256(word.encode()).hexdigest()
    assert word not in client.get("/tokens/").content.decode()
    program = Client(headers={"Authorization": f"Bearer {word}"})
    assert program.get(ADDRESS).status_code == 200
    assert not program.cookies
    assert f"…{word[-4:]}" in client.get("/tokens/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "required"),
        ({"scope": "write"}, "not one of the available"),
        ({"expires_on": "2020-01-01"}, "not over"),
        ({"expires_on": "2999-01-01"}, "a year at most"),
    ],
)
def test_a_mistaken_form_makes_none(client, lead, fields, words):
    client.force_login(lead)
    answer = make(client, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_who_uploads_nothing_is_offered_no_token_that_does(client, db):
    client.force_login(person(Role.REVIEWER))
    make(client, scope="upload")
    assert ApiToken.objects.get().scope == "read"


def test_last_use_is_noted(client, lead, program):
    client.force_login(lead)
    assert "never" in client.get("/tokens/").content.decode()
    program.get(ADDRESS)
    assert ApiToken.objects.get().last_used_at
    assert "never" not in client.get("/tokens/").content.decode()


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer imr_x", "bearer é", "Bearer a b"])
def test_what_is_no_token_is_told_how_to_get_one(db, header):
    answer = Client(headers={"Authorization": header}).get(ADDRESS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert "/tokens/" in answer.json()["detail"]


def test_a_visitor_is_told_in_json(client, db):
    answer = client.get(ADDRESS)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_one_is_dead(client, lead, program):
    client.force_login(lead)
    client.post(f"/tokens/{ApiToken.objects.get().pk}/revoke/")
    answer = program.get(ADDRESS)
    assert answer.status_code == 401
    assert "revoked" in answer.json()["detail"]


def test_it_dies_after_its_last_day(program):
    today = timezone.localdate()
    ApiToken.objects.update(expires_on=today)
    assert program.get(ADDRESS).status_code == 200
    ApiToken.objects.update(expires_on=today - dt.timedelta(1))
    answer = program.get(ADDRESS)
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


def test_it_dies_with_the_account_and_stays_dead(program, lead):
    boss = person(Role.ADMIN, "boss")
    deactivate(lead, boss)
    assert program.get(ADDRESS).status_code == 401
    reactivate(lead)
    assert program.get(ADDRESS).status_code == 401


def test_an_account_that_was_closed_in_the_admin_has_none_that_works(program, lead):
    type(lead).objects.update(is_active=False)
    assert program.get(ADDRESS).status_code == 401


def test_a_role_that_was_taken_away_is_gone_at_once(program, lead):
    lead.groups.set([Group.objects.get(name=Role.UPLOADER)])
    assert program.get(ADDRESS).status_code == 403
    lead.groups.clear()
    assert "no role yet" in program.get("/api/v1/cases/CM14-0195168/").json()["detail"]


def test_it_opens_no_page(program):
    assert program.get("/cases/").status_code == 302


def test_one_that_reads_uploads_nothing(program):
    answer = program.post("/api/v1/documents/", {})
    assert answer.status_code == 403
    assert "may only read" in answer.json()["detail"]


def test_leads_see_whose_tokens_exist_and_revoke_them(client, lead, db):
    other = person(Role.REVIEWER, "rita")
    program = bearer(other, name="Rita’s import")
    client.force_login(lead)
    assert '<td class="num">1</td>' in client.get("/people/").content.decode()
    assert "Rita’s import" in client.get(f"/people/{other.pk}/").content.decode()
    client.post(f"/tokens/{other.api_tokens.get().pk}/revoke/")
    assert program.get(ADDRESS).status_code == 401


def test_nobody_else_revokes_them(client, lead, program):
    for role in (Role.REVIEWER, Role.AUDITOR):
        client.force_login(person(role))
        assert client.post(f"/tokens/{lead.api_tokens.get().pk}/revoke/").status_code == 404
    boss = person(Role.ADMIN, "boss")
    bearer(boss)
    client.force_login(lead)
    assert client.post(f"/tokens/{boss.api_tokens.get().pk}/revoke/").status_code == 404
    assert program.get(ADDRESS).status_code == 200


def test_the_access_log_names_the_token(client, program, lead):
    case = stored_case()
    program.get(f"{ADDRESS}?decision=upheld")
    program.get(f"{ADDRESS}{case.case_number}/")
    program.get(f"/api/v1/issues/{case.issues.first().pk}/")
    lines = Access.objects.filter(token="nightly").order_by("pk")
    assert list(lines.values_list("who_name", "action", "what", "query")) == [
        ("lena", "listed", "cases", "decision=upheld"),
        ("lena", "opened", case.case_number, ""),
    ]  # the same case again within minutes is no line of its own
    client.force_login(lead)
    page = client.get("/audit/").content.decode()
    assert "with the token “nightly”" in page
    exported = b"".join(client.get("/audit/export.csv").streaming_content).decode()
    assert exported.splitlines()[0].endswith(",address,token")


def test_a_session_and_a_token_have_lines_of_their_own(client, program, lead):
    case = stored_case()
    client.force_login(lead)
    for asking in (client, program):
        asking.get(f"{ADDRESS}{case.case_number}/")
    assert Access.objects.filter(action="opened", what=case.case_number).count() == 2


def test_making_and_revoking_are_logged(client, lead):
    client.force_login(lead)
    make(client)
    client.post(f"/tokens/{ApiToken.objects.get().pk}/revoke/")
    page = client.get("/audit/").content.decode()
    assert "made the API token “nightly”" in page
    assert "revoked the API token nightly" in page


def test_too_many_requests_are_held_back(program, settings, monkeypatch):
    monkeypatch.setattr("imrsite.api.throttle.time.time", lambda: 1e10 + 30)  # all in one minute
    settings.IMR_API_PER_MINUTE = 3
    answers = [program.get(ADDRESS) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_without_redis_nothing_is_held_back(program, settings, monkeypatch):
    settings.REDIS_URL, settings.IMR_API_PER_MINUTE = "redis://127.0.0.1:1/0", 1
    monkeypatch.setattr("imrsite.api.throttle.Pause.until", 0.0)
    assert [program.get(ADDRESS).status_code for _ in range(3)] == [200, 200, 200]


def test_the_pages_of_a_session_can_be_tried_without_a_token(client, lead):
    call_command("synthesize", "3", verbosity=0)
    client.force_login(lead)
    assert client.get(ADDRESS).json()["count"] == 3

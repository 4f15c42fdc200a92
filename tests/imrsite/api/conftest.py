"""Programs that ask the API, as tests need them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from imrsite.models import ApiToken
from imrsite.security.roles import Role
from imrsite.tokens.tokens import create_token
from tests.people import person


def bearer(user, scope: str = ApiToken.Scope.READ, name: str = "nightly") -> Client:
    """A program of this person, with a new token and without a session."""
    tomorrow = timezone.localdate() + dt.timedelta(1)
    _, word = create_token(user, name=name, scope=scope, expires_on=tomorrow)
    return Client(headers={"Authorization": f"Bearer {word}"}, raise_request_exception=False)


@pytest.fixture
def lead(db):
    return person(Role.LEAD, "lena")


@pytest.fixture
def program(lead) -> Client:
    return bearer(lead)


@pytest.fixture
def uploading(lead) -> Client:
    return bearer(lead, ApiToken.Scope.UPLOAD)


@pytest.fixture
def all_rows(program) -> Callable[[str], list[dict]]:
    """Every row at an address, page by page."""

    def read(address: str) -> list[dict]:
        rows, following = [], address
        while following:
            answer = program.get(following)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            rows += page["results"]
            following = page["next"]
        return rows

    return read

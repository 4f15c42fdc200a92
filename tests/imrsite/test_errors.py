"""What one sees when something goes wrong, as a page and as an HTMX fragment."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.test import Client

from imrsite.errors import TROUBLES
from imrsite.roles import Role
from tests.people import person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def broken(db, monkeypatch) -> Client:
    """A visitor of a product whose list of cases breaks, as it does when the database goes away."""

    def breaks(*_: object) -> None:
        raise DatabaseError("secret words of the database")

    client = Client(raise_request_exception=False)
    client.force_login(person(Role.REVIEWER))
    monkeypatch.setattr("cases.views.lists.listing", breaks)
    return client


def test_a_page_that_breaks_says_so_and_nothing_of_the_cause(broken):
    response = broken.get("/cases/")
    page = response.content.decode()
    assert response.status_code == 500
    assert TROUBLES[500].title in page
    assert "secret words" not in page
    assert "Traceback" not in page


def test_a_fragment_that_breaks_goes_where_trouble_is_told(broken):
    response = broken.get("/cases/", headers=HTMX)
    assert response.status_code == 500
    assert response["HX-Retarget"] == "#trouble"
    assert response["HX-Reswap"] == "innerHTML"
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing/", 404), ("/cases/?q=%00", 400), ("/people/", 403), ("/session/", 405)],
)
def test_each_error_is_a_page_or_its_words_alone(client, db, path, status):
    client.force_login(person(Role.REVIEWER))
    page, fragment = client.get(path), client.get(path, headers=HTMX)
    assert page.status_code == fragment.status_code == status
    assert f"Error {status}" in page.content.decode()
    assert TROUBLES[status].title in fragment.content.decode().replace("&#x27;", "'")
    assert fragment["HX-Retarget"] == "#trouble"


def test_a_form_without_its_token_says_how_to_keep_what_was_typed(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.LEAD))
    for headers in ({}, HTMX):
        response = client.post("/people/", {"username": "x"}, headers=headers)
        assert response.status_code == 403
        assert "what you typed is still there" in response.content.decode()

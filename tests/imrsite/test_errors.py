"""What one sees when something goes wrong, as a page and as an HTMX fragment."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing

import psycopg
import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client

from cases.intake.shortages import DATABASE_AWAY, DATABASE_LOCKED, DISK_FULL, shortage_in
from cases.views.trouble import ERROR_TEXTS
from imrsite.security.roles import Role
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
    assert ERROR_TEXTS[500].title in page
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
    assert ERROR_TEXTS[status].title in fragment.content.decode().replace("&#x27;", "'")
    assert fragment["HX-Retarget"] == "#trouble"


def test_a_form_without_its_token_says_how_to_keep_what_was_typed(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.LEAD))
    for headers in ({}, HTMX):
        response = client.post("/people/", {"username": "x"}, headers=headers)
        assert response.status_code == 403
        assert "what you entered is still there" in response.content.decode()


FULL = OSError(errno.ENOSPC, "No space left on device")


def locked() -> OperationalError:
    """As SQLite says it, of a database in which another writes."""
    with tempfile.NamedTemporaryFile() as file, ExitStack() as open_ones:
        one, other = (
            open_ones.enter_context(closing(sqlite3.connect(file.name, timeout=0)))
            for _ in range(2)
        )
        one.execute("BEGIN EXCLUSIVE")
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as cause:
            return caused(OperationalError(str(cause)), cause)
    raise AssertionError("it was not locked")


def full_database() -> OperationalError:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        try:
            connection.execute("CREATE TABLE a (b)")
        except sqlite3.OperationalError as cause:
            return caused(OperationalError(str(cause)), cause)
    raise AssertionError("it was not full")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def of_postgres(sqlstate: str | None) -> OperationalError:
    cause = psycopg.OperationalError("words of the server")
    cause.sqlstate = sqlstate
    return caused(OperationalError("words of the server"), cause)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FULL, DISK_FULL),
        (caused(RuntimeError("a"), FULL), DISK_FULL),
        (locked(), DATABASE_LOCKED),
        (full_database(), DISK_FULL),
        (of_postgres("53100"), DISK_FULL),
        (of_postgres("55P03"), DATABASE_LOCKED),
        (of_postgres("57P01"), DATABASE_AWAY),
        (of_postgres(None), DATABASE_AWAY),
        (OSError(errno.EACCES, "Permission denied"), None),
        (OperationalError("no such table: a"), None),
        (DatabaseError("malformed"), None),
        (None, None),
    ],
)
def test_what_ran_out_is_told_from_faults_of_the_program(error, told):
    assert shortage_in(error) is told


@pytest.fixture
def broken_by(db, monkeypatch) -> Callable[[Exception], Client]:
    """A visitor whose requests meet an error, as a middleware that all requests pass does."""
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.REVIEWER))

    def meets(error: Exception) -> Client:
        def fails(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("imrsite.security.access.AccessMiddleware.process_view", fails)
        return client

    return meets


@pytest.mark.parametrize(("error", "title"), [(FULL, "disk is full"), (locked(), "is locked")])
def test_a_shortage_is_answered_as_such(broken_by, error, title):
    response = broken_by(error).post("/session/", {"note": "typed <for long>", "many": ["1", "2"]})
    page = response.content.decode()
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert title in page
    assert 'name="note" value="typed &lt;for long&gt;"' in page
    assert page.count('name="many"') == 2
    assert 'action="/session/"' in page
    assert "Traceback" not in page


def test_a_form_that_is_sent_again_from_that_page_has_its_token(broken_by):
    response = broken_by(FULL).post("/session/", {"note": "x", "csrfmiddlewaretoken": "old"})
    page = response.content.decode()
    assert page.count("csrfmiddlewaretoken") == 1
    assert 'value="old"' not in page


def test_passwords_are_not_kept_on_the_page(broken_by):
    page = broken_by(FULL).post("/session/", {"old_password": "secret"}).content.decode()
    assert "secret" not in page
    assert "Send it again</button>" not in page


def test_a_fragment_leaves_the_form_where_it_is(broken_by):
    response = broken_by(locked()).post("/session/", {"note": "x"}, headers=HTMX)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["HX-Retarget"] == "#trouble"
    assert "<form" not in response.content.decode()

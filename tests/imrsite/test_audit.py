"""Reads that matter are logged, and the log can only grow."""

import csv
import datetime as dt
import errno
import io
import sqlite3
import stat
import time

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from imrsite.models import Access, Pruning
from imrsite.security import audit_lines
from imrsite.security.audit_lines import pending_file
from imrsite.security.roles import Role
from tests.factories import annotated, stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


@pytest.fixture
def auditor(client):
    client.user = person(Role.AUDITOR, "watcher")
    client.force_login(client.user)
    return client


def logged():
    return list(Access.objects.order_by("pk").values_list("who_name", "action", "what"))


def test_opening_a_case_is_logged_once_a_visit(auditor, case):
    auditor.get(case.get_absolute_url(), REMOTE_ADDR="10.1.2.3")
    auditor.get(case.get_absolute_url())
    assert logged() == [("watcher", "opened", "CM14-0195168")]
    assert Access.objects.get().address == "10.1.2.3"


def test_opening_it_to_correct_it_is_found_under_its_number_too(client, case):
    client.force_login(person(Role.CORRECTOR, "mender"))
    assert client.get(f"/admin/cases/case/{case.pk}/change/").status_code == 200
    assert logged() == [("mender", "opened", "CM14-0195168")]


def test_a_case_that_is_not_there_was_not_opened(auditor, case):
    auditor.get("/cases/CM99-9999999/")
    assert logged() == []


def test_a_download_of_the_letter_is_logged(auditor, case):
    b"".join(auditor.get(f"/documents/{case.document_id}/file").streaming_content)
    assert ("watcher", "downloaded", f"document {case.document_id}") in logged()


def test_an_export_is_logged_with_its_filters_and_rows(auditor, case):
    b"".join(auditor.get("/cases/export.csv?decision=upheld").streaming_content)
    lines = Access.objects.order_by("pk").values_list("action", "what", "query", "rows")
    assert list(lines) == [
        ("exported", "cases", "decision=upheld", None),
        ("sent", "cases", "decision=upheld", 1),
    ]


def test_an_export_is_logged_before_its_first_byte(auditor, case):
    auditor.get("/cases/export.csv")
    assert logged() == [("watcher", "exported", "cases")]


@pytest.mark.django_db(transaction=True)  # a request's end closes its connection
def test_an_export_broken_off_is_logged_with_what_went_out(auditor, case):
    response = auditor.get("/cases/export.csv")
    next(iter(response.streaming_content))
    response.close()
    assert Access.objects.get(action="sent").rows == 0


def test_an_export_as_json_ld_is_logged_with_its_rows(auditor, case):
    writer = person(Role.REVIEWER, "ana")
    for comment in ("one", "two"):
        annotated(case.issues.get(), writer, comment)
    b"".join(auditor.get("/annotations/export.jsonld").streaming_content)
    assert Access.objects.get(action="sent").rows == 2


def test_a_list_is_logged_once_for_each_of_its_filters(auditor, case):
    for query in ("", "decision=upheld", "decision=upheld", "decision=overturned"):
        auditor.get(f"/issues/?{query}")
    lines = Access.objects.order_by("pk").values_list("action", "what", "query")
    assert list(lines) == [
        ("listed", "issues", ""),
        ("listed", "issues", "decision=upheld"),
        ("listed", "issues", "decision=overturned"),
    ]


def test_pages_of_a_letter_are_logged(auditor, case):
    auditor.get(f"/documents/{case.document_id}/pages/1.png")
    assert logged() == [("watcher", "opened", f"document {case.document_id}")]


def test_what_is_about_a_case_is_found_under_its_number(client, case):
    writer = person(Role.LEAD, "ana")
    note = annotated(case.issues.get(), writer)
    client.force_login(writer)
    client.get(f"/annotations/{note.pk}/")
    assert logged() == [("ana", "opened", "CM14-0195168")]


def test_a_change_in_the_admin_is_logged(admin_client):
    watcher = person(Role.AUDITOR, "watcher")
    fields = {"password1": "a-new-password-7", "password2": "a-new-password-7"}
    fields["usable_password"] = "true"
    page = f"/admin/auth/user/{watcher.pk}/password/"
    assert admin_client.post(page, fields).status_code == 302
    assert ("admin", "changed", f"admin auth_user_password_change {watcher.pk}") in logged()


# -- while the database takes no line --------------------------------------------------------------


@pytest.fixture
def busy_database(settings, transactional_db):
    """A database that another program writes to for as long as it likes."""
    if connection.vendor == "postgresql":
        other = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        taking = "BEGIN; LOCK TABLE imrsite_access IN EXCLUSIVE MODE"
    else:
        other = sqlite3.connect(connection.settings_dict["NAME"], uri=True, isolation_level=None)
        taking = "BEGIN IMMEDIATE"
    pending_file().unlink(missing_ok=True)
    yield lambda: other.execute(taking), lambda: other.execute("ROLLBACK")
    other.close()
    pending_file().unlink(missing_ok=True)


def test_a_line_that_the_database_does_not_take_waits_and_is_brought_in(auditor, busy_database):
    hold, let_go = busy_database
    hold()
    began = time.monotonic()
    text = b"".join(auditor.get("/cases/export.csv?decision=upheld").streaming_content)
    assert text
    assert time.monotonic() - began < 10
    assert stat.S_IMODE(pending_file().stat().st_mode) == 0o600
    let_go()
    assert logged() == []
    began = timezone.now()
    auditor.get("/issues/")
    assert [action for _, action, _ in logged()] == ["listed", "exported", "sent"]
    assert Access.objects.get(action="exported").at < began
    auditor.get("/citations/")
    assert len(logged()) == 4, "brought in once"


def test_a_line_is_written_once_though_those_before_it_still_wait(
    auditor, busy_database, monkeypatch
):
    hold, let_go = busy_database
    hold()
    auditor.get("/issues/")
    let_go()
    before = pending_file().read_text()
    with monkeypatch.context() as patch:
        patch.setattr(audit_lines, "flush_pending", refuse)
        auditor.get("/citations/")
    assert [what for *_, what in logged()] == ["citations"]
    assert pending_file().read_text() == before
    auditor.get("/documents/")
    auditor.get("/cases/")
    assert sorted(what for *_, what in logged()) == ["cases", "citations", "issues"]


def refuse() -> None:
    raise DatabaseError("locked")


def test_what_can_be_logged_nowhere_is_not_shown(auditor, busy_database, monkeypatch):
    def full(line):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(audit_lines, "append_pending", full)
    auditor.raise_request_exception = False
    hold, let_go = busy_database
    hold()
    response = auditor.get("/issues/")
    let_go()
    assert response.status_code >= 500


def test_what_a_visitor_claims_of_its_address_is_not_believed(auditor, case, settings):
    auditor.get(case.get_absolute_url(), headers={"X-Forwarded-For": "6.6.6.6"})
    assert Access.objects.get().address == "127.0.0.1"
    settings.IMR_PROXIES = 1
    forwarded = {"X-Forwarded-For": "6.6.6.6, 10.0.0.9"}
    auditor.get(f"/documents/{case.document_id}/file", headers=forwarded)
    assert Access.objects.get(action="downloaded").address == "10.0.0.9"


@pytest.mark.parametrize(
    "sql",
    ["UPDATE imrsite_access SET who_name = 'another'", "DELETE FROM imrsite_access"],
)
def test_the_database_refuses_to_change_a_line(auditor, case, sql):
    auditor.get(case.get_absolute_url())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert logged()


def test_lines_go_by_age_alone_and_their_going_is_kept(db, settings, capsys):
    settings.IMR_AUDIT_DAYS = 30
    for days in (31, 29):
        Access.objects.bulk_create([line(timezone.now() - dt.timedelta(days=days))])
    call_command("prune_audit")
    assert "removed 1" in capsys.readouterr().out
    assert Access.objects.count() == 1
    assert Pruning.objects.get().removed == 1


def line(at):
    row = Access(who_id=1, who_name="x", action="opened", what="CM14-0195168")
    Access._meta.get_field("at").auto_now_add = False
    row.at = at
    return row


@pytest.fixture(autouse=True)
def times_as_given():
    yield
    Access._meta.get_field("at").auto_now_add = True


def test_leads_and_auditors_read_it_with_filters_and_csv(auditor, case):
    auditor.get(case.get_absolute_url())
    assert "CM14-0195168" in auditor.get("/audit/?action=opened").content.decode()
    assert "No entries match" in auditor.get("/audit/?who=nobody").content.decode()
    assert auditor.get("/audit/?since=yesterday").status_code == 422
    text = b"".join(auditor.get("/audit/export.csv").streaming_content).decode("utf-8-sig")
    whats = [row["what"] for row in csv.DictReader(io.StringIO(text))]
    assert whats == ["audit", "CM14-0195168"], "taking the log out stands in it, too"


def test_postgresql_refuses_too(postgres):
    with psycopg.connect(postgres, autocommit=True) as database:
        database.execute(
            "INSERT INTO imrsite_access (at, who_id, who_name, action, what, query, address)"
            " VALUES (now(), 1, 'x', 'opened', 'CM14-0195168', '', '')"
        )
        for sql in ("UPDATE imrsite_access SET who_name = 'y'", "DELETE FROM imrsite_access"):
            with pytest.raises(psycopg.DatabaseError, match="append-only"):
                database.execute(sql)
        database.execute(
            "INSERT INTO imrsite_pruning (at, before, removed) VALUES (now(), now(), 0)"
        )
        assert database.execute("DELETE FROM imrsite_access").rowcount == 1


def test_every_export_is_logged():
    from imrsite.security.access import RULES

    exports = {name for name in RULES if name.endswith("-export")}
    assert exports
    assert {name for name in exports if RULES[name].logged != "exported"} == set()

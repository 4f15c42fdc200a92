"""CHECK constraints need nothing of Django's: any SQLite program can copy and load the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.models import Citation, Document
from reviews.models import Label
from tests.factories import stored_case
from tests.postgres import run_script

FILLED = """
from django.core.management import call_command

call_command("migrate", verbosity=0)
call_command("synthesize", "20", verbosity=0)
call_command("migrate", "cases", "0011", verbosity=0)
call_command("migrate", verbosity=0)
print("filled")
"""
SHA256 = "UPDATE cases_document SET sha256 = ? WHERE id = (SELECT min(id) FROM cases_document)"
NUMBER = "UPDATE cases_case SET case_number = ? WHERE id = (SELECT min(id) FROM cases_case)"
EDITION = "UPDATE cases_citation SET edition = ? WHERE id = (SELECT min(id) FROM cases_citation)"
COLOUR = "UPDATE reviews_label SET colour = ? WHERE id = (SELECT min(id) FROM reviews_label)"
REFUSED = [
    *((SHA256, value) for value in ("", "0" * 63, "0" * 65, "A" * 64, "g" * 64)),
    *((NUMBER, value) for value in ("", "CM14-019516", "cm14-0195168", "CM14-0195168 ", "CM1400")),
    *((EDITION, value) for value in ("204", "20045", "2OO4", " 2004")),
    *((COLOUR, value) for value in ("#12345", "123456", "#12345g", "#1234567", "")),
]
TAKEN = [
    (SHA256, "0123456789abcdef" * 4),
    (NUMBER, "CM99-9999999"),
    (EDITION, ""),
    (EDITION, "2016"),
    (COLOUR, "#09afAF"),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A filled database after the migration of the constraints was taken back and done again."""
    path = tmp_path_factory.mktemp("plain") / "db.sqlite3"
    done = run_script(FILLED, f"sqlite:///{path}")
    assert "filled" in done.stdout, done.stderr
    return path


@pytest.fixture
def plain(filled):
    """The database as any program opens it."""
    with closing(sqlite3.connect(filled)) as database:
        yield database
        database.rollback()


def rows(database):
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        for (name,) in database.execute(tables).fetchall()
    }


def test_it_is_found_sound(plain):
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert plain.execute("PRAGMA foreign_key_check").fetchall() == []


def test_it_can_be_copied_by_vacuum(plain, tmp_path):
    plain.execute("VACUUM INTO ?", [str(tmp_path / "copy.sqlite3")])
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert rows(copy) == rows(plain)


def test_a_dump_of_its_cases_can_be_loaded(plain):
    with closing(sqlite3.connect(":memory:")) as copy:
        for statement in plain.iterdump():
            # Virtual tables are written to the schema itself, which Python's sqlite3 forbids.
            if "_index" not in statement.split("VALUES")[0] and "sqlite_master" not in statement:
                copy.execute(statement)
        assert copy.execute("SELECT count(*) FROM cases_case").fetchone() == (20,)


def test_the_migration_keeps_triggers_and_search_tables(plain):
    triggers = plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert {name for (name,) in triggers} >= {"access_no_update", "access_no_delete"}
    found = plain.execute("SELECT count(*) FROM case_index WHERE case_index MATCH 'cm*'")
    assert found.fetchone() == (20,)


@pytest.mark.parametrize(("statement", "value"), REFUSED)
def test_a_value_of_another_form_is_refused(plain, statement, value):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
        plain.execute(statement, [value])


@pytest.mark.parametrize(("statement", "value"), TAKEN)
def test_a_value_of_the_right_form_is_taken(plain, statement, value):
    assert plain.execute(statement, [value]).rowcount == 1


def refused(statement: str, value: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.replace("?", "%s"), [value])
    except IntegrityError as error:
        return "check constraint" in str(error)
    return False


def test_postgresql_refuses_and_takes_the_same(on_postgres):
    stored_case()
    fitting = [one for one in REFUSED if len(one[1]) <= {SHA256: 64, EDITION: 4}.get(one[0], 7)]
    assert len(fitting) > 8
    assert [one for one in fitting if not refused(*one)] == []
    assert [one for one in TAKEN if refused(*one)] == []


def test_forms_check_the_same_before_saving(db):
    stored_case()
    with pytest.raises(ValidationError, match="document_sha256_hex"):
        Document(sha256="0" * 63, name="a.pdf", size=1).validate_constraints()
    citation = Citation.objects.first()
    citation.edition = "204"
    with pytest.raises(ValidationError, match="citation_edition_form"):
        citation.validate_constraints()
    Label(name="New", slug="new", colour="#123abc").validate_constraints()

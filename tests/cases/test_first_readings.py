"""A first reading is inserted at once: the rows are those that writing one by one would give."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from cases.corrections.case_data import data_from_record, write_case
from cases.corrections.refresh import refresh_case
from cases.intake import pipeline
from cases.letters.model import Flag as FlagRead
from cases.models import Case, Citation, Flag, Issue, Proposal
from cases.search.full_text import CASES, CITATIONS, ISSUES
from reviews.models import Review
from tests.factories import LETTERS, InProcess, stored_letter

NAMES = sorted(path.stem for path in LETTERS.glob("*.pdf"))
UNLIKE = {"created_at", "updated_at", "read_at"}
MOST_STATEMENTS = 38


def values(row: models.Model) -> dict[str, Any]:
    fields = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in fields if name not in UNLIKE}


def rows_of(case: Case) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of a case, with what it is found by."""
    issues = Issue.objects.filter(case=case).order_by("pk")
    citations = Citation.objects.filter(issue__case=case).order_by("pk")
    return {
        "case": [values(Case.objects.get(pk=case.pk))],
        "issues": [values(row) for row in issues],
        "citations": [values(row) for row in citations],
        "flags": [values(row) for row in Flag.objects.filter(case=case).order_by("pk")],
        "reviews": [values(row) for row in Review.objects.filter(case=case)],
        "texts": [
            *texts(CASES.table, [case.pk]),
            *texts(ISSUES.table, [row.pk for row in issues]),
            *texts(CITATIONS.table, [row.pk for row in citations]),
        ],
    }


def texts(table: str, keys: list[int]) -> list[dict[str, Any]]:
    found = []
    for key in keys:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE rowid = %s", [key])
            found.append({"row": cursor.fetchone()})
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_refresh_finds_nothing_to_change(name, db):
    for case in stored_letter(name).cases.all():
        before = rows_of(case)
        refresh_case(case)
        assert rows_of(case) == before


@pytest.mark.parametrize("name", NAMES)
def test_writing_the_rows_one_by_one_gives_the_same(name, db):
    for case in stored_letter(name).cases.all():
        before, reading = rows_of(case), case.reading
        case.delete()
        again = Case()
        write_case(again, data_from_record(reading.record), reading)
        refresh_case(again)
        assert without_keys(rows_of(again)) == without_keys(before)


def without_keys(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [{k: v for k, v in row.items() if not k.endswith("id")} for row in found]
        for kind, found in rows.items()
        if kind != "texts"
    }


def test_flags_of_one_kind_at_one_place_are_one(db):
    name = "CM14-0195168"
    path = LETTERS / f"{name}.pdf"
    reading = InProcess().read(path)
    (letter,) = reading.letters
    odd = FlagRead("odd", "", "Look.", issue=None)
    flags = (*letter.flags, odd, odd, FlagRead("missing-priority", "priority", "No.", "error"))
    changed = type(letter)(**{f: getattr(letter, f) for f in letter.__slots__} | {"flags": flags})
    document = pipeline.receive_file([path.read_bytes()], path.name).document
    token = pipeline.claim(document.pk)
    read = type(reading)(reading.pages, (changed,), None, reading.page_count)
    pipeline.finish_reading(document, token, read)
    kept = [flag.code for flag in document.cases.get().flags.all()]
    assert kept.count("odd") == 1
    assert "missing-priority" not in kept  # the letter gives one


def test_a_number_on_file_waits_for_a_person(db):
    case = stored_letter().cases.get()
    path = LETTERS / "CM14-0195168.pdf"
    other = pipeline.receive_file([path.read_bytes() + b"\n%"], "again.pdf").document
    pipeline.read_document(other.pk, InProcess())
    assert Case.objects.get() == case
    assert case.proposals.get().kind == Proposal.Kind.VERSION


def test_the_statements_of_a_reading_do_not_grow_with_its_issues(db):
    counts = {}
    for name in NAMES:
        path = LETTERS / f"{name}.pdf"
        document = pipeline.receive_file([path.read_bytes()], path.name).document
        with CaptureQueriesContext(
            connection,
        ) as queries:
            pipeline.read_document(document.pk, InProcess())
        if document.cases.count() == 1:
            counts[name] = len(queries)
    assert counts
    assert max(counts.values()) <= MOST_STATEMENTS


def test_the_data_are_in_order(db, capsys):
    for name in NAMES:
        stored_letter(name)
    call_command("check_data")

"""An installation with readings from before subcategories, body parts and editions: they are moved,
and read again without losing what people did."""

from __future__ import annotations

import copy
import io
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from cases.corrections.history import correction
from cases.corrections.refresh import refresh_case
from cases.intake import pipeline
from cases.intake.manual_entry import create_case
from cases.intake.storing.old_records import is_old, upgrade_record
from cases.models import Case, Citation, Flag, Issue, Reading
from imrsite.security.roles import Role
from tests.factories import InProcess, annotated, stored_case, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
move = import_module("cases.migrations.0011_move_stored")
NEW_KEYS = ("partial_authorization", "retrospective", "body_parts", "subcategory")
NEW_FIELDS = ("requested", "authorized", "in_dispute", "retrospective", "body_parts")


def as_before(record: dict) -> dict:
    """The record as an earlier version would have stored it."""
    old = copy.deepcopy(record)
    for issue in old["issues"]:
        for key in NEW_KEYS:
            del issue[key]
        for name in NEW_FIELDS:
            del issue["provenance"][name]
        for side in ("claims_citations", "maximus_citations", "rationale_citations"):
            for one in issue[side]:
                del one["edition"]
        issue |= {"category": "other", "category_rule": ""}
    return old


@pytest.fixture
def old_case(db):
    """A case as an earlier version read and stored it, with a category of its rules."""
    case = stored_case("facsimile-002-final-2016")
    for reading in Reading.objects.all():
        reading.record = as_before(reading.record)
        reading.save()
    plain = {"subcategory": "", "body_parts": [], "retrospective": False}
    Issue.objects.update(category="other", category_rule="", **plain)
    Citation.objects.update(edition="")
    refresh_case(case)
    return case


@pytest.fixture
def mender(db):
    return person(Role.CORRECTOR, "mender")


def migrate_stored() -> None:
    class Editor:
        pass

    editor = Editor()
    editor.connection = connection
    for step in (move.move_readings, move.move_typed_in, move.say_what_to_do):
        step(apps, editor)


def read_again(case: Case) -> None:
    pipeline.reparse_document(case.document, hint=False)
    pipeline.read_document(case.document_id, InProcess())


def coded(case: Case) -> list[tuple]:
    issues = case.issues.order_by("position")
    return list(issues.values_list("category", "subcategory", "body_parts", "retrospective"))


def test_nothing_of_an_old_reading_looks_corrected(old_case):
    old_case.refresh_from_db()
    assert is_old(old_case.reading.record)
    assert old_case.corrected == {}


def test_stored_issues_are_moved_with_their_readings(old_case):
    fresh = coded(stored_case("facsimile-003-final-2014"))
    assert any(category != "other" for category, *_ in fresh)
    migrate_stored()
    old_case.refresh_from_db()
    categories = {category for category, *_ in coded(old_case)}
    assert categories != {"other"}
    assert not is_old(old_case.reading.record)
    refresh_case(old_case)
    assert old_case.corrected == {}


def test_moving_twice_changes_nothing_more(old_case):
    migrate_stored()
    once = coded(old_case), Reading.objects.get(case=old_case).record
    migrate_stored()
    assert (coded(old_case), Reading.objects.get(case=old_case).record) == once


def test_a_corrected_category_is_not_moved(old_case, mender):
    issue = old_case.issues.first()
    with correction(old_case, mender, "Seen") as locked:
        locked.issues.filter(pk=issue.pk).update(category="programs")
    migrate_stored()
    issue.refresh_from_db()
    assert (issue.category, issue.subcategory) == ("programs", "")
    old_case.refresh_from_db()
    refresh_case(old_case)
    assert {name for name in old_case.corrected if name.endswith("category")} >= {
        f"issue-{issue.position}-category"
    }


@pytest.mark.parametrize("migrated", [True, False])
def test_reading_again_brings_the_new_fields_and_keeps_what_people_did(old_case, mender, migrated):
    expected = coded_as_read(old_case)
    issue = old_case.issues.first()
    note = annotated(issue, mender)
    with correction(old_case, mender, "Seen") as locked:
        Case.objects.filter(pk=locked.pk).update(priority="Expedited")
        locked.issues.filter(pk=issue.pk).update(decision="partially_overturned")
    if migrated:
        migrate_stored()
    out = io.StringIO()
    call_command("reparse", "--all", stdout=out, stderr=out)
    assert "to decide 0, failed 0" in out.getvalue()
    old_case.refresh_from_db()
    issue.refresh_from_db()
    note.refresh_from_db()
    assert coded(old_case) == expected
    assert not is_old(old_case.reading.record)
    assert (old_case.priority, issue.decision) == ("Expedited", "partially_overturned")
    assert note.issue == issue
    assert set(old_case.corrected) == {"priority", f"issue-{issue.position}-decision"}
    cited = Citation.objects.filter(issue__case=old_case)
    assert set(cited.values_list("edition", flat=True)) == editions_as_read(old_case)


def coded_as_read(case: Case) -> list[tuple]:
    letter = InProcess().read(pipeline.storage.path_of(case.document.sha256)).letters[0]
    return [
        (one.category, one.subcategory or "", list(one.body_parts.value), one.retrospective.value)
        for one in letter.issues
    ]


def editions_as_read(case: Case) -> set[str]:
    letter = InProcess().read(pipeline.storage.path_of(case.document.sha256)).letters[0]
    sides = ("claims_citations", "maximus_citations", "rationale_citations")
    return {c.edition or "" for one in letter.issues for side in sides for c in getattr(one, side)}


def test_what_a_person_set_before_reading_again_stays(old_case, mender):
    issue = old_case.issues.first()
    with correction(old_case, mender, "Seen") as locked:
        locked.issues.filter(pk=issue.pk).update(body_parts=["head"], retrospective=True)
    read_again(old_case)
    issue.refresh_from_db()
    assert (issue.body_parts, issue.retrospective) == (["head"], True)


def test_a_case_typed_in_is_coded_unless_a_person_corrected_its_category(mender):
    scan = stored_letter("scan-CM14-0195168")
    request = {"treatment_request": "MRI of the left knee", "decision": "upheld"}
    case = create_case(scan, mender, Case(case_number="CM14-0000001"), [request, request])
    Issue.objects.update(category="other", subcategory="", body_parts=[])
    with correction(case, mender, "Seen") as locked:
        locked.issues.filter(position=2).update(category="programs")
    migrate_stored()
    assert [(category, parts) for category, _, parts, _ in coded(case)] == [
        ("diagnostics", ["knee"]),
        ("programs", ["knee"]),
    ]


def test_stored_flags_no_longer_say_that_the_letter_lacks_a_value(old_case):
    old_case.flags.create(
        code="missing-specialties", field="specialties", message="The letter gives no specialties."
    )
    migrate_stored()
    assert Flag.objects.get(code="missing-specialties").message == (
        f"No specialties found: check page {old_case.first_page} of the letter."
    )
    old_case.refresh_from_db()
    assert old_case.needs_correction


def test_an_old_record_gets_every_key_and_a_new_one_stays_itself(old_case):
    record = old_case.reading.record
    new = upgrade_record(record)
    for issue in new["issues"]:
        assert set(NEW_KEYS) <= issue.keys()
        assert issue["provenance"]["body_parts"] == {"status": "missing", "spans": []}
        assert all(one["edition"] is None for one in issue["claims_citations"])
    assert upgrade_record(new) is new

"""A flag of a value that was not found is true whatever way the case changes."""

import csv
import io
from dataclasses import replace

import pytest

from cases.corrections.history import CannotRestore, correction, restore_change
from cases.corrections.missing_flags import ERRORS, WARNINGS, MissingValue, message_of
from cases.files import storage
from cases.intake import pipeline
from cases.letters.checks import check_letter
from cases.letters.model import Field
from cases.letters.model import Flag as FlagRead
from cases.models import Case, Change, Document, Flag
from imrsite.security.roles import Role
from tests.cases.test_admin import opened, save
from tests.cases.test_by_hand import fields
from tests.factories import LETTERS, InProcess, stored_case, stored_letter
from tests.forms import form_data
from tests.people import person

pytestmark = pytest.mark.django_db
FLAG = "missing-ur-denial-date"
IMPORT = "/admin/cases/case/import/"


@pytest.fixture
def case(db):
    return stored_case()


@pytest.fixture
def mender(db):
    return person(Role.CORRECTOR, "mender")


@pytest.fixture
def corrector(client, mender):
    client.force_login(mender)
    return client


def codes(case) -> set[str]:
    return set(case.flags.values_list("code", flat=True))


def waits(case) -> bool:
    case.refresh_from_db()
    return case.needs_correction


def set_date(case, mender, value):
    with correction(case, mender, "Seen") as locked:
        Case.objects.filter(pk=locked.pk).update(ur_denial_date=value)


def test_emptying_a_value_brings_the_flag_and_filling_it_takes_it_away(case, mender):
    assert not waits(case)
    set_date(case, mender, None)
    assert FLAG in codes(case)
    assert waits(case)
    set_date(case, mender, "2014-11-08")
    assert FLAG not in codes(case)
    assert not waits(case)


def test_it_says_where_to_look_and_not_that_the_letter_lacks_it(case, mender, reader):
    set_date(case, mender, None)
    flag = case.flags.get(code=FLAG)
    assert str(flag) == "No UR denial date found: check page 1 of the letter."
    page = reader.get(case.get_absolute_url()).content.decode()
    assert "No UR denial date found" in page
    assert "letter gives no" not in page


def test_a_bundled_letter_names_its_own_first_page():
    told = message_of(MissingValue("case", "priority"), 4)
    assert told == "No priority found: check page 4 of the letter."


def test_a_warning_is_in_needs_correction_too(case, mender):
    with correction(case, mender, "Illegible") as locked:
        Case.objects.filter(pk=locked.pk).update(specialties=[])
    assert case.flags.get(code="missing-specialties").level == Flag.Level.WARNING
    assert waits(case)


def test_the_correction_page_does_both(corrector, case):
    save(corrector, case, opened(corrector, case), **{"case-ur_denial_date": "", "why": "Smudged"})
    assert FLAG in codes(case)
    data = opened(corrector, case)
    save(corrector, case, data, **{"case-ur_denial_date": "2014-11-08", "why": "Legible after all"})
    assert FLAG not in codes(case)
    assert not waits(case)


def test_a_settled_flag_stays_away_until_the_value_changes(corrector, case, mender):
    set_date(case, mender, None)
    flag = case.flags.get(code=FLAG)
    save(corrector, case, opened(corrector, case), settled=str(flag.pk))
    assert FLAG not in codes(case)
    with correction(case, mender, "Another field") as locked:
        Case.objects.filter(pk=locked.pk).update(priority="Expedited")
    assert FLAG not in codes(case)
    set_date(case, mender, "2014-11-08")
    set_date(case, mender, None)
    assert FLAG in codes(case)


@pytest.mark.parametrize(("value", "flagged"), [("", True), ("2014-11-09", False)])
def test_an_import_does_both(corrector, case, mender, value, flagged):
    set_date(case, mender, None if not flagged else "2014-11-08")
    out = io.StringIO()
    writer = csv.DictWriter(out, ["case_number", "ur_denial_date"])
    writer.writeheader()
    writer.writerow({"case_number": case.case_number, "ur_denial_date": value})
    file = io.BytesIO(out.getvalue().encode())
    file.name = "cases.csv"
    response = corrector.post(IMPORT, {"file": file})
    plan = response.context["plan"]
    assert corrector.post(IMPORT, {"plan": plan, "why": "From the file"}).status_code == 302
    assert (FLAG in codes(case)) is flagged
    assert waits(case) is flagged


def test_a_restore_does_both(case, mender):
    set_date(case, mender, None)
    emptied = Change.objects.get(field="ur_denial_date")
    restore_change(emptied, mender, "It was right")
    assert FLAG not in codes(case)
    filled = Change.objects.filter(field="ur_denial_date").latest("pk")
    restore_change(filled, mender, "It was not")
    assert FLAG in codes(case)


def test_a_flag_of_a_value_that_is_there_can_not_be_brought_back(case, mender):
    set_date(case, mender, None)
    set_date(case, mender, "2014-11-08")
    taken = Change.objects.filter(place__startswith=f"flag-{FLAG}", new__isnull=True).latest("pk")
    with pytest.raises(CannotRestore, match="is now present"):
        restore_change(taken, mender, "x")


def test_a_case_typed_in_is_flagged_for_what_was_left_empty(reader):
    scan = stored_letter("scan-CM14-0195168")
    reader.post(f"/documents/{scan.pk}/by-hand", fields())
    case = Case.objects.get()
    assert codes(case) == {
        "missing-date-of-injury",
        "missing-ur-denial-date",
        "missing-application-received",
        "missing-date-assigned",
        "missing-clinical-summary",
        "missing-licensed-states",
    }
    assert case.needs_correction


def test_a_case_added_in_the_admin_is_flagged_too(admin_client, case):
    page = admin_client.get("/admin/cases/case/add/").content.decode()
    data = form_data(page, "case_form") | {
        "document": case.document_id,
        "case_number": "CM15-0000001",
        "format": "final-2015",
        "first_page": "1",
        "last_page": "1",
    }
    assert admin_client.post("/admin/cases/case/add/", data).status_code == 302
    added = Case.objects.get(case_number="CM15-0000001")
    assert {"missing-issues", "missing-priority"} <= codes(added)


def test_a_format_that_gives_no_priority_is_not_blamed(mender):
    case = stored_case("facsimile-004-notice-2013")
    assert not case.priority
    with correction(case, mender, "A date") as locked:
        Case.objects.filter(pk=locked.pk).update(ur_denial_date=None)
    assert codes(case) >= {FLAG}
    assert "missing-priority" not in codes(case)


@pytest.mark.parametrize(("field", "value"), [("decision", ""), ("rationale", "")])
def test_an_issue_that_loses_its_decision_or_rationale_is_flagged(case, mender, field, value):
    with correction(case, mender, "Not this issue's") as locked:
        locked.issues.update(**{field: value})
    [flag] = case.flags.filter(code=f"issue-without-{field}")
    assert flag.issue == case.issues.get()
    assert waits(case)


def test_a_case_without_issues_is_flagged_until_one_is_added(case, mender):
    with correction(case, mender, "Another letter's") as locked:
        locked.issues.all().delete()
    assert "missing-issues" in codes(case)
    with correction(case, mender, "Overlooked") as locked:
        locked.issues.create(position=2, treatment_request="Norco", decision="upheld")
    assert "missing-issues" not in codes(case)
    assert "issue-without-rationale" in codes(case)


# read again


def read_without_date(document: Document) -> None:
    """Reads the letter as a parser would that does not find the UR denial date."""
    reading = InProcess().read(storage.path_of(document.sha256))
    flag = FlagRead(
        FLAG, "ur_denial_date", "No UR denial date found: check page 1 of the letter.", "error"
    )
    letter = reading.letters[0]
    letter = replace(letter, ur_denial_date=Field(None), flags=(*letter.flags, flag))
    assert pipeline.reparse_document(document, hint=False)
    pipeline.finish_reading(
        document, pipeline.claim(document.pk), replace(reading, letters=(letter,))
    )


def test_a_reading_that_finds_less_or_more_is_followed(case):
    read_without_date(case.document)
    assert codes(case) >= {FLAG}
    assert case.flags.filter(code=FLAG).count() == 1
    assert waits(case)
    pipeline.reparse_document(case.document, hint=False)
    pipeline.read_document(case.document_id, InProcess())
    assert FLAG not in codes(case)
    assert not waits(case)


def test_a_value_filled_in_keeps_the_flag_of_later_readings_away(case, mender):
    set_date(case, mender, "2014-11-01")
    read_without_date(case.document)
    case.refresh_from_db()
    assert str(case.ur_denial_date) == "2014-11-01"
    assert FLAG not in codes(case)


def test_a_value_emptied_by_a_person_stays_flagged_when_read_again(case, mender):
    set_date(case, mender, None)
    pipeline.reparse_document(case.document, hint=False)
    pipeline.read_document(case.document_id, InProcess())
    case.refresh_from_db()
    assert case.ur_denial_date is None
    assert FLAG in codes(case)


def test_no_page_or_message_says_that_the_letter_lacks_something():
    root = LETTERS.parent.parent
    texts = [
        *root.glob("templates/**/*.html"),
        *root.glob("cases/**/*.py"),
        *root.glob("reviews/**/*.py"),
    ]
    said = [path for path in texts if "letter gives no" in path.read_text().lower()]
    assert not said


def test_they_are_those_that_the_parser_gives(case, mender):
    letter = InProcess().read(storage.path_of(case.document.sha256)).letters[0]
    empty = {name: Field(None) for name in ERRORS if name != "case_number"}
    empty |= {name: Field(()) for name in WARNINGS}
    expected = {
        (flag.code, flag.field, flag.level, flag.message)
        for flag in check_letter(replace(letter, **empty))
    }
    with correction(case, mender, "Illegible") as locked:
        Case.objects.filter(pk=locked.pk).update(
            **dict.fromkeys(ERRORS[2:-1]), priority="", clinical_summary="", specialties=[],
            licensed_states=[],
        )  # fmt: skip
    given = case.flags.filter(code__startswith="missing-")
    assert set(given.values_list("code", "field", "level", "message")) == expected
    assert len(expected) == len(ERRORS) + len(WARNINGS) - 1

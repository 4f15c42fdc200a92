"""Every change of a case is kept with who, when and why; values can be brought back."""

import csv
import io
import re

import pytest

from cases.corrections.history import (
    CannotRestore,
    EditConflict,
    ReasonRequired,
    correction,
    restore_change,
    version_of,
)
from cases.models import Case, Change, Revision
from tests.factories import annotated, stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


@pytest.fixture
def mender(db):
    return person("data corrector", "mender")


def correct(case, who, why="because", **values):
    with correction(case, who, why) as locked:
        Case.objects.filter(pk=locked.pk).update(**values)
    case.refresh_from_db()


def test_a_first_reading_leaves_no_revision(case):
    assert not Revision.objects.exists()
    assert case.corrected == {}


def test_each_value_is_kept_before_and_after(case, mender):
    correct(case, mender, priority="Expedited", date_assigned="2014-12-03")
    [revision] = case.revisions.all()
    kept = {(c.field, c.old, c.new) for c in revision.changes.all()}
    assert kept == {
        ("priority", "Standard", "Expedited"),
        ("date_assigned", "2014-12-02", "2014-12-03"),
    }


def test_nothing_changed_leaves_no_trace(case, mender):
    correct(case, mender, priority="Standard")
    assert not Revision.objects.exists()


def test_a_person_gives_a_reason_or_nothing_is_written(case, mender):
    with pytest.raises(ReasonRequired):
        correct(case, mender, "  ", priority="Expedited")
    case.refresh_from_db()
    assert case.priority == "Standard"


def test_a_case_that_changed_since_it_was_seen_is_not_written(case, mender):
    seen = version_of(case)
    correct(case, mender, priority="Expedited")
    with pytest.raises(EditConflict) as problem, correction(case, mender, "x", seen=seen):
        raise AssertionError("not reached")
    assert [r.who_name for r in problem.value.revisions] == ["mender"]


def test_what_follows_from_the_values_is_brought_up_to_date(case, mender):
    with correction(case, mender, "Misread") as locked:
        locked.issues.update(decision="overturned")
    case.refresh_from_db()
    assert case.decision == "overturned"
    assert case.corrected == {"issue-1-decision": "upheld"}


def test_a_value_set_back_to_what_was_read_counts_as_corrected_no_more(case, mender):
    correct(case, mender, priority="Expedited")
    assert case.corrected == {"priority": "Standard"}
    restore_change(Change.objects.get(), mender, "It was right")
    case.refresh_from_db()
    assert case.corrected == {}
    assert [r.origin for r in case.revisions.all()] == ["restore", "correction"]


def test_a_removed_issue_comes_back_with_its_citations_one_by_one(case, mender):
    with correction(case, mender, "Wrongly") as locked:
        locked.issues.all().delete()
    removed = {c.place: c for c in Change.objects.filter(new__isnull=True)}
    with pytest.raises(CannotRestore, match="Restore the row first"):
        restore_change(removed["issue-1-maximus-1"], mender, "x")
    restore_change(removed["issue-1"], mender, "x")
    restore_change(removed["issue-1-maximus-1"], mender, "x")
    issue = case.issues.get()
    assert issue.citations.get().side == "maximus"
    with pytest.raises(CannotRestore, match="already"):
        restore_change(removed["issue-1"], mender, "x")


def test_an_annotated_issue_that_was_added_can_not_be_undone(case, mender):
    with correction(case, mender, "Overlooked") as locked:
        locked.issues.create(position=2, treatment_request="Norco", rationale="Some words.")
    annotated(case.issues.get(position=2), mender)
    with pytest.raises(CannotRestore, match="can’t be removed"):
        restore_change(Change.objects.get(place="issue-2"), mender, "x")


def test_the_name_stays_when_the_account_goes(case, mender):
    correct(case, mender, priority="Expedited")
    mender.delete()
    assert case.revisions.get().who_name == "mender"


# on pages and in files


def test_the_timeline_tells_who_what_and_why(reader, case, mender):
    correct(case, mender, "Seen on page 1", date_assigned="2014-12-03")
    page = reader.get("/cases/CM14-0195168/history/").content.decode()
    for words in ("mender", "Seen on page 1", "Date assigned", "Dec 2, 2014", "Dec 3, 2014"):
        assert words in page
    assert "Restore previous value" not in page, "a lead may look, not correct"


def test_a_value_is_restored_from_the_timeline(client, case, mender):
    correct(case, mender, priority="Expedited")
    client.force_login(mender)
    url = f"/cases/CM14-0195168/history/{Change.objects.get().pk}/restore/"
    assert client.post(url, {"why": ""}).status_code == 422
    assert client.post(url, {"why": "It was right"}).status_code == 302
    case.refresh_from_db()
    assert case.priority == "Standard"


def test_a_value_that_the_case_has_already_is_not_restored_in_silence(client, case, mender):
    correct(case, mender, "one", priority="Expedited")
    change = Change.objects.get()
    restore_change(change, mender, "back")
    client.force_login(mender)
    address = f"/cases/{case.case_number}/history/{change.pk}/restore/"
    response = client.post(address, {"why": "my reason"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "already has this value" in page
    assert 'value="my reason"' in page, "what was typed stays"


def test_a_value_is_not_restored_over_one_that_was_not_seen(client, case, mender):
    correct(case, mender, "one", date_assigned="2014-12-03")
    change = Change.objects.get()
    client.force_login(mender)
    opened = client.get(f"/cases/{case.case_number}/history/").content.decode()
    correct(case, mender, "meanwhile", date_assigned="2014-12-04")

    def restored(page: str):
        version = re.search(r'name="version" value="([^"]+)"', page)[1]
        address = f"/cases/{case.case_number}/history/{change.pk}/restore/"
        response = client.post(address, {"why": "x", "version": version})
        case.refresh_from_db()
        return response

    late = restored(opened)
    assert late.status_code == 422
    assert "changed since you opened" in late.content.decode()
    assert str(case.date_assigned) == "2014-12-04"
    assert restored(late.content.decode()).status_code == 302
    assert str(case.date_assigned) == "2014-12-02"


def test_a_change_of_another_case_is_not_found(client, case, mender):
    correct(case, mender, priority="Expedited")
    client.force_login(mender)
    url = f"/cases/CM99-9999999/history/{Change.objects.get().pk}/restore/"
    assert client.post(url, {"why": "x"}).status_code == 404


def test_corrected_values_are_marked_in_the_list_and_named_in_the_csv(reader, case, mender):
    correct(case, mender, priority="Expedited")
    assert "Corrected: Priority" in reader.get("/cases/").content.decode()
    text = b"".join(reader.get("/cases/export.csv")).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["corrected"] == "Priority"


def test_values_in_the_timeline_are_escaped(reader, case, mender):
    correct(case, mender, "<script>alert(1)</script>", clinical_summary="<img src=x onerror=a()>")
    page = reader.get("/cases/CM14-0195168/history/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subcategory", "opioids"),
        ("body_parts", ["knee"]),
        ("retrospective", True),
        ("in_dispute", "Eight sessions"),
    ],
)
def test_new_fields_are_restored(case, mender, reader, field, value):
    before = getattr(case.issues.get(), field)
    with correction(case, mender, "Misread") as locked:
        locked.issues.update(**{field: value})
    page = reader.get("/cases/CM14-0195168/history/").content.decode()
    words = {"opioids": "Opioids", True: "yes", "Eight sessions": "Eight sessions"}
    assert (words[value] if not isinstance(value, list) else "Knee") in page
    restore_change(Change.objects.get(field=field), mender, "It was right")
    assert getattr(case.issues.get(), field) == before
    case.refresh_from_db()
    assert case.corrected == {}

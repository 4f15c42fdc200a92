import pytest

from cases.models import Case
from tests.factories import stored_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def scan():
    return stored_letter("scan-CM14-0195168")


def fields(**changes):
    return {
        "case_number": "CM14-0195168",
        "priority": "Standard",
        "decision_date": "2015-01-16",
        "specialties": "Occupational Medicine",
        "issues-TOTAL_FORMS": "3",
        "issues-INITIAL_FORMS": "0",
        "issues-0-treatment_request": "Twelve work conditioning sessions",
        "issues-0-decision": "upheld",
        "issues-0-rationale": "Not medically necessary.",
    } | changes


def test_the_form_stands_beside_the_pages(reader, scan):
    assert f"/documents/{scan.pk}/by-hand" in reader.get(scan.get_absolute_url()).content.decode()
    page = reader.get(f"/documents/{scan.pk}/by-hand").content.decode()
    assert f"/documents/{scan.pk}/pages/1.png" in page


def test_a_case_is_typed_in(reader, scan):
    response = reader.post(f"/documents/{scan.pk}/by-hand", fields())
    case = Case.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.decision, case.specialties) == ("upheld", ["Occupational Medicine"])
    issue = case.issues.get()
    assert (issue.category, issue.position) == ("rehabilitation", 1)
    scan.refresh_from_db()
    assert (scan.status, scan.error_message) == ("parsed", "")
    assert scan.events.last().kind == "by_hand"
    assert reader.get(case.get_absolute_url()).status_code == 200
    assert reader.get(scan.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"case_number": "14-0195168"}, "A case number is CM"),
        ({"issues-0-treatment_request": "", "issues-0-decision": "",
          "issues-0-rationale": ""}, "at least one disputed treatment"),
        ({"issues-0-decision": ""}, "This field is required"),
        ({"decision_date": "sometime"}, "Enter a valid date"),
        ({"issues-TOTAL_FORMS": "x"}, "Some fields need correction"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_the_rest_kept(reader, scan, changes, words):
    response = reader.post(f"/documents/{scan.pk}/by-hand", fields(**changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Occupational Medicine" in page
    assert not Case.objects.exists()


def test_a_number_on_file_is_not_taken_twice(reader, scan):
    stored_letter()
    response = reader.post(f"/documents/{scan.pk}/by-hand", fields())
    assert response.status_code == 422
    assert "already exists" in response.content.decode()


def test_what_was_read_is_not_typed_in(reader):
    document = stored_letter()
    assert reader.get(f"/documents/{document.pk}/by-hand").url == document.get_absolute_url()
    reader.post(f"/documents/{document.pk}/by-hand", fields(case_number="CM14-0000001"))
    assert Case.objects.count() == 1


def test_what_is_typed_in_is_coded_by_the_rules(reader, scan):
    request = "Retrospective MRI of the left knee, DOS 1/2/2014"
    reader.post(f"/documents/{scan.pk}/by-hand", fields(**{"issues-0-treatment_request": request}))
    issue = Case.objects.get().issues.get()
    assert (issue.category, issue.subcategory) == ("diagnostics", "imaging")
    assert (issue.body_parts, issue.retrospective) == (["knee"], True)


def test_the_parts_of_a_partial_authorization_are_typed_or_read_of_the_request(reader, scan):
    printed = (
        "Therapy, 12 sessions was the original request. Therapy, 4 sessions was authorized by the"
        " Claims Administrator. The remaining IMR eligible portion of the original request,"
        " Therapy, 8 sessions"
    )
    typed = {
        "issues-0-treatment_request": printed,
        "issues-1-treatment_request": "Norco #60",
        "issues-1-requested": "Norco #60",
        "issues-1-authorized": "Norco #40",
        "issues-1-in_dispute": "Norco #20",
        "issues-1-decision": "upheld",
    }
    reader.post(f"/documents/{scan.pk}/by-hand", fields(**typed))
    first, second = Case.objects.get().issues.order_by("position")
    assert (first.authorized, first.in_dispute) == ("Therapy, 4 sessions", "Therapy, 8 sessions")
    assert (second.authorized, second.subcategory) == ("Norco #40", "opioids")


def test_a_part_alone_is_refused(reader, scan):
    response = reader.post(
        f"/documents/{scan.pk}/by-hand", fields(**{"issues-0-authorized": "Four sessions"})
    )
    assert response.status_code == 422
    assert "has three parts" in response.content.decode()

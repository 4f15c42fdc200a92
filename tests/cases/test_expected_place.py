"""Where a value that was not found would stand in its letter."""

import pytest

from cases.files.expected_place import expected_place
from cases.models import Case
from imrsite.security.roles import Role
from tests.factories import stored_case
from tests.people import person

HEADER = """Case Number: CM14-0195168 Date Assigned: 12/02/2014
Date of Injury: 09/26/2013 Decision Date: 01/16/2015
Priority: Standard Application
Received:
HOW THE IMR FINAL DETERMINATION WAS MADE
CLINICAL CASE SUMMARY
The applicant has a decision date: none."""
PAGES = [(2, HEADER), (3, "IMR ISSUES, DECISIONS AND RATIONALES\nRationale for the Decision:")]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("decision_date", "would stand on page 2, in the header, line 2, beside “Decision Date:”"),
        (
            "application_received",
            "would stand on page 2, in the header, line 3, beside “Application Received:”",
        ),
        ("ur_denial_date", "would stand on page 2, in the header"),
        ("clinical_summary", "would stand on page 2, under “CLINICAL CASE SUMMARY”"),
        ("specialties", "would stand on page 2, under “HOW THE IMR FINAL DETERMINATION WAS MADE”"),
        ("rationale", "would stand on page 3, under “Rationale for the Decision:”"),
        ("requested", "would stand on page 3, under “IMR ISSUES, DECISIONS AND RATIONALES”"),
        ("maximus_guideline", "would stand on page 2, under the request"),
    ],
)
def test_the_place_of_a_missing_value(field, words):
    assert str(expected_place(field, PAGES)) == words


def test_what_no_letter_gives_has_no_place():
    assert expected_place("category", PAGES) is None
    assert expected_place("decision_date", []) is None


@pytest.mark.django_db
def test_the_correction_page_says_where_a_missing_value_would_stand(client):
    case = stored_case()
    provenance = case.provenance | {"priority": {"status": "missing", "spans": []}}
    Case.objects.filter(pk=case.pk).update(priority="", provenance=provenance)
    client.force_login(person(Role.CORRECTOR))
    page = client.get(f"/admin/cases/case/{case.pk}/change/").content.decode()
    assert page.count("where it would stand") >= 1
    shown = client.get(f"/admin/cases/case/{case.pk}/change/?show=priority").content.decode()
    assert "Not found in this letter. It would stand on page 1, in the header, line 4" in shown
    assert "beside “Priority:”" in shown
    found = client.get(f"/admin/cases/case/{case.pk}/change/?show=decision_date").content.decode()
    assert "Not found in this letter" not in found


@pytest.mark.django_db
def test_what_letters_of_a_format_never_give_is_looked_for_nowhere(client):
    case = stored_case()
    Case.objects.filter(pk=case.pk).update(priority="", provenance={}, format="notice-2013")
    client.force_login(person(Role.CORRECTOR))
    shown = client.get(f"/admin/cases/case/{case.pk}/change/?show=priority").content.decode()
    assert "Not found in this letter" not in shown
    assert 'href="?show=priority"' not in shown
    assert 'href="?show=date_of_injury"' in shown

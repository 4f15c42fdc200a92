"""Whatever was filled in stands in the form again after a mistake."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import SavedView
from imrsite.security.roles import Role
from reviews.models import Review
from tests.factories import stored_case, stored_letter
from tests.forms import form_data
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


def page_of(response, status=422):
    assert response.status_code == status
    return response.content.decode()


def test_a_view_without_a_name_keeps_its_query_and_sharing(reader):
    sent = {"list": "cases", "name": " ", "query": "decision=upheld", "shared": "on"}
    page = page_of(reader.post("/views/", sent))
    assert "Enter a name for the view." in page
    assert "decision=upheld</textarea>" in page
    assert 'name="shared" checked' in page


def test_a_view_whose_name_is_too_long_keeps_it(reader):
    sent = {"list": "cases", "name": "x" * 81, "query": ""}
    assert "x" * 81 in page_of(reader.post("/views/", sent))


def test_an_edited_view_with_a_mistake_keeps_what_was_typed(reader):
    for name in ("One", "Two"):
        SavedView.objects.create(owner=reader.user, list="cases", name=name)
    view = SavedView.objects.get(name="Two")
    sent = {"name": "One", "query": "priority=Expedited", "shared": "on"}
    page = page_of(reader.post(f"/views/{view.pk}/edit/", sent))
    assert 'value="One"' in page
    assert "priority=Expedited</textarea>" in page
    assert 'name="shared" checked' in page
    assert "Edit the view “Two”" in page, "it is still called so"


@pytest.mark.parametrize(
    "path",
    [
        "/cases/?decision_date_after=yesterday",
        "/issues/?decision_date_after=yesterday",
        "/audit/?since=yesterday",
    ],
)
def test_a_filter_that_can_t_be_applied_stays_in_its_field(reader, case, path):
    assert "yesterday" in page_of(reader.get(path))


def test_a_request_with_a_category_that_is_none_stays_in_its_field(reader):
    page = page_of(reader.get("/precedents/", {"request": "kept words", "category": "none"}))
    assert "kept words</textarea>" in page


def test_an_invitation_with_a_mistake_stays(reader):
    sent = {"username": "no spaces allowed", "email": "a@example.org", "role": "lead"}
    page = page_of(reader.post("/people/", sent))
    assert 'value="no spaces allowed"' in page
    assert 'value="a@example.org"' in page
    assert 'value="lead" selected' in page


def test_a_label_with_a_mistake_stays(reader):
    sent = {"name": "Kept name", "colour": "no colour", "meaning": "Kept meaning"}
    page = page_of(reader.post("/labels/new/", sent))
    assert 'value="Kept name"' in page
    assert "Kept meaning" in page


def test_reviews_to_assign_stay_chosen(reader, case):
    review = Review.objects.get(case=case)
    page = page_of(reader.post("/reviews/assign/", {"reviews": review.pk}))
    assert f'name="reviews" value="{review.pk}"' in page


def test_a_name_at_sign_in_stays(client):
    sent = {"username": "somebody", "password": "wrong"}
    assert 'value="somebody"' in page_of(client.post("/login/", sent), 200)


def test_a_case_typed_in_with_a_mistake_stays(reader):
    scan = stored_letter("scan-CM14-0195168")
    sent = {
        "case_number": "no number",
        "specialties": "Kept, Specialty",
        "clinical_summary": "Kept summary.",
        "issues-TOTAL_FORMS": "3",
        "issues-INITIAL_FORMS": "0",
        "issues-0-treatment_request": "Kept request",
        "issues-0-decision": "upheld",
        "issues-2-rationale": "Kept rationale",
    }
    page = page_of(reader.post(f"/documents/{scan.pk}/by-hand", sent))
    for words in ("no number", "Kept, Specialty", "Kept summary.", "Kept request"):
        assert words in page
    assert 'value="upheld" selected' in page
    assert "Kept rationale" in page


@pytest.fixture
def corrector(client):
    client.force_login(person(Role.CORRECTOR, "mender"))
    return client


def test_a_correction_with_a_mistake_stays(corrector, case):
    url = f"/admin/cases/case/{case.pk}/change/"
    data = form_data(corrector.get(url).content.decode(), "correct")
    flag = case.flags.first()
    data |= {
        "case-decision_date": "never",
        "case-clinical_summary": "Kept summary.",
        "issues-0-rationale": "Kept rationale.",
        "issues-0-citations-0-pages": "not pages",
        "settled": str(flag.pk),
        "why": "Kept reason",
        "then": "stay",
    }
    again = form_data(page_of(corrector.post(url, data)), "correct")
    kept = {name: again[name] for name in data if name in again and "initial" not in name}
    changed = {n: (v, data[n]) for n, v in kept.items() if v != data[n]}
    assert {name for name in changed if "csrf" not in name} == set()
    assert again["settled"] == str(flag.pk)


def test_an_import_without_a_reason_keeps_the_plan(corrector, case):
    text = "case_number,priority\r\nCM14-0195168,Expedited\r\n"
    file = SimpleUploadedFile("cases.csv", text.encode(), "text/csv")
    page = page_of(corrector.post("/admin/cases/case/import/", {"file": file}), 200)
    plan = page[page.index('name="plan" value="') + 19 :].split('"')[0]
    page = page_of(corrector.post("/admin/cases/case/import/", {"plan": plan, "why": " "}))
    assert "Enter a reason." in page
    assert f'name="plan" value="{plan}"' in page
    assert "priority “Expedited”" in page


def test_a_renaming_without_a_reason_keeps_both_names(corrector, case):
    sent = {
        "from_source": "ODG",
        "from_guideline": "Official Disability Guidelines",
        "to_source": "MTUS",
        "to_guideline": "Another guideline",
    }
    page = page_of(corrector.post("/admin/cases/case/guideline-names/", sent))
    assert 'value="Another guideline"' in page
    assert 'value="Official Disability Guidelines"' in page

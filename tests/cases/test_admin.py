import datetime as dt

import pytest

from tests.factories import stored_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


def form_of(response):
    """The page's form as a browser would send it back."""
    data = {}
    admin_form = response.context["adminform"].form
    forms = [admin_form] + [
        form
        for formset in response.context["inline_admin_formsets"]
        for form in [formset.formset.management_form, *formset.formset.forms]
    ]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                shown = field.field.prepare_value(value)
                data[field.html_name] = shown.isoformat() if hasattr(shown, "isoformat") else shown
    return data


def test_a_corrected_date_shows_on_the_case_page(admin_client, case):
    url = f"/admin/cases/case/{case.pk}/change/"
    data = form_of(admin_client.get(url)) | {"ur_denial_date": "2014-11-07"}
    response = admin_client.post(url, data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    case.refresh_from_db()
    assert case.ur_denial_date == dt.date(2014, 11, 7)
    assert "7 Nov 2014" in admin_client.get(case.get_absolute_url()).content.decode()
    assert "2014-11-08" in admin_client.get(url).content.decode()  # what was read stays in sight


def test_a_corrected_decision_changes_the_case(admin_client, case):
    issue = case.issues.get()
    url = f"/admin/cases/issue/{issue.pk}/change/"
    response = admin_client.post(url, form_of(admin_client.get(url)) | {"decision": "overturned"})
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.decision == "overturned"


def test_pages_are_written_as_people_write_them(admin_client, case):
    issue = case.issues.get()
    url = f"/admin/cases/issue/{issue.pk}/change/"
    data = form_of(admin_client.get(url))
    name = next(n for n, v in data.items() if n.endswith("-pages") and v == "125-126")
    response = admin_client.post(url, data | {name: "126-125"})
    assert "ends before it begins" in response.content.decode()
    admin_client.post(url, data | {name: "7, 9-10"})
    assert [[7, 7], [9, 10]] in [c.pages for c in issue.citations.all()]


@pytest.mark.parametrize("model", ["case", "issue", "document", "reading"])
def test_each_list_opens_and_searches(admin_client, case, model):
    assert admin_client.get(f"/admin/cases/{model}/?q=CM14").status_code == 200
    assert admin_client.get("/admin/reviews/annotation/?q=x").status_code == 200

"""Deleting in the admin is refused by permission, and not offered where it is refused."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from imrsite.security.roles import Role
from reviews.models import Label
from tests.factories import annotated, stored_case
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return stored_case()


def delete_page(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])


@pytest.mark.parametrize(
    "model", ["case", "document", "reading", "issue", "revision", "label", "annotation", "user"]
)
def test_no_list_offers_to_delete_several(admin_client, case, model):
    annotated(case.issues.get(), person(Role.REVIEWER, "ana"))
    apps = {"label": "reviews", "annotation": "reviews", "user": "auth"}
    url = reverse(f"admin:{apps.get(model, 'cases')}_{model}_changelist")
    assert "delete_selected" not in admin_client.get(url).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}
    admin_client.post(url, chosen)
    assert get_user_model().objects.filter(username="ana").exists()
    assert Label.objects.filter(pk=1).exists()


def test_what_letters_brought_is_deleted_by_nobody(admin_client, case):
    for row in (case, case.document, case.reading):
        assert admin_client.post(delete_page(row), {"post": "yes"}).status_code == 403


def test_a_label_is_deleted_until_it_is_used(admin_client, case):
    used, unused = Label.objects.all()[:2]
    note = annotated(case.issues.get(), person(Role.REVIEWER, "ana"))
    type(note).objects.filter(pk=note.pk).update(label=used)
    assert admin_client.post(delete_page(used), {"post": "yes"}).status_code == 403
    assert admin_client.post(delete_page(unused), {"post": "yes"}).status_code == 302
    assert list(Label.objects.filter(pk__in=[used.pk, unused.pk])) == [used]


def test_an_account_is_deleted_until_it_wrote_something(admin_client, case):
    ana, ben = person(Role.REVIEWER, "ana"), person(Role.REVIEWER, "ben")
    annotated(case.issues.get(), ana)
    assert admin_client.post(delete_page(ana), {"post": "yes"}).status_code == 403
    assert admin_client.post(delete_page(ben), {"post": "yes"}).status_code == 302

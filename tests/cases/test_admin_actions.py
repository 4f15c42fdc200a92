"""The actions of the admin's lists."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages

from cases.models import Document
from imrsite.security.roles import Role
from tests.factories import stored_case, stored_letter
from tests.people import person

pytestmark = pytest.mark.django_db
WAITING = (Document.Status.RECEIVED, Document.Status.QUEUED)


@pytest.fixture
def corrector(client, db):
    client.user = person(Role.CORRECTOR, "corrector")
    client.force_login(client.user)
    return client


def parse_again(client, model, *rows):
    fields = {"action": "parse_again", "_selected_action": [row.pk for row in rows]}
    response = client.post(f"/admin/cases/{model}/", fields)
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_documents_are_parsed_again(corrector):
    documents = [stored_letter(), stored_letter("facsimile-003-final-2014")]
    assert parse_again(corrector, "document", *documents) == ["2 documents will be parsed again."]
    for document in documents:
        document.refresh_from_db()
        assert document.status in WAITING
        assert document.events.get(kind="reparsed").by == corrector.user


def test_the_documents_of_cases_are_parsed_again(corrector):
    case = stored_case()
    other = stored_case("facsimile-003-final-2014")
    assert parse_again(corrector, "case", case) == ["1 document will be parsed again."]
    assert Document.objects.get(pk=case.document_id).status in WAITING
    assert Document.objects.get(pk=other.document_id).status == Document.Status.PARSED


def test_one_that_is_being_read_is_left_alone(corrector):
    document = stored_letter()
    Document.objects.update(status=Document.Status.READING)
    assert parse_again(corrector, "document", document) == ["0 documents will be parsed again."]
    document.refresh_from_db()
    assert document.status == Document.Status.READING


@pytest.mark.parametrize("model", ["case", "document"])
def test_who_may_only_look_has_nothing_parsed(client, model):
    row = stored_case() if model == "case" else stored_letter()
    looker = person(None, "looker")
    names = ("enter_admin", "view_case", "view_document")
    looker.user_permissions.set(Permission.objects.filter(codename__in=names))
    looker.is_staff = True
    looker.save()
    client.force_login(looker)
    [message] = parse_again(client, model, row)
    assert "Your role" in message
    assert Document.objects.get().status == Document.Status.PARSED

"""Who may put an annotation on other words."""

import pytest

from imrsite.security.roles import Role
from reviews.models import Annotation, Edit
from tests.people import person

pytestmark = pytest.mark.django_db


def place(client, note, user, **headers):
    client.force_login(user)
    return client.post(f"/annotations/{note.pk}/place/", {"quote": "functional"}, headers=headers)


@pytest.fixture
def unplaced(note):
    Annotation.objects.filter(pk=note.pk).update(start=None, end=None, quote="its former words")
    note.refresh_from_db()
    return note


def test_a_colleague_s_annotation_stays_on_its_words(client, note, ben):
    assert place(client, note, ben).status_code == 403
    assert client.get(f"/annotations/{note.pk}/place/").status_code == 403
    note.refresh_from_db()
    assert note.quote == "cardinal criteria"


def test_its_author_and_a_lead_may_move_it(client, note, ana):
    for user, word in ((ana, "improvement"), (person(Role.LEAD, "lea"), "criteria")):
        client.force_login(user)
        sent = {"quote": word, "start": note.issue.rationale.index(word)}
        assert client.post(f"/annotations/{note.pk}/place/", sent).status_code == 302
        note.refresh_from_db()
        assert note.quote == word


def test_who_annotates_may_place_one_that_lost_its_words(client, unplaced, ben):
    client.force_login(ben)
    client.post(f"/annotations/{unplaced.pk}/place/", {"quote": "cardinal criteria"})
    unplaced.refresh_from_db()
    assert (unplaced.quote, unplaced.is_placed) == ("cardinal criteria", True)
    assert (Edit.objects.get().editor, Edit.objects.get().what) == (ben, "placed")
    assert place(client, unplaced, ben).status_code == 403, "it is placed now"


def test_a_proposal_that_does_not_hold_any_more_leads_to_the_page_for_choosing(
    client, unplaced, ben
):
    client.force_login(ben)
    sent = {"quote": "not in this text", "start": 3}
    url = f"/annotations/{unplaced.pk}/place/"
    response = client.post(url, sent, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == url

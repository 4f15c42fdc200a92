import pytest

from imrsite.security.roles import Role
from reviews.models import Label
from tests.people import person

pytestmark = pytest.mark.django_db
NEW = {"name": "Cost", "meaning": "Speaks of cost.", "colour": "#123456", "shortcut": "9"}


def test_a_useful_taxonomy_is_there_from_the_start(db):
    assert Label.objects.filter(retired=False).count() == 8
    assert [label.shortcut for label in Label.objects.all()] == list("12345678")


def test_a_lead_adds_one(reader):
    reader.post("/labels/new/", NEW | {"position": 90})
    assert Label.objects.get(slug="cost").colour == "#123456"
    assert ".label-cost { --label: #123456; }" in reader.get("/labels.css").content.decode()


def test_renaming_keeps_the_slug(reader):
    label = Label.objects.get(slug="follow-up")
    reader.post("/labels/follow-up/", NEW | {"name": "Look again", "position": 80})
    label.refresh_from_db()
    assert (label.name, label.slug) == ("Look again", "follow-up")


def test_two_labels_of_one_key_are_refused(reader):
    response = reader.post("/labels/new/", NEW | {"shortcut": "1", "position": 90})
    assert response.status_code == 422
    assert "Another label has this shortcut." in response.content.decode()


def test_a_retired_one_gives_its_key_away_and_is_not_offered(reader, issue):
    reader.post("/labels/follow-up/", NEW | {"shortcut": "8", "position": 1, "retired": "on"})
    assert reader.post("/labels/new/", NEW | {"name": "B", "shortcut": "8", "position": 2}).url
    assert 'value="follow-up"' not in reader.get("/cases/CM14-0195168/").content.decode()


def test_reviewers_read_them_only(client):
    client.force_login(person(Role.REVIEWER))
    assert client.get("/labels/").status_code == 200
    assert client.post("/labels/new/", NEW).status_code == 403

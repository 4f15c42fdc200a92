import re

import pytest

from imrsite.security.roles import Role
from reviews.models import Mention, Reply
from tests.people import person

pytestmark = pytest.mark.django_db


def test_a_reply_stands_in_its_thread(reader, note):
    reader.post(f"/annotations/{note.pk}/replies/", {"comment": "Page 125."})
    reply = Reply.objects.get()
    assert (reply.author, reply.comment) == (reader.user, "Page 125.")
    assert "Page 125." in reader.get("/cases/CM14-0195168/").content.decode()


def test_an_empty_reply_is_none(reader, note):
    response = reader.post(f"/annotations/{note.pk}/replies/", {"comment": "  "})
    assert response.status_code == 422
    assert not Reply.objects.exists()


def test_a_mentioned_colleague_is_told_once(reader, note, ben):
    url = f"/annotations/{note.pk}/replies/"
    reader.post(url, {"comment": "@ben, look. And @nobody-here, @ben."})
    assert [mention.user for mention in Mention.objects.all()] == [ben]


def test_an_address_is_no_mention(reader, note, ben):
    reader.post(f"/annotations/{note.pk}/replies/", {"comment": "Write to office@ben or ana@ben."})
    assert not Mention.objects.exists()


def test_a_name_begun_offers_the_colleagues_it_may_mean(reader, ana, ben):
    ben.last_name = "Anders"
    ben.save()
    person(Role.REVIEWER, "christine")
    page = reader.get("/mentions/names/?q=AN").content.decode()
    assert re.findall(r'data-value="(.*?)"', page) == ["@ana", "@ben"]
    assert "Anders" in page


def test_nobody_is_offered_who_can_not_be_told(reader, ana, ben):
    ana.is_active = False
    ana.save()
    page = reader.get("/mentions/names/?q=").content.decode()
    assert re.findall(r'data-value="(.*?)"', page) == ["@ben"], "neither oneself nor who has left"


def test_who_follows_a_mention_has_seen_it(client, note, ben, reader):
    reader.post(f"/annotations/{note.pk}/replies/", {"comment": "@ben?"})
    mention = Mention.objects.get()
    client.force_login(ben)
    client.get(f"/mentions/{mention.pk}/")
    mention.refresh_from_db()
    assert not mention.seen_at, "a link that was only fetched was not read"
    response = client.post(f"/mentions/{mention.pk}/")
    assert response.url.endswith(f"#note-{note.pk}")
    mention.refresh_from_db()
    assert mention.seen_at


def test_nobody_follows_the_mention_of_another(client, note, ben, ana, reader):
    reader.post(f"/annotations/{note.pk}/replies/", {"comment": "@ben?"})
    client.force_login(ana)
    assert client.get(f"/mentions/{Mention.objects.get().pk}/").status_code == 404


def test_a_reply_is_its_authors(client, note, ben, reader):
    reply = Reply.objects.create(annotation=note, author=note.author, comment="Mine")
    client.force_login(ben)
    assert client.post(f"/replies/{reply.pk}/edit/", {"comment": "Yours"}).status_code == 403
    assert client.post(f"/replies/{reply.pk}/delete/").status_code == 403


def test_two_saves_of_a_reply_overwrite_nothing(client, note):
    reply = Reply.objects.create(annotation=note, author=note.author, comment="Mine")
    client.force_login(note.author)
    client.post(f"/replies/{reply.pk}/edit/", {"comment": "First", "version": 1})
    response = client.post(f"/replies/{reply.pk}/edit/", {"comment": "Second", "version": 1})
    assert response.status_code == 409
    assert "First" in response.content.decode()
    reply.refresh_from_db()
    assert reply.comment == "First"


def test_deleting_a_reply_can_be_undone(client, note):
    reply = Reply.objects.create(annotation=note, author=note.author, comment="Mine")
    client.force_login(note.author)
    htmx = {"HX-Request": "true"}
    page = client.post(f"/replies/{reply.pk}/delete/", headers=htmx).content.decode()
    assert f"/replies/{reply.pk}/restore/" in page
    client.post(f"/replies/{reply.pk}/restore/")
    assert Reply.objects.live().get() == reply

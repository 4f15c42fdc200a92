import pytest

from reviews.models import Annotation
from tests.factories import stored_case
from tests.people import person

pytestmark = pytest.mark.django_db
URL = "/cases/CM14-0195168/issues/1/annotations/"


@pytest.fixture
def issue(db):
    return stored_case().issues.get()


def test_selected_words_are_stored_with_their_context(reader, issue):
    start = issue.rationale.index("cardinal criteria")
    response = reader.post(
        URL, {"quote": "cardinal criteria", "start": start, "comment": "Which page?"}
    )
    assert response.url == "/cases/CM14-0195168/#issue-1"
    note = Annotation.objects.get()
    assert issue.rationale[note.start : note.end] == note.quote == "cardinal criteria"
    assert note.prefix.endswith("one of the ")
    page = reader.get("/cases/CM14-0195168/").content.decode()
    assert f'<mark data-notes="{note.pk}">cardinal criteria</mark>' in page


def test_typed_words_are_found(reader, issue):
    reader.post(URL, {"quote": "cardinal criteria", "comment": "Typed"})
    assert Annotation.objects.get().start == issue.rationale.index("cardinal criteria")


def test_words_that_stand_twice_are_asked_about(reader, issue):
    response = reader.post(URL, {"quote": "work conditioning", "comment": "Keep me"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "more than once" in page
    assert "Keep me" in page
    assert page.count('type="radio"') == issue.rationale.count("work conditioning")


def test_words_that_moved_are_refused_and_the_comment_is_kept(reader, issue):
    response = reader.post(URL, {"quote": "cardinal", "start": 3, "comment": "Keep me"})
    assert response.status_code == 422
    assert "Keep me" in response.content.decode()
    assert not Annotation.objects.exists()


def test_an_emoji_before_the_words_does_not_shift_them(reader, issue):
    issue.rationale = "👩‍⚕️ e\u0301valué: the words."
    issue.save()
    start = issue.rationale.index("words")
    reader.post(URL, {"quote": "words", "start": start, "comment": "Here"})
    assert Annotation.objects.get().quote == "words"


def test_only_its_author_edits_and_deletes(reader, issue):
    other = person("reviewer", "other")
    note = Annotation.objects.create(
        case=issue.case, issue=issue, start=0, end=2, quote="As", comment="Mine", author=other
    )
    for path in ("edit", "delete"):
        url = f"/annotations/{note.pk}/{path}/"
        assert reader.post(url, {"comment": "Yours"}).status_code == 403
    reader.force_login(other)
    reader.post(f"/annotations/{note.pk}/edit/", {"comment": "Better"})
    note.refresh_from_db()
    assert note.comment == "Better"
    reader.post(f"/annotations/{note.pk}/delete/")
    assert not Annotation.objects.exists()

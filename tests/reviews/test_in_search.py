import pytest

from cases.models import Issue
from reviews.annotating import annotate
from tests.factories import annotated

pytestmark = pytest.mark.django_db


def found(reader, url, query):
    return reader.get(url, query).context["listing"].count


def test_comments_are_found_as_they_are_now(reader, issue, ana):
    assert found(reader, "/cases/", {"annotated": "true"}) == 0
    note = annotated(issue, ana, "Which platypus?")
    for url in ("/cases/", "/issues/"):
        assert found(reader, url, {"q": "annotation:platypus"}) == 1
        assert found(reader, url, {"q": "platypus annotated:true"}) == 1
        assert found(reader, url, {"annotated": "true"}) == 1
        assert found(reader, url, {"annotated": "false"}) == Issue.objects.count() - 1
    note.refresh_from_db()
    annotate.edit_annotation(note, ana, version=note.version, comment="Which wombat?")
    assert found(reader, "/cases/", {"q": "platypus"}) == 0
    assert found(reader, "/cases/", {"q": "wombat"}) == 1
    annotate.delete_comment(note, ana)
    assert found(reader, "/cases/", {"q": "wombat"}) == 0
    assert found(reader, "/issues/", {"annotated": "true"}) == 0

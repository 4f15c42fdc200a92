"""Documents are found by the words of their files' names."""

import pytest
from django.http import QueryDict

from cases.lists.definition import LISTS, listing
from cases.models import Document
from cases.search.documents import index_missing_documents
from cases.search.full_text import DOCUMENTS

pytestmark = pytest.mark.django_db
NAMES = ("CM15-0021754.pdf", "ScanSmith20150116.pdf", "Müller (final) 2.PDF")


@pytest.fixture(autouse=True)
def on_file():
    for number, name in enumerate(NAMES):
        Document.objects.create(sha256=f"{number:064x}", name=name, size=1)


def found(query):
    return [document.name for document in listing(QueryDict(query), LISTS["documents"]).rows]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("CM15-0021754", NAMES[:1]),
        ("cm15-002", NAMES[:1]),
        ("smith", NAMES[1:2]),
        ("20150116", NAMES[1:2]),
        ("muller FINAL", NAMES[2:]),
        ("pdf", NAMES[::-1]),
        ("elsewhere", ()),
    ],
)
def test_names_are_found_by_their_words(words, expected):
    assert found(f"q={words}") == list(expected)


def test_those_from_before_the_index_are_indexed():
    first = Document.objects.earliest("pk")
    DOCUMENTS.delete([first.pk])
    assert list(DOCUMENTS.lacking(5)) == [[first.pk]]
    index_missing_documents()
    assert list(DOCUMENTS.lacking(5)) == []
    assert found("q=cm15") == [first.name]


def test_a_deleted_document_is_found_no_more():
    key = Document.objects.earliest("pk").pk
    Document.objects.get(pk=key).delete()
    assert len(DOCUMENTS.keys_with("name", ["pdf"], prefix=False)) == len(NAMES) - 1
    assert key not in DOCUMENTS.keys_with("name", ["pdf"], prefix=False)

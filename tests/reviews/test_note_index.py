"""Lists of annotations are searched and sorted by what they say now."""

import pytest
from django.http import QueryDict

from cases.corrections.refresh import refresh_case
from cases.lists.definition import LISTS, listing
from reviews.annotating import annotate, threads
from reviews.annotating.note_index import ANNOTATIONS, index_missing_notes
from reviews.models import Annotation, Label

pytestmark = pytest.mark.django_db


def found(query):
    return [note.comment for note in listing(QueryDict(query), LISTS["annotations"]).rows]


@pytest.mark.parametrize(
    "query",
    [
        "quote:cardinal",
        "comment:which",
        'comment:"which page"',
        "target:rationale -resolved:true",
        "card*",
        "reply:wombat",
    ],
)
def test_the_search_line_knows_its_fields(note, ana, query):
    threads.create_reply(note, ana, "A wombat")
    assert found(f"q={query}") == ["Which page?"]
    assert found("q=quote:wombat") == []


def test_a_change_is_found(note, ana):
    annotate.edit_annotation(note, ana, version=note.version, comment="Which platypus?")
    assert found("q=platypus") == ["Which platypus?"]
    annotate.resolve_thread(note, ana, resolved=True)
    assert found("q=resolved:true") == ["Which platypus?"]
    annotate.delete_comment(note, ana)
    assert found("q=platypus") == []
    assert found("q=platypus&deleted=true") == ["Which platypus?"]


def test_a_case_of_another_number_is_found_by_it(note):
    case = note.case
    case.case_number = "CM19-1234567"
    case.save()
    refresh_case(case)
    assert found("case_number=CM19-1234567") == ["Which page?"]
    assert Annotation.objects.get().case_number == "CM19-1234567"


def test_sort_keys_follow_the_author_and_the_label(note, ana):
    label = Label.objects.first()
    annotate.edit_annotation(note, ana, version=note.version, comment="Which page?", label=label)
    ana.username = "anna"
    ana.save()
    label.position = 77
    label.save()
    row = Annotation.objects.get()
    assert (row.author_name, row.label_position) == ("anna", 77)
    assert found("author=anna&order=-label") == ["Which page?"]


def test_annotations_from_before_the_index_are_indexed(note):
    ANNOTATIONS.delete([note.pk])
    Annotation.objects.update(author_name="", case_number="")
    assert found("q=page") == []
    index_missing_notes()
    assert found("q=page") == ["Which page?"]
    assert Annotation.objects.get().case_number == note.case.case_number
    key = note.pk
    note.delete()
    assert key not in ANNOTATIONS.keys_with("comment", ["page"], prefix=False)

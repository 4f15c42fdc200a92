"""Rows inserted in bulk are as rows saved one by one."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import Case, Citation, Document, Issue
from cases.models.bulk_insert import assign_keys, insert_rows
from tests.factories import stored_case

pytestmark = pytest.mark.django_db


def documents(count: int) -> list[Document]:
    return [Document(sha256=f"{n:064x}", name=f"{n}.pdf", size=n) for n in range(1, count + 1)]


def test_they_get_keys_and_times_and_can_be_read_back():
    made = documents(3)
    insert_rows(made)
    assert [Document.objects.get(pk=one.pk).name for one in made] == ["1.pdf", "2.pdf", "3.pdf"]
    assert all(one.received_at.tzinfo for one in Document.objects.all())
    assert Document.objects.get(pk=made[0].pk).received_at == made[0].received_at


def test_rows_saved_afterwards_take_other_keys():
    made = documents(2)
    insert_rows(made)
    later = Document.objects.create(sha256="f" * 64, name="later.pdf", size=1)
    assert later.pk not in {one.pk for one in made}


def test_every_kind_of_field_is_as_if_saved():
    saved = stored_case()
    copy = Case.objects.get(pk=saved.pk)
    copy.pk, copy.case_number, copy.reading = None, "CM15-0000001", None
    insert_rows([copy])
    kept = Case.objects.get(pk=copy.pk)
    for field in Case._meta.concrete_fields:
        if field.name not in ("id", "case_number", "reading", "created_at", "updated_at"):
            assert getattr(kept, field.name) == getattr(saved, field.name), field.name
    assert kept.decision_date == dt.date(2015, 1, 16)
    assert Case.objects.filter(decision_date=kept.decision_date).count() == 2


def test_nothing_is_no_work(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows([])


def test_rows_may_point_to_rows_that_got_their_keys_meanwhile():
    case = stored_case()
    made = [Issue(case=case, position=9, treatment_request="Norco")]
    cited = [Citation(issue=made[0], side="claims", position=1, source="ODG", guideline="Knee")]
    insert_rows(made)
    insert_rows(cited)
    assert Citation.objects.get(pk=cited[0].pk).issue == Issue.objects.get(position=9)


def test_keys_can_be_given_out_before():
    made = documents(2)
    assign_keys(made)
    keys = [one.pk for one in made]
    insert_rows(made)
    assert keys == [one.pk for one in made] == sorted(Document.objects.values_list("pk", flat=True))

"""A disk or database that is full or locked while a letter is read costs time, not the letter."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from cases.intake import pipeline, sweeper
from cases.models import Document
from tests.factories import LETTERS, InProcess

pytestmark = pytest.mark.django_db
FULL = OSError(errno.ENOSPC, "No space left on device")
LOCKED = OperationalError("database is locked")


@pytest.mark.parametrize("shortage", [FULL, LOCKED])
def test_a_letter_that_could_not_be_stored_for_lack_of_room_is_read_again(monkeypatch, shortage):
    def fails(*_: object) -> None:
        raise shortage

    letter = (LETTERS / "CM14-0195168.pdf").read_bytes()
    document = pipeline.receive_file([letter], "a.pdf").document
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "store_reading", fails)
        pipeline.read_document(document.pk, InProcess())
    document.refresh_from_db()
    assert document.status == Document.Status.READING, "until its lease ends"

    past = timezone.now() - timedelta(seconds=1)
    Document.objects.filter(pk=document.pk).update(lease_until=past)
    sweeper.sweep()
    pipeline.read_document(document.pk, InProcess())
    document.refresh_from_db()
    assert document.status == Document.Status.PARSED
    assert document.cases.count() == 1


def test_a_fault_of_the_program_still_ends_it_with_a_reason(monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    letter = (LETTERS / "CM14-0195168.pdf").read_bytes()
    document = pipeline.receive_file([letter], "a.pdf").document
    monkeypatch.setattr(pipeline, "store_reading", fails)
    pipeline.read_document(document.pk, InProcess())
    document.refresh_from_db()
    assert document.status == Document.Status.FAILED

"""Who uploaded files of which some failed hears of it once all have ended."""

from __future__ import annotations

import pytest

from cases.intake import pipeline
from cases.intake.archives import Source
from cases.intake.batches import add_file, cancel_batch, start_batch
from cases.models import Batch
from reviews.alerts import rounds
from reviews.alerts.choices import How, Kind, save_choices
from tests.factories import LETTERS, InProcess
from tests.reviews.alerts.conftest import with_address
from tests.reviews.alerts.test_mail import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def omar(db):
    one = with_address("uploader", "omar")
    save_choices(one, {Kind.BATCH: How.NOW}, 8)
    return one


def upload(person, *names):
    batch = start_batch(Batch.Origin.UPLOAD, person, files=len(names))
    for name in names:
        path = LETTERS / name
        content = path.read_bytes() if path.exists() else b"words that are no letter"
        add_file(batch, Source(name, [content]))
    return batch


def read_all(batch):
    for line in batch.lines.exclude(document=None):
        pipeline.read_document(line.document_id, InProcess())


def look_and_send():
    rounds.look()
    return rounds.send()


def test_once_all_have_ended_and_once_only(inbox, omar):
    batch = upload(omar, "CM14-0195168.pdf", "secret-name.pdf", "notes.txt")
    assert look_and_send() == 0
    read_all(batch)
    assert look_and_send() == 1
    text = text_of(inbox.messages[0])
    assert "2 of 3 files of your upload of" in text
    assert f"https://imr.example.org/batches/{batch.pk}/" in text
    assert "secret-name" not in inbox.messages[0].as_string()
    assert look_and_send() == 0


def test_without_failures_nothing_is_told(inbox, omar):
    read_all(upload(omar, "CM14-0195168.pdf"))
    assert look_and_send() == 0


def test_what_was_canceled_is_known(inbox, omar):
    batch = upload(omar, "notes.txt")
    cancel_batch(batch, omar)
    assert look_and_send() == 0


def test_a_command_has_nobody_to_tell(inbox, omar):
    batch = start_batch(Batch.Origin.COMMAND)
    add_file(batch, Source("notes.txt", [b"words"]))
    assert look_and_send() == 0

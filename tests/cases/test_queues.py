"""Which queue a document's messages go to, also when they are sent again."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.conf import settings
from django.utils import timezone

from cases.intake import batches, messages, ocr, pipeline, sweeper
from cases.intake.archives import Source
from cases.intake.messages import BULK_FILES, Queue, Task
from cases.models import Batch, Document
from tests.cases.test_batches import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def sent(monkeypatch):
    """Queue and priority of each message, by the key of its row."""
    found = {}

    def send(name, args, *, queue, priority, **_):
        found[args[0]] = (str(queue), priority)

    monkeypatch.setattr(messages.current_app, "send_task", send)
    return found


def add(batch, *names):
    return [batches.add_file(batch, Source(f"{n}.pdf", [pdf(n)])).document_id for n in names]


def test_what_a_person_uploads_goes_to_the_letters(sent, on_commit):
    with on_commit(execute=True):
        keys = add(batches.start_batch(Batch.Origin.UPLOAD), "a", "b")
    assert sent == dict.fromkeys(keys, (Queue.LETTERS, 0))


@pytest.mark.parametrize(
    ("origin", "files"), [("command", 1), ("watch", 1), ("upload", BULK_FILES + 1)]
)
def test_loads_go_to_the_bulk_queue(sent, on_commit, origin, files):
    with on_commit(execute=True):
        keys = add(batches.start_batch(origin, files=files), "a")
    assert sent == {keys[0]: (Queue.BULK, 0)}


def test_as_many_as_a_person_may_upload_are_no_bulk_load():
    assert not messages.is_bulk_load(Batch.Origin.UPLOAD, BULK_FILES)


def test_files_sent_one_by_one_are_a_load_too(sent, on_commit, reader):
    """As a program does by the API. An archive of the same person counts for nothing."""
    for n in range(BULK_FILES):
        document = {"sha256": f"{n:064x}", "name": "x", "size": 1, "uploader": reader.user}
        Document.objects.create(**document, bulk=True)
    assert not batches.start_batch(Batch.Origin.UPLOAD, reader.user).bulk
    Document.objects.update(bulk=False)
    assert batches.start_batch(Batch.Origin.UPLOAD, reader.user).bulk
    assert not batches.start_batch(Batch.Origin.UPLOAD).bulk
    Document.objects.update(received_at=timezone.now() - messages.BULK_WITHIN)
    assert not batches.start_batch(Batch.Origin.UPLOAD, reader.user).bulk


def test_an_archive_and_its_members_are_bulk(sent, on_commit):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.pdf", pdf("a"))
    with on_commit(execute=True):
        line = batches.add_file(
            batches.start_batch(Batch.Origin.UPLOAD), Source("all.zip", [out.getvalue()])
        )
    assert sent.pop(line.pk) == (Queue.BULK, 0)
    with on_commit(execute=True):
        batches.unpack_members(line.pk)
    document = Document.objects.get()
    assert document.bulk
    assert sent == {document.pk: (Queue.BULK, 0)}


def test_unpacking_gives_its_process_back_and_goes_on(sent, on_commit, monkeypatch):
    monkeypatch.setattr(batches, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr("cases.intake.groups.GROUP_FILES", 2)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in "abcde":
            archive.writestr(f"{name}.pdf", pdf(name))
    with on_commit(execute=True):
        line = batches.add_file(
            batches.start_batch(Batch.Origin.UPLOAD), Source("all.zip", [out.getvalue()])
        )
    seen = []
    for _ in range(4):
        sent.clear()
        batches.unpack_members(line.pk)
        line.refresh_from_db()
        seen.append((line.members.count(), line.attempts, line.pk in sent, bool(line.unpacked_at)))
    assert seen == [
        (2, 0, True, False),
        (4, 0, True, False),
        (5, 0, True, False),
        (5, 1, False, True),
    ]


def test_the_sweeper_keeps_the_kind_and_sends_letters_of_people_first(sent, on_commit):
    bulk = add(batches.start_batch(Batch.Origin.COMMAND), "a", "b")
    people = add(batches.start_batch(Batch.Origin.UPLOAD), "c")
    Document.objects.update(status="received", queued_at=None)
    sent.clear()
    with on_commit(execute=True):
        sweeper.sweep()
    assert list(sent) == people + bulk
    assert sent == dict.fromkeys(bulk, (Queue.BULK, 0)) | {people[0]: (Queue.LETTERS, 0)}


def test_scans_of_people_are_recognized_before_those_of_loads(sent, monkeypatch, on_commit):
    bulk = add(batches.start_batch(Batch.Origin.COMMAND), "a")
    people = add(batches.start_batch(Batch.Origin.UPLOAD), "b")
    Document.objects.update(status="needs_ocr")
    monkeypatch.setattr(ocr, "is_available", lambda: True)
    sent.clear()
    with on_commit(execute=True):
        sweeper.sweep()
    assert list(sent) == people + bulk
    assert sent == {people[0]: (Queue.OCR, 0), bulk[0]: (Queue.OCR, 9)}


def test_what_a_person_parses_again_is_no_bulk_load_however_it_came(sent, on_commit):
    [key] = add(batches.start_batch(Batch.Origin.COMMAND), "a")
    Document.objects.update(status="parsed")
    sent.clear()
    with on_commit(execute=True):
        assert pipeline.reparse_documents([Document.objects.get()]) == 1
    assert sent == {key: (Queue.LETTERS, 0)}
    Document.objects.update(status="parsed")
    many = [Document.objects.get()] * (BULK_FILES + 1)
    with on_commit(execute=True):
        assert pipeline.reparse_documents(many) == 1
    assert sent == {key: (Queue.BULK, 0)}


def test_every_queue_is_served_by_a_worker_that_names_none_or_ocr():
    from imrsite.celery import app

    served = list(app.amqp.queues)
    assert served[:3] == list(settings.QUEUES) == ["letters", "upkeep", "bulk"]
    assert "celery" in served, "what earlier versions have sent"
    assert {*settings.QUEUES, "ocr"} == set(Queue)
    for task in app.tasks:
        if task.startswith("cases."):
            assert app.amqp.router.route({}, task)["queue"].name in set(Queue)


def test_tasks_that_are_never_sent_without_a_queue_have_one():
    assert messages.queue_of(Task.UNPACK_ARCHIVE, bulk=False) == Queue.BULK

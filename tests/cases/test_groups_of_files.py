"""Files that are taken in together: one transaction for their rows, one outcome for each."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cases.files import storage
from cases.intake import batches, groups, messages, pipeline, sealing, states
from cases.intake.archives import Source
from cases.models import Batch, BatchLine, Document
from cases.search.full_text import DOCUMENTS

pytestmark = pytest.mark.django_db
Status = Document.Status


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def pdf(text: str) -> Source:
    return Source(f"{text}.pdf", [f"%PDF-1.4 {text}".encode()])


def add(*sources: Source) -> list[BatchLine]:
    return add_all(sources)


def add_all(sources: Iterable[Source]) -> list[BatchLine]:
    batch = batches.start_batch(Batch.Origin.COMMAND)
    return list(batches.add_files(batch, sources))


def test_each_file_has_its_line_in_order():
    lines = add(
        pdf("a"),
        Source("notes.txt", [b"-"]),
        Source("empty.pdf", []),
        Source("fake.zip", [b"-"]),
        Source("gone.pdf", problem="There is no such file.", code="missing"),
        pdf("b"),
    )
    stored = [(line.name, line.problem_code) for line in BatchLine.objects.order_by("pk")]
    assert stored == [(line.name, line.problem_code) for line in lines]
    assert [code for _, code in stored] == ["", "not-a-pdf", "", "not-a-zip", "missing", ""]
    assert storage.path_of(lines[0].document.sha256).read_bytes() == b"%PDF-1.4 a"
    empty = Document.objects.get(name="empty.pdf")
    assert empty.status == Status.FAILED
    assert empty.events.get().code == empty.error_code


def test_the_same_bytes_twice_are_one_document():
    add(pdf("known"))
    known, one, two = add(pdf("known"), pdf("new"), Source("copy.pdf", [b"%PDF-1.4 new"]))
    assert [line.duplicate for line in (known, one, two)] == [True, False, True]
    assert one.document == two.document
    assert Document.objects.count() == 2


def test_documents_are_found_by_their_names():
    (line,) = add(pdf("ScanCM150021754"))
    assert DOCUMENTS.keys_with("name", ["cm"], prefix=False) == [line.document_id]


def test_each_waits_for_a_worker_and_has_its_message(monkeypatch, on_commit):
    sent = []
    monkeypatch.setattr(messages, "send_task", lambda task, pk, bulk: sent.append(pk) or True)
    with on_commit(execute=True):
        lines = add(pdf("a"), pdf("b"))
    assert sent == [line.document_id for line in lines]
    assert {one.status for one in Document.objects.all()} == {Status.QUEUED}


def test_without_a_broker_they_wait_for_the_sweeper(monkeypatch, on_commit):
    monkeypatch.setattr(messages, "send_task", lambda *_, **__: False)
    with on_commit(execute=True):
        add(pdf("a"), pdf("b"))
    assert {one.status for one in Document.objects.all()} == {Status.RECEIVED}


def test_while_no_messages_are_sent_they_are_received():
    with messages.sending_paused():
        add(pdf("a"))
    assert Document.objects.get().status == Status.RECEIVED


def test_statements_do_not_grow_with_files():
    with CaptureQueriesContext(connection) as few:
        add(pdf("a"))
    with CaptureQueriesContext(connection) as many:
        add(*map(pdf, "bcdefghij"))
    assert len(many) == len(few)


def test_a_full_disk_refuses_those_that_it_has_no_room_for(monkeypatch):
    move = storage.move_in_place

    def moves(sealed, place):
        if sealed.stored.size > len(b"%PDF-1.4 a"):
            raise storage.CannotStore("the disk is full")
        return move(sealed, place)

    monkeypatch.setattr(storage, "move_in_place", moves)
    lines = add(pdf("a"), pdf("too large"), pdf("b"))
    assert [line.problem_code for line in lines] == ["", "not-stored", ""]
    assert Document.objects.count() == 2
    assert not list(storage.incoming_folder().iterdir())


def test_what_may_not_be_on_the_disk_is_refused_and_cleared_away(monkeypatch):
    def fails(handle):
        if Path(os.readlink(f"/proc/self/fd/{handle}")).is_dir():
            raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(os, "fsync", fails)
    lines = add(pdf("a"), pdf("b"))
    assert {line.problem_code for line in lines} == {"not-stored"}
    assert not Document.objects.exists()
    assert batches.clear_unreferenced() == 2


def test_files_whose_rows_were_not_added_are_cleared_away(monkeypatch):
    def locked(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr(pipeline, "add_documents", locked)
    with pytest.raises(OperationalError):
        add(pdf("a"), pdf("b"))
    assert batches.clear_unreferenced() == 2


def test_bytes_that_another_uploads_at_the_same_moment_are_known(monkeypatch):
    take, meanwhile = pipeline.add_documents, iter([True])

    def another_was_first(files, uploader, bulk):
        if next(meanwhile, False):
            raise IntegrityError("UNIQUE constraint failed: cases_document.sha256")
        return take(files, uploader, bulk=bulk)

    monkeypatch.setattr(pipeline, "add_documents", another_was_first)
    assert [line.problem for line in add(pdf("a"), pdf("b"))] == ["", ""]
    assert Document.objects.count() == 2


def member(text: str, number: int) -> groups.TakenFile:
    return groups.TakenFile(f"{text}.pdf", sealing.seal_member(pdf(text)), number)


def test_a_group_ends_where_its_files_grow_large(monkeypatch):
    monkeypatch.setattr(groups, "GROUP_BYTES", 25)
    found = list(groups.groups(member(text, 0) for text in "abcde"))
    assert [len(group) for group in found] == [3, 2]
    for group in found:
        groups.discard(group)
    assert not list(storage.incoming_folder().iterdir())


def test_what_breaks_off_leaves_no_files():
    def broken():
        yield pdf("a")
        raise ValueError("the folder is gone")

    before = set(storage.incoming_folder().glob("*"))
    with pytest.raises(ValueError, match="gone"):
        add_all(broken())
    assert set(storage.incoming_folder().glob("*")) == before


def test_members_that_nobody_added_are_not_taken_for_added(monkeypatch):
    batch = batches.start_batch(Batch.Origin.UPLOAD)
    line = batch.lines.create(name="all.zip", archive="0" * 64)
    batches.add_members(line, [member("a", 1), member("b", 2)])
    batches.add_members(line, [member("a", 1), member("b", 2)])  # another worker has added them
    assert line.members.count() == 2

    def never(*_, **__):
        raise IntegrityError("something else")

    monkeypatch.setattr(pipeline, "add_documents", never)
    with pytest.raises(IntegrityError):
        batches.add_members(line, [member("c", 3)])


def test_a_lost_message_leaves_no_document_in_the_queue():
    lines = add(pdf("a"), pdf("b"))
    states.leave_queue(*(line.document_id for line in lines))
    assert {one.status for one in Document.objects.all()} == {Status.RECEIVED}

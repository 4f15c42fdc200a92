"""A real mailbox is read: nothing is lost and nothing doubled, whatever dies in between."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cases.files import storage
from cases.intake import pipeline
from cases.intake.mailbox import connection, taking
from cases.intake.mailbox.taking import read_mailbox
from cases.models import Batch, BatchLine, Case, Document, MailboxMessage, TaskTurn
from imrsite.mail.addresses import imap_address
from tests.factories import LETTERS, InProcess
from tests.imap_server import behind_tls, imap_server, letter_message, zip_of
from tests.installation import Installation
from tests.migrated import copy_migrated

LETTER = (LETTERS / "CM14-0195168.pdf").read_bytes()


def other(number):
    """Another file with the same letter."""
    return LETTER + f"\n%{number}".encode()


@pytest.fixture(scope="module")
def server():
    with imap_server() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(server, settings, db):
    settings.IMAP_ADDRESS = imap_address(server.url)
    settings.IMAP_DONE_FOLDER = ""
    with server.opened() as box:
        box.delete(box.uids())
    return server


def test_a_letter_comes_in_with_the_day_of_its_message(mailbox):
    mailbox.put(letter_message(1, ("CM14-0195168.pdf", LETTER)))
    assert read_mailbox() == 1
    batch = Batch.objects.get()
    assert (batch.origin, batch.assumed_on) == ("mail", dt.date(2026, 11, 2))
    document = Document.objects.get()
    assert document.status == "queued"
    pipeline.read_document(document.pk, InProcess())
    facts = Case.objects.get().claim_facts
    assert (facts.received_on, facts.received_assumed) == (dt.date(2026, 11, 2), True)
    assert mailbox.unseen() == 0
    assert read_mailbox() == 0


def test_a_message_of_tomorrow_came_today(mailbox):
    mailbox.put(letter_message(1, ("a.pdf", LETTER), date="Mon, 02 Nov 2099 09:30:00 -0800"))
    read_mailbox()
    assert Batch.objects.get().assumed_on < dt.date(2099, 1, 1)


def test_the_batch_says_what_had_no_letter(mailbox, admin_client):
    mailbox.put(letter_message(3, subject="Lunch?"))
    assert read_mailbox() == 1
    line = BatchLine.objects.get()
    page = admin_client.get(line.batch.get_absolute_url()).content.decode()
    assert "Mail of " in page
    assert "Message “Lunch?” from Mail Room" in page
    assert "no PDF or ZIP file attached" in page
    assert mailbox.unseen() == 0


def test_archives_are_unpacked_by_workers(mailbox):
    archive = zip_of(("a.pdf", other(1)), ("b.pdf", other(2)))
    mailbox.put(letter_message(1, ("letters.zip", archive), ("c.pdf", other(3))))
    assert read_mailbox() == 1
    assert sorted(BatchLine.objects.values_list("name", "number")) == [
        ("c.pdf", 2),
        ("letters.zip", 1),
    ]


def test_the_same_message_again_is_not_taken_again(mailbox):
    message = letter_message(1, ("a.pdf", LETTER))
    mailbox.put(message, message)
    assert read_mailbox() == 2
    assert Batch.objects.count() == 1
    assert mailbox.unseen() == 0


def test_another_message_with_the_same_file_is_a_duplicate(mailbox):
    mailbox.put(letter_message(1, ("a.pdf", LETTER)), letter_message(2, ("b.pdf", LETTER)))
    assert read_mailbox() == 2
    assert Document.objects.count() == 1
    assert list(BatchLine.objects.order_by("pk").values_list("duplicate", flat=True)) == [
        False,
        True,
    ]


def test_a_mailbox_that_was_set_up_anew_is_known_by_its_messages(mailbox, monkeypatch):
    mailbox.put(letter_message(1, ("a.pdf", LETTER)))
    read_mailbox()
    MailboxMessage.objects.update(validity=1)
    with mailbox.opened() as box:
        box.flag(box.uids(), "\\Seen", False)
    assert read_mailbox() == 1
    assert Batch.objects.count() == 1


def test_done_messages_are_moved_where_a_folder_is_named(mailbox, settings):
    settings.IMAP_DONE_FOLDER = "Taken"
    mailbox.put(letter_message(1, ("a.pdf", LETTER)), letter_message(2))
    assert read_mailbox() == 2
    assert (mailbox.count(), mailbox.count("Taken")) == (0, 2)


def test_what_was_looked_at_stays_unseen_until_it_is_stored(mailbox, monkeypatch):
    mailbox.put(letter_message(1, ("a.pdf", LETTER)), letter_message(2, ("b.pdf", other(2))))

    def full(*_, **__):
        raise storage.CannotStore("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr("cases.intake.groups.storage.sync_all", full)
        assert read_mailbox() == 0
    assert mailbox.unseen() == 2
    assert BatchLine.objects.get().problem_code == "not-stored"
    assert read_mailbox() == 2
    assert mailbox.unseen() == 0
    assert Document.objects.count() == 2
    assert not BatchLine.objects.exclude(problem="").exists()


def test_a_message_that_is_too_large_is_not_fetched(mailbox, settings, monkeypatch):
    settings.IMR_MAX_UPLOAD_MB = 1
    monkeypatch.setattr(connection.MailboxConnection, "content", None)
    mailbox.put(letter_message(1, ("a.pdf", b"%PDF-" + b"x" * 1_700_000)))
    assert read_mailbox() == 1
    assert "larger than 2 MB" in BatchLine.objects.get().problem


def test_a_file_that_is_too_large_is_refused(mailbox, settings):
    settings.IMR_MAX_UPLOAD_MB = 1
    mailbox.put(letter_message(1, ("a.pdf", b"%PDF-" + b"x" * 1_100_000), ("b.pdf", LETTER)))
    assert read_mailbox() == 1
    assert {line.problem_code for line in BatchLine.objects.all()} == {"too-large", ""}


@pytest.mark.parametrize("wrong", [{"password": "no"}, {"port": 1}, {"folder": "None such"}])
def test_a_mailbox_that_can_not_be_read_is_tried_again(mailbox, settings, admin_client, wrong):
    mailbox.put(letter_message(1, ("a.pdf", LETTER)))
    right = settings.IMAP_ADDRESS
    settings.IMAP_ADDRESS, settings.IMAP_URL = replace(right, **wrong), mailbox.url
    assert read_mailbox() == 0
    page = admin_client.get("/batches/").text
    assert "The mailbox could not be read on" in page
    assert right.password not in page
    settings.IMAP_ADDRESS = right
    assert read_mailbox() == 1
    assert "The mailbox was last read on" in admin_client.get("/batches/").text


def test_by_tls_only_from_whom_is_trusted(mailbox, settings, tmp_path, monkeypatch):
    mailbox.put(letter_message(1, ("a.pdf", LETTER)))
    with behind_tls(mailbox.port, tmp_path) as (port, certificate):
        plain = settings.IMAP_ADDRESS
        settings.IMAP_ADDRESS = replace(plain, host="localhost", port=port, tls=True)
        assert read_mailbox() == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert read_mailbox() == 1


def test_one_worker_at_a_time(mailbox):
    mailbox.put(letter_message(1, ("a.pdf", LETTER)))
    with taking.turn_at("mailbox", seconds=60):
        assert read_mailbox() == 0
    assert read_mailbox() == 1
    assert TaskTurn.objects.get(name="mailbox").until is None


# -- 50 messages and workers that are killed ---------------------------------------------------

KILLED = """
import os, signal
from cases.intake.mailbox import taking
from cases.intake.mailbox.connection import MailboxConnection
from cases.models import TaskTurn

TaskTurn.objects.all().delete()  # the dead worker's turn is over
place, count = {place!r}, {count}

def dying(function):
    def call(*args, **more):
        global count
        if place.startswith("after"):
            found = function(*args, **more)
        count -= 1
        if count <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found if place.startswith("after") else function(*args, **more)
    return call

if place.endswith("mark"):
    MailboxConnection.mark_done = dying(MailboxConnection.mark_done)
elif place.endswith("line"):
    taking.add_line = dying(taking.add_line)
elif place.endswith("row"):
    taking.known_message = dying(taking.known_message)
taking.SLICE_SECONDS = 600
print("done", taking.read_mailbox())
"""
# Before a message is marked, after a file or the row of a message is stored, after so many.
KILLS = [("before mark", 9), ("after line", 12), ("after row", 7), ("before line", 5)]
KILLS += [("after mark", 4), ("before mark", 1), ("after line", 1)]


def fifty():
    """Messages, and the files that they hold."""
    archive = zip_of(("x.pdf", other(900)), ("y.pdf", other(901)))
    for number in range(50):
        if number % 10 == 3:
            files = [("one.pdf", other(number)), ("two.pdf", other(number + 100))]
        elif number in (7, 27):
            files = [("same.pdf", other(7))]
        elif number == 14:
            files = [("letters.zip", archive)]
        elif number % 10 == 9:
            files = []
        else:
            files = [(f"letter-{number}.pdf", other(number))]
        yield letter_message(number, *files), files


def test_fifty_messages_and_workers_that_are_killed(tmp_path, django_db_setup):
    messages = list(fifty())
    with imap_server() as mailbox:
        one = Installation(tmp_path / "var", env={"IMAP_URL": mailbox.url})
        one.folder.mkdir()
        copy_migrated(one.folder / "db.sqlite3")
        mailbox.put(*(message for message, _ in messages))
        for place, count in KILLS:
            run = one.manage("shell", "-v0", "-c", KILLED.format(place=place, count=count))
            assert run.returncode == -9, run.stdout + run.stderr
        assert 0 < mailbox.unseen() < 50
        one.run(KILLED.format(place="never", count=0))
        assert mailbox.unseen() == 0
    found = one.run(COUNTED).splitlines()[-1]
    pdfs = {content for _, files in messages for name, content in files if name.endswith(".pdf")}
    lines = sum(max(1, len(files)) for _, files in messages)
    assert found == f"{len(pdfs)} documents, 50 batches, {lines} lines, 50 messages, 5 without"


COUNTED = """
from django.db.models import Count
from cases.models import Batch, BatchLine, Document, MailboxMessage
from cases.intake import batches

assert not BatchLine.objects.values("batch", "number").annotate(n=Count("pk")).filter(n__gt=1)
batches.clear_unreferenced()
done = MailboxMessage.objects.exclude(done_at=None).count()
without = BatchLine.objects.filter(problem_code="no-letter").count()
print(f"{Document.objects.count()} documents, {Batch.objects.count()} batches,"
      f" {BatchLine.objects.count()} lines, {done} messages, {without} without")
"""

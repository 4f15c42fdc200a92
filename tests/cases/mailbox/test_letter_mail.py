"""What a message holds, however it is built."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.intake.mailbox.letter_mail import read_letter_mail
from tests.imap_server import letter_message, zip_of

PDF = b"%PDF-1.4 a letter"


def read(message):
    return read_letter_mail(bytes(message))


def names(message):
    return [one.name for one in read(message).files]


def test_pdfs_and_archives_with_their_bytes():
    archive = zip_of(("a.pdf", PDF))
    found = read(letter_message(1, ("one.pdf", PDF), ("more.zip", archive)))
    assert [(one.name, one.content) for one in found.files] == [
        ("one.pdf", PDF),
        ("more.zip", archive),
    ]
    assert found.sent_at == dt.datetime.fromisoformat("2026-11-02T09:30:00-08:00")
    assert found.problem == ""


def test_what_is_called_otherwise_is_known_by_its_type():
    message = letter_message(1)
    message.add_attachment(PDF, maintype="application", subtype="octet-stream", filename="A.PDF")
    message.add_attachment(PDF, maintype="application", subtype="pdf")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="scan")
    assert names(message) == ["A.PDF", "attachment-2.pdf", "scan.pdf"]


def test_names_with_folders_signs_and_accents():
    message = letter_message(1, ("../../etc/Décision – CM14.pdf", PDF), ("C:\\x\\b.pdf", PDF))
    assert names(message) == ["Décision – CM14.pdf", "b.pdf"]


def test_letters_of_a_forwarded_message():
    outer = letter_message(2)
    outer.add_attachment(letter_message(1, ("inner.pdf", PDF)))
    assert names(outer) == ["inner.pdf"]


def test_other_files_are_passed_over():
    message = letter_message(1, ("a.pdf", PDF))
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    assert names(message) == ["a.pdf"]


def test_a_message_without_a_letter_says_so():
    found = read(letter_message(7))
    assert found.problem_code == "no-letter"
    assert found.title == ("Message “Determination 7” from Mail Room <mailroom@example.org>")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data", "encrypted-message"),
        ("application/ms-tnef", "winmail"),
    ],
)
def test_what_can_not_be_opened_says_what_to_do(kind, code):
    raw = f"From: a@b.org\r\nMessage-ID: <1@b>\r\nContent-Type: {kind}\r\n\r\nMIIabc"
    found = read_letter_mail(raw.encode())
    assert found.problem_code == code
    assert "upload" in found.problem


def test_pgp():
    message = EmailMessage()
    message.set_content("x")
    message.replace_header("Content-Type", 'multipart/encrypted; boundary="x"')
    assert read(message).problem_code == "encrypted-message"


def test_the_same_message_delivered_twice_has_one_key():
    once = letter_message(1, ("a.pdf", PDF))
    again = letter_message(1, ("a.pdf", PDF))
    again["Received"] = "from elsewhere"
    assert read(once).key == read(again).key
    assert read(letter_message(1, ("a.pdf", PDF + b" other"))).key != read(once).key
    assert read(letter_message(2, ("a.pdf", PDF))).key != read(once).key


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 09:30:00 -0800"])
def test_a_date_that_is_none(date):
    raw = bytes(letter_message(1, ("a.pdf", PDF))).replace(
        b"Date: Mon, 02 Nov 2026 09:30:00 -0800", b"Date: " + date.encode()
    )
    assert read_letter_mail(raw).sent_at is None


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw):
    found = read_letter_mail(raw)
    assert found.files or found.problem


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=8))
def test_a_damaged_message_is_read(at, damage):
    raw = bytes(letter_message(1, ("a.pdf", PDF), ("b.zip", zip_of(("c.pdf", PDF)))))
    found = read_letter_mail(raw[:at] + damage + raw[at + len(damage) :])
    assert found.files or found.problem

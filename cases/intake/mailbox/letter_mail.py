"""What a message holds: its files, or why there are none. Pure: bytes in, dataclasses out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime
from hashlib import sha256

PDF_TYPES = ("application/pdf", "application/x-pdf")
ZIP_TYPES = ("application/zip", "application/x-zip-compressed", "application/x-zip")
ENCRYPTED_TYPES = ("multipart/encrypted", "application/pgp-encrypted")
SMIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
OUTLOOK_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
MOST_FILES = 200

NO_LETTER = "This message has no PDF or ZIP file attached, so there is no letter in it."
ENCRYPTED = (
    "This message is encrypted. Open it in a mail program, and upload the letters attached to it."
)
OUTLOOK = (
    "Outlook packed what is attached to this message into a winmail.dat, which is not opened."
    " Ask for a message in plain text or HTML format, or upload the letters."
)
UNREADABLE = "This message is damaged. Open it in a mail program, and upload its letters."
TOO_MANY = f"This message has more than {MOST_FILES} files. Upload them."


@dataclass(frozen=True, slots=True)
class MailedFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LetterMail:
    """A message. `key` is the same for the same message, however often it is delivered;
    `problem_code` and `problem` tell why no file is taken from it."""

    key: str
    title: str
    sent_at: dt.datetime | None
    files: tuple[MailedFile, ...] = ()
    problem_code: str = ""
    problem: str = ""


def read_letter_mail(raw: bytes) -> LetterMail:
    try:
        return letter_mail(message_from_bytes(raw, policy=default), raw)
    except Exception:  # the library meets headers and parts of every kind of damage
        key = sha256(raw).hexdigest()
        return LetterMail(key, "Message", None, (), "damaged-message", UNREADABLE)


def letter_mail(message: EmailMessage, raw: bytes) -> LetterMail:
    files = tuple(attached_files(message))
    code, problem = ("", "") if files else why_no_letter(message)
    if len(files) > MOST_FILES:
        files, code, problem = (), "too-many-files", TOO_MANY
    return LetterMail(
        key_of(message, files, raw), title(message), sent_at(message), files, code, problem
    )


def attached_files(message: Message) -> Iterator[MailedFile]:
    """PDFs and ZIP archives, those of forwarded messages too."""
    number = 0
    for part in message.walk():
        kind, name = part.get_content_type(), clean_name(part.get_filename() or "")
        is_pdf = kind in PDF_TYPES or name.lower().endswith(".pdf")
        is_zip = kind in ZIP_TYPES or name.lower().endswith(".zip")
        if part.is_multipart() or not (is_pdf or is_zip):
            continue
        number += 1
        content = part.get_payload(decode=True)
        ending = ".pdf" if is_pdf else ".zip"
        if not name.lower().endswith((".pdf", ".zip")):
            name = f"{name or f'attachment-{number}'}{ending}"
        yield MailedFile(name, content if isinstance(content, bytes) else b"")


def clean_name(name: str) -> str:
    """Without folders and signs that show nothing."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in base).split())[-200:]


def why_no_letter(message: Message) -> tuple[str, str]:
    kinds = {part.get_content_type() for part in message.walk()}
    if kinds & {*ENCRYPTED_TYPES, *SMIME_TYPES}:
        return "encrypted-message", ENCRYPTED
    if kinds & {*OUTLOOK_TYPES}:
        return "winmail", OUTLOOK
    return "no-letter", NO_LETTER


def key_of(message: Message, files: tuple[MailedFile, ...], raw: bytes) -> str:
    """By its Message-ID and its files: no other message that bears the same id is passed over."""
    message_id = " ".join(str(message.get("Message-ID", "")).split())
    if not message_id:
        return sha256(raw).hexdigest()
    digest = sha256(message_id.encode(errors="replace"))
    for file in files:
        digest.update(sha256(file.content).digest())
    return digest.hexdigest()


def title(message: Message) -> str:
    """How people find it in a mail program."""
    subject = clean_name(str(message.get("Subject", "")).replace("/", " "))
    sender = " ".join(str(message.get("From", "")).split())
    words = f"Message “{subject}”" if subject else "Message without a subject"
    return f"{words} from {sender}"[:400] if sender else words[:400]


def sent_at(message: Message) -> dt.datetime | None:
    """By its Date header."""
    try:
        found = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)

"""What is put on the desk: pasted words, or a PDF or Word file, whose text the reading process
gives."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile

from cases.files.reading_limits import reading_limits
from cases.letters.drafts.model import MOST_CHARACTERS
from cases.letters.model import ReadError
from cases.letters.reading.sandbox import MB, Sandbox
from reviews.models import Memo

MOST_MB = 10
MOST_PAGES = 100
READ_SECONDS = 20
ACCEPTED = ".pdf,.docx,.txt"
PDF, ZIP = b"%PDF-", b"PK\x03\x04"
OLD_WORD = b"\xd0\xcf\x11\xe0"


WORD_FAILED = (
    "This Word document could not be read. Save it again as .docx or as PDF, or paste its words."
)


class CannotTake(Exception):
    """Why nothing could be taken in, and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    text: str
    kind: str = Memo.Kind.TEXT
    file_name: str = ""


def take_all(text: str, file: UploadedFile | None) -> Taken:
    """A file, with pasted words behind it, or these alone.

    Raises:
        CannotTake: as `take_file` and `take_text`.
    """
    if not file:
        return take_text(text)
    taken = take_file(file)
    if not text.strip():
        return taken
    return replace(taken, text=take_text(f"{taken.text.rstrip()}\n\n{text}").text)


def take_text(text: str) -> Taken:
    """
    Raises:
        CannotTake: there are no words, or too many.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if not text.strip():
        raise CannotTake("Paste the request or the draft, or choose a file.")
    if len(text) > MOST_CHARACTERS:
        raise CannotTake(
            f"The text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read. Paste"
            " the draft without its enclosures."
        )
    return Taken(text)


def take_file(file: UploadedFile) -> Taken:
    """
    Raises:
        CannotTake: it is too large, of no known kind, or gives no text.
    """
    name, size = file.name or "file", file.size or 0
    if size > MOST_MB * MB:
        raise CannotTake(
            f"This file has {size / MB:.0f} MB; at most {MOST_MB} MB are read. Save it with smaller"
            " pictures, or paste its words."
        )
    if not size:
        raise CannotTake("This file is empty. Save it again, or paste its words.")
    head = file.read(1024)
    file.seek(0)
    if kind := kind_of(head, name):
        return Taken(read_confined(file, kind), kind, name[:200])
    return Taken(take_text(decoded(file.read())).text, Memo.Kind.TEXT, name[:200])


def kind_of(head: bytes, name: str) -> str:
    """By its first bytes; "" for plain text."""
    if PDF in head:
        return Memo.Kind.PDF
    if head.startswith(ZIP):
        return Memo.Kind.DOCX
    if head.startswith(OLD_WORD):
        raise CannotTake(
            "This is a Word document of the older kind (.doc). Save it as .docx or PDF, or paste"
            " its words."
        )
    if name.lower().endswith(".txt") or is_text(head):
        return ""
    raise CannotTake("Only PDF, Word (.docx) and text files are read. Paste the words instead.")


def is_text(head: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head)


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def is_of_pdf(error: ReadError, kind: str) -> bool:
    """Whether its words speak of a PDF, and the file is none."""
    return kind != Memo.Kind.PDF and error.code in ("damaged", "timed-out", "too-large")


def read_confined(file: UploadedFile, kind: str) -> str:
    """The text, read in a process of its own that nothing outlives."""
    limits = replace(reading_limits(), seconds=READ_SECONDS, max_pages=MOST_PAGES)
    with tempfile.TemporaryFile() as copy, Sandbox(limits) as sandbox:
        shutil.copyfileobj(file, copy)
        copy.flush()
        read = sandbox.read_draft(copy, kind)
    if read.error is not None:
        raise CannotTake(WORD_FAILED if is_of_pdf(read.error, kind) else read.error.message)
    return read.text

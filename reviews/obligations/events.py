"""The history of an obligation, and the files that prove it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePath

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile

from cases.files.storage import MB
from reviews.models import Evidence, Obligation, ObligationEvent
from reviews.names import name_of

MOST_FILES, MOST_MB = 10, 10
LONGEST_NOTE = 2000
ACCEPTED = (".pdf", ".png", ".jpg", ".jpeg", ".txt", ".eml", ".msg", ".docx")


class EvidenceError(Exception):
    """A file can't be attached; the message says why and what to do."""


def record_event(
    obligation: Obligation,
    kind: str,
    note: str,
    by: User | None = None,
    files: Iterable[UploadedFile] = (),
) -> ObligationEvent:
    """In the caller's transaction.

    Raises:
        EvidenceError: a file is too large or of a kind that is not accepted.
    """
    files = list(files)
    check_files(files)
    event = ObligationEvent.objects.create(
        obligation=obligation,
        kind=kind,
        note=note.strip()[:LONGEST_NOTE],
        due_on=obligation.due_on,
        by=by,
        by_name=name_of(by)[:150] if by else "",
    )
    for file in files:
        keep_file(event, file)
    return event


def check_files(files: list[UploadedFile]) -> None:
    if len(files) > MOST_FILES:
        raise EvidenceError(f"Attach at most {MOST_FILES} files at once.")
    for file in files:
        if not (file.name or "").lower().endswith(ACCEPTED):
            raise EvidenceError(
                f"{file.name} is not of a kind that can be attached. Attach a PDF, a picture"
                " (PNG, JPEG), a text, an e-mail (EML, MSG) or a DOCX file."
            )
        if (file.size or 0) > MOST_MB * MB:
            raise EvidenceError(f"{file.name} is larger than {MOST_MB} MB. Attach a smaller copy.")
        if not file.size:
            raise EvidenceError(f"{file.name} is empty. Attach the file itself.")


def keep_file(event: ObligationEvent, file: UploadedFile) -> Evidence:
    content = file.read()
    return Evidence.objects.create(
        event=event,
        name=PurePath(file.name or "evidence").name[-200:],
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content=content,
    )

"""Rows as the real letters give them, without a worker."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from cases.intake import pipeline
from cases.letters.model import Reading
from cases.letters.reader import read_pdf
from cases.models import Case, Document

LETTERS = Path(__file__).parent / "letters"


def stored_letter(name: str = "CM14-0195168", uploader=None) -> Document:
    """A letter taken in and read in this process, by the code that workers run."""
    received = pipeline.receive_file(
        [(LETTERS / f"{name}.pdf").read_bytes()], f"{name}.pdf", uploader
    )
    pipeline.read_document(received.document.pk, InProcess())
    received.document.refresh_from_db()
    return received.document


def stored_case(name: str = "CM14-0195168") -> Case:
    return stored_letter(name).cases.get()


def annotated(issue, author, comment: str = "Which?"):
    """An annotation on the first words of the issue's rationale."""
    from reviews.models import Annotation

    return Annotation.objects.create(
        case=issue.case,
        issue=issue,
        target="rationale",
        start=0,
        end=4,
        quote=issue.rationale[:4],
        comment=comment,
        author=author,
    )


class InProcess:
    """Reads without a child process, each file once in a session: what is tested with it is what
    comes after the reading."""

    known: ClassVar[dict[bytes, Reading]] = {}

    def read(self, path, meanwhile=None):
        file = path.read_bytes()
        if file not in self.known:
            self.known[file] = read_pdf(path, max_pages=500)
        return self.known[file]

"""Stores a reading as rows: pages, readings, and a case for each letter.

A letter with a new case number makes a case. One that its document has given before is merged
into its case (a re-parse); one whose number is on file from another document waits for a person.
Runs inside the transaction of `cases.intake.pipeline.finish_reading`. Of a document that was never
read before, `prepare_reading` works out the rows ahead of the transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.corrections import proposals
from cases.corrections.new_case import NewCase, build_case, insert_case
from cases.intake.storing.receipt import receipt_of
from cases.letters import VERSION
from cases.letters.model import Letter
from cases.letters.model import Reading as ReadingOfFile
from cases.letters.record import dump_letter
from cases.models import Case, Document, DocumentPage, Proposal, Reading
from cases.models.bulk_insert import insert_rows


@dataclass(frozen=True, slots=True)
class PreparedLetter:
    """A letter's record, and the case that it makes if its number is free."""

    record: dict[str, Any]
    case: NewCase | None


def prepare_reading(reading: ReadingOfFile) -> list[PreparedLetter]:
    """The letters of a document that was not read before, ready to be inserted."""
    records = map(dump_letter, reading.letters)
    return [
        PreparedLetter(record, build_case(record) if record["case_number"] else None)
        for record in records
    ]


def store_reading(
    document: Document, reading: ReadingOfFile, prepared: Sequence[PreparedLetter] | None = None
) -> None:
    """`prepared` is given for a document that was never read before, and only then."""
    if prepared is not None:
        insert_rows(page_rows(document, reading))
        store_first_reading(document, prepared)
        return
    document.page_set.all().delete()
    DocumentPage.objects.bulk_create(page_rows(document, reading))
    own = cases_of_document(document, reading.letters)
    for position, letter in enumerate(reading.letters, 1):
        stored = current_reading(document, position, dump_letter(letter))
        store_letter(stored, own.get(position))
    document.readings.current().filter(position__gt=len(reading.letters)).update(superseded=True)


def page_rows(document: Document, reading: ReadingOfFile) -> list[DocumentPage]:
    return [
        DocumentPage(
            document=document,
            number=page.number,
            width=page.width,
            height=page.height,
            text=page.text.replace("\x00", ""),
        )
        for page in reading.pages
    ]


def store_first_reading(document: Document, prepared: Sequence[PreparedLetter]) -> None:
    readings = [
        new_reading(document, position, letter.record)
        for position, letter in enumerate(prepared, 1)
    ]
    insert_rows(readings)
    for reading, letter in zip(readings, prepared, strict=True):
        store_letter(reading, None, letter.case)


def new_reading(document: Document, position: int, record: dict[str, Any]) -> Reading:
    return Reading(
        document=document,
        position=position,
        parser_version=VERSION,
        case_number=record["case_number"] or "",
        record=record,
    )


def cases_of_document(document: Document, letters: Sequence[Letter]) -> dict[int, Case]:
    """Position of a letter → the case that this document gave for it before.

    By the number that was read then, or that stands now; what is left, by position.
    """
    left = list(document.cases.select_related("reading"))
    found: dict[int, Case] = {}
    for position, letter in enumerate(letters, 1):
        number = letter.case_number.value
        for case in left:
            read = case.reading.case_number if case.reading else case.case_number
            if number and number in (read, case.case_number):
                found[position] = case
                left.remove(case)
                break
    for case in left:
        position = case.reading.position if case.reading else 1
        if position <= len(letters):
            found.setdefault(position, case)
    return found


def current_reading(document: Document, position: int, record: dict) -> Reading:
    """The current reading of that letter: the one there is if it says the same, or a new one."""
    before = document.readings.current().filter(position=position).first()
    if before and before.record == record:
        return before
    document.readings.current().filter(position=position).update(superseded=True)
    reading = new_reading(document, position, record)
    reading.save()
    return reading


def store_letter(reading: Reading, own: Case | None, new: NewCase | None = None) -> None:
    if own is not None:
        if own.reading_id != reading.pk:
            proposals.propose(own, reading, Proposal.Kind.REPARSE)
        return
    if not reading.case_number:
        return
    on_file = Case.objects.filter(case_number=reading.case_number).first()
    if on_file is None:
        insert_case(new or build_case(reading.record), reading, receipt_of(reading.document))
    elif on_file.reading_id != reading.pk:
        proposals.propose(on_file, reading, Proposal.Kind.VERSION)

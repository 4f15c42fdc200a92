"""Files taken in together: the disk is waited for once, and one transaction adds their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from cases.files import storage
from cases.intake import pipeline
from cases.intake.sealing import Refusal
from cases.models import Batch, BatchLine

GROUP_FILES, GROUP_BYTES = 20, 16 * storage.MB  # of files taken in together


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file on the disk, or why it is refused; of a member of an archive, its number there."""

    name: str
    outcome: storage.Sealed | Refusal
    number: int = 0

    @property
    def size(self) -> int:
        return self.outcome.stored.size if isinstance(self.outcome, storage.Sealed) else 0


def groups(files: Iterable[TakenFile]) -> Iterator[list[TakenFile]]:
    """Each file is sealed when it is asked for, since archives are read as they are unpacked."""
    group: list[TakenFile] = []
    try:
        for file in files:
            group.append(file)
            if len(group) >= GROUP_FILES or sum(one.size for one in group) >= GROUP_BYTES:
                yield group
                group = []
        if group:
            yield group
            group = []
    except BaseException:
        discard(group)
        raise


def discard(group: Iterable[TakenFile]) -> None:
    for file in group:
        if isinstance(file.outcome, storage.Sealed):
            file.outcome.path.unlink(missing_ok=True)


def add_group(
    batch: Batch, group: Sequence[TakenFile], parent: BatchLine | None = None
) -> list[BatchLine]:
    """Takes files in together: they are brought to the disk at once, and one transaction adds
    their rows.

    Raises:
        IntegrityError: a member of the archive has its line already; none was added.
    """
    with ExitStack() as marks:
        placed = put_group_in_place(group, marks)
        try:
            return add_lines(batch, placed, parent)
        except IntegrityError:  # the same bytes were uploaded at the same moment
            return add_lines(batch, placed, parent)


Placed = list[tuple[TakenFile, storage.Stored | Refusal]]


def put_group_in_place(group: Sequence[TakenFile], marks: ExitStack) -> Placed:
    """Until `marks` closes the files are marked as unreferenced."""
    folders: list[Path] = []
    try:
        storage.sync_all(
            one.outcome.path for one in group if isinstance(one.outcome, storage.Sealed)
        )
        placed = [(one, put_marked(one.outcome, marks, folders)) for one in group]
        storage.sync_all(folders)
    except storage.CannotStore as problem:
        discard(group)
        marks.pop_all()  # they stay, so that the files that have their places are cleared away
        full = Refusal("not-stored", str(problem))
        return [(one, one.outcome if isinstance(one.outcome, Refusal) else full) for one in group]
    return placed


def put_marked(
    sealed: storage.Sealed | Refusal, marks: ExitStack, folders: list[Path]
) -> storage.Stored | Refusal:
    """Adds to `folders` those that are to be brought to the disk."""
    if isinstance(sealed, Refusal):
        return sealed
    place = storage.path_of(sealed.stored.sha256)
    try:
        marks.enter_context(storage.marked_unreferenced(place))
        folders += storage.move_in_place(sealed, place)
    except storage.CannotStore as problem:
        sealed.path.unlink(missing_ok=True)
        return Refusal("not-stored", str(problem))
    return sealed.stored


@transaction.atomic
def add_lines(batch: Batch, placed: Placed, parent: BatchLine | None) -> list[BatchLine]:
    stored = [(file, one.name) for one, file in placed if isinstance(file, storage.Stored)]
    bulk = batch.bulk or parent is not None  # what archives hold
    received = iter(pipeline.add_documents(stored, batch.uploader, bulk=bulk))
    return BatchLine.objects.bulk_create(
        BatchLine(
            batch=batch,
            name=one.name[-500:],
            parent=parent,
            number=one.number,
            **(refused_fields(file) if isinstance(file, Refusal) else taken_fields(next(received))),
        )
        for one, file in placed
    )


def refused_fields(refusal: Refusal) -> dict[str, Any]:
    return {"problem_code": refusal.code, "problem": refusal.problem}


def taken_fields(received: pipeline.ReceivedFile) -> dict[str, Any]:
    return {"document": received.document, "duplicate": received.duplicate}

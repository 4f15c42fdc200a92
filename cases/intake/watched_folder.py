"""The watched folder: files placed there are imported once they have stopped growing.

A file goes from the folder to reading/<document>/ when it is stored, and from there to done/, or
to failed/ with a text file beside it that says why. Where a file lies is all the state there is,
besides the sizes of the last look: whatever dies in between, the next look goes on.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from cases.intake import batches
from cases.intake.archives import Source, file_chunks
from cases.models import Batch, BatchLine, Document

logger = logging.getLogger(__name__)
SLICE_SECONDS = 4.0
READING, DONE, FAILED = OWN_FOLDERS = ("reading", "done", "failed")
Seen = dict[str, list[int]]  # file → size and time of change at the last look


def scan_folder() -> int:
    """Scans the folder once; returns how many files were imported."""
    folder = Path(settings.IMR_WATCH_DIR)
    if not folder.is_dir():
        logger.warning("IMR_WATCH_DIR is not a folder: %s", folder)
        return 0
    with scan_lock() as is_alone:
        if not is_alone:
            return 0
        for name in OWN_FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        move_finished(folder)
        now = {str(path.relative_to(folder)): file_state(path) for path in new_files(folder)}
        before = load_state()
        still = [name for name, seen in now.items() if before.get(name) == seen]
        taken = set(import_files(folder, still))
        state_file().write_text(json.dumps({n: seen for n, seen in now.items() if n not in taken}))
        return len(taken)


@contextmanager
def scan_lock() -> Iterator[bool]:
    """Yields whether this is the only scan in progress."""
    with (settings.VAR_DIR / "watch.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def state_file() -> Path:
    return settings.VAR_DIR / "watch.json"


def load_state() -> Seen:
    try:
        return json.loads(state_file().read_text())
    except (OSError, ValueError):
        return {}


def new_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] in OWN_FOLDERS or any(part.startswith(".") for part in inside):
            continue
        if path.suffix.lower() in (".pdf", ".zip") and path.is_file() and not path.is_symlink():
            yield path


def file_state(path: Path) -> list[int]:
    with suppress(OSError):
        found = path.stat()
        return [found.st_size, found.st_mtime_ns]
    return []


def import_files(folder: Path, names: list[str]) -> list[str]:
    """Those that were taken in; the next look goes on where SLICE_SECONDS did not suffice."""
    if not names:
        return []
    over_at = time.monotonic() + SLICE_SECONDS
    batch = batches.start_batch(Batch.Origin.WATCH)
    for number, name in enumerate(names):
        if number and time.monotonic() > over_at:
            return names[:number]
        try:
            line = batches.add_file(batch, Source(name, file_chunks(folder / name)))
        except OSError as error:
            move_file(folder / name, folder / FAILED / name, f"It can't be read: {error.strerror}.")
        else:
            file_outcome(folder, name, line)
    return names


def file_outcome(folder: Path, name: str, line: BatchLine) -> None:
    if line.problem_code == "not-stored":
        return  # a full disk is not the file's fault: the next look tries again
    if line.problem:
        move_file(folder / name, folder / FAILED / name, line.problem)
    elif line.document_id:
        move_file(folder / name, folder / READING / str(line.document_id) / name)
    else:  # an archive, which is stored by now; its members' fates stand on the batch's page
        move_file(folder / name, folder / DONE / name)


def move_finished(folder: Path) -> None:
    """Files whose documents have ended."""
    for place in sorted((folder / READING).iterdir()):
        if not (place.is_dir() and place.name.isdigit()):
            continue
        document = Document.objects.filter(pk=place.name).first()
        if document and not document.has_ended:
            continue
        for path in [path for path in place.rglob("*") if path.is_file()]:
            name = path.relative_to(place)
            if document and document.status == Document.Status.PARSED:
                move_file(path, folder / DONE / name)
            else:
                move_file(path, folder / FAILED / name, document.error_message if document else "")
        shutil.rmtree(place, ignore_errors=True)


def move_file(path: Path, place: Path, reason: str = "") -> None:
    """Never onto another file: a second one of its name gets a number."""
    place.parent.mkdir(parents=True, exist_ok=True)
    number, free = 1, place
    while free.exists():
        number += 1
        free = place.with_name(f"{place.stem} ({number}){place.suffix}")
    shutil.move(path, free)
    if reason:
        free.with_name(f"{free.name}.reason.txt").write_text(f"{reason}\n")

"""Where documents' files lie: by digest under MEDIA_ROOT, whole or not at all; with STORAGE_URL in
a bucket as well (`cases.files.bucket`), of which this folder then holds copies.

A file is streamed beside its place, hashed on the way, brought to the disk for good (fsync) and
only then renamed. Whoever is told of it can count on it, whatever dies the moment after.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cases.files import bucket, disk_space
from cases.files.disk_space import MB
from cases.files.processes import is_alive, own_start_time

HEAD_BYTES = 1024
CHECK_EVERY = 16 * MB
MARK_SUFFIX = ".unnamed"
STALE_SECONDS = 24 * 3600
COPY_SECONDS = 7 * 24 * 3600  # a copy of what the bucket has, unused for so long, goes
FULL = {errno.ENOSPC, errno.EDQUOT}


class TooLarge(Exception):
    """The file exceeds the size limit."""


class CannotStore(Exception):
    """The disk or the bucket would not take the file; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in its place. `head` is its first bytes, by which its type is told."""

    sha256: str
    size: int
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A complete file on the disk that is not yet in its final place."""

    path: Path
    stored: Stored


class Incoming:
    """A file being received: write its chunks, then seal or discard it."""

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self.digest, self.size, self.head = hashlib.sha256(), 0, b""
        self.unchecked = 0
        with storage_errors():
            folder = incoming_folder()
            folder.mkdir(parents=True, exist_ok=True)
            check_disk_space()
            handle, name = tempfile.mkstemp(dir=folder, prefix=own_prefix())
        self.path = Path(name)
        self.file = os.fdopen(handle, "wb")

    def write(self, chunk: bytes) -> None:
        """
        Raises:
            TooLarge, CannotStore: nothing is kept.
        """
        self.size += len(chunk)
        if self.size > self.most_bytes:
            self.discard()
            raise TooLarge
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + chunk)[:HEAD_BYTES]
        self.digest.update(chunk)
        self.unchecked += len(chunk)
        with self.nothing_kept(), storage_errors():
            if self.unchecked > CHECK_EVERY:
                check_disk_space()
                self.unchecked = 0
            self.file.write(chunk)

    def seal(self, *, sync: bool = True) -> Sealed:
        """Without `sync` the caller calls `sync_all` before the file gets its place."""
        with self.nothing_kept(), storage_errors():
            self.file.flush()
            if sync:
                os.fsync(self.file.fileno())
            self.file.close()
        return Sealed(self.path, Stored(self.digest.hexdigest(), self.size, self.head))

    @contextlib.contextmanager
    def nothing_kept(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # closing flushes, which a full disk refuses again
            self.file.close()
        self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotStore(describe_error(error)) from error


def describe_error(error: OSError) -> str:
    if error.errno in FULL:
        return (
            "It could not be stored: the disk is full. Ask your administrator to make room, then"
            " upload it again."
        )
    return (
        f"It could not be stored: the folder for documents can't be written to ({error.strerror})."
        " Tell your administrator, then upload it again."
    )


def check_disk_space() -> None:
    """
    Raises:
        CannotStore: a disk has no more than its reserve left.
    """
    if disk_space.problem():
        raise CannotStore(
            "It could not be stored: the disk is full, except for"
            f" {settings.IMR_DISK_RESERVE_MB:,} MB reserved for the database. Ask your"
            " administrator to make room, then upload it again."
        )


def incoming_folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "incoming"


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "documents" / sha256[:2] / sha256[2:4] / f"{sha256}.pdf"


def ocr_path_of(sha256: str) -> Path:
    """Where the same document lies with the text that OCR has put under its images."""
    return path_of(sha256).with_suffix(".ocr.pdf")


def readable_path(sha256: str) -> Path:
    """The file to read and to draw: the one with recognised text, where there is one. Fetched
    from the bucket if it has to be.

    Raises:
        bucket.BucketUnavailable
    """
    recognised, original = ocr_path_of(sha256), path_of(sha256)
    if is_available(recognised):
        return recognised
    is_available(original)
    return original


def archive_path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "archives" / f"{sha256}.zip"


def store(chunks: Iterable[bytes]) -> Stored:
    """Writes a document under its SHA-256; when it returns it is there to stay.

    Raises:
        TooLarge, CannotStore: nothing is kept.
    """
    sealed = seal(chunks, settings.IMR_MAX_UPLOAD_MB * MB)
    put_in_place(sealed, path_of(sealed.stored.sha256))
    return sealed.stored


def seal(chunks: Iterable[bytes], most_bytes: int) -> Sealed:
    return written(chunks, most_bytes).seal()


def seal_unsynced(chunks: Iterable[bytes], most_bytes: int) -> Sealed:
    """For a caller that calls `sync_all` before the file gets its place."""
    return written(chunks, most_bytes).seal(sync=False)


def written(chunks: Iterable[bytes], most_bytes: int) -> Incoming:
    incoming = Incoming(most_bytes)
    with incoming.nothing_kept():
        for chunk in chunks:
            incoming.write(chunk)
    return incoming


def put_in_place(sealed: Sealed, place: Path) -> None:
    """Puts a sealed file in its place. The same bytes there already are replaced by themselves."""
    sync_all(move_in_place(sealed, place))


def move_in_place(sealed: Sealed, place: Path) -> list[Path]:
    """`put_in_place` for a caller that calls `sync_all` with the folders that this returns."""
    try:
        copy_to_bucket(sealed.path, place)
        with storage_errors():
            new = [folder for folder in place.parents if not folder.exists()]
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(sealed.path, place)
            return [place.parent, *(folder.parent for folder in new)]
    except BaseException:
        sealed.path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def marked_unreferenced(place: Path) -> Iterator[None]:
    """Marks a file as one that no row names yet, in case that the work breaks off before one does.

    Whoever holds the mark's lock is at work; a mark that nobody holds is for `unreferenced_files`.

    Raises:
        CannotStore
    """
    mark = incoming_folder() / f"{place.name}{MARK_SUFFIX}"
    with storage_errors():
        mark.parent.mkdir(parents=True, exist_ok=True)
        file = mark.open("w")
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        try:
            yield
        except CannotStore:
            mark.unlink(missing_ok=True)
            raise
        mark.unlink(missing_ok=True)


def unreferenced_files() -> Iterator[Path]:
    """The places of files whose way to a row broke off; locked while the caller looks at each."""
    for mark in incoming_folder().glob(f"*{MARK_SUFFIX}"):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), mark.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            name = Path(mark.name.removesuffix(MARK_SUFFIX))
            yield (archive_path_of if name.suffix == ".zip" else path_of)(name.stem)
            mark.unlink(missing_ok=True)


def copy_to_bucket(source: Path, place: Path) -> None:
    """Copies the file that is, or will be, at `place` to the bucket, if there is one.

    Raises:
        CannotStore: the bucket would not take it.
    """
    if not bucket.is_configured():
        return
    try:
        bucket.bucket().put(source, place)
    except bucket.BucketUnavailable as problem:
        raise CannotStore(f"It could not be stored. {problem} Then upload it again.") from problem


def is_available(place: Path) -> bool:
    """Whether the file can be read at its place; fetched from the bucket if it has to be.

    Raises:
        bucket.BucketUnavailable: nobody can tell.
    """
    if place.exists():
        if bucket.is_configured():
            place.touch()  # used lately
        return True
    return bucket.is_configured() and fetch_from_bucket(place)


def fetch_from_bucket(place: Path) -> bool:
    incoming_folder().mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=incoming_folder())
    os.close(handle)
    copy = Path(name)
    try:
        if not bucket.bucket().get(place, copy):
            return False
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(copy, place)
    finally:
        copy.unlink(missing_ok=True)
    return True


def remove_file(place: Path) -> None:
    """For good: from the bucket first, so that no copy outlives the order to remove it."""
    if bucket.is_configured():
        bucket.bucket().remove(place)
    place.unlink(missing_ok=True)


def sync_all(paths: Iterable[Path]) -> None:
    """Brings files or folders to the disk for good. Of many that were written before, the first
    takes most of the time.

    Raises:
        CannotStore
    """
    with storage_errors():
        for path in dict.fromkeys(paths):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def own_prefix() -> str:
    pid = os.getpid()
    return f"{socket.gethostname()}~{pid}~{own_start_time(pid)}~"


def is_orphan(path: Path) -> bool:
    """Whether the process of this machine that wrote it has ended."""
    parts = path.name.split("~")
    if len(parts) != 4 or parts[0] != socket.gethostname() or not parts[1].isdecimal():
        return False
    return not is_alive(int(parts[1]), parts[2])


def clear_stale() -> int:
    """Removes what uploads that broke off have left; how many files that were."""
    left = [path for path in incoming_folder().glob("*") if path.suffix != MARK_SUFFIX]
    orphans = [path for path in left if is_orphan(path)]
    old = older_than((path for path in left if path not in orphans), STALE_SECONDS)
    return sum(try_remove(path) for path in (*orphans, *old))


def clear_copies() -> int:
    """Removes copies that nobody used for long of what the bucket has; how many. A file that it
    lacks, as one from before there was a bucket, is given to it first.

    Raises:
        CannotStore, bucket.BucketUnavailable
    """
    if not bucket.is_configured():
        return 0
    count = 0
    for copy in older_than(
        (Path(settings.MEDIA_ROOT) / "documents").glob("*/*/*.pdf"), COPY_SECONDS
    ):
        if not bucket.bucket().has(copy):
            copy_to_bucket(copy, copy)
        count += try_remove(copy)
    return count


def older_than(paths: Iterable[Path], seconds: float) -> Iterator[Path]:
    before = time.time() - seconds
    for path in paths:
        with contextlib.suppress(OSError):  # another removed it
            if path.stat().st_mtime < before:
                yield path


def try_remove(path: Path) -> bool:
    with contextlib.suppress(OSError):
        path.unlink()
        return True
    return False

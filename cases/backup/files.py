"""Which stored files a database names, and how one is copied by its digest."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.files import bucket, storage
from cases.models import MADE_UP

CHUNK = storage.MB
FOLDERS = ("documents", "archives")  # below MEDIA_ROOT


@dataclass(frozen=True, slots=True)
class ReferencedFile:
    """A file that rows name. Of recognized text (OCR) nothing but its place is on record; where
    it is not `required`, it may be missing."""

    place: Path
    sha256: str = ""
    size: int | None = None
    required: bool = True
    of: str = ""

    @property
    def path(self) -> str:
        return self.place.relative_to(settings.MEDIA_ROOT).as_posix()

    def problem_with(self, sha256: str, size: int) -> str:
        """Why these bytes are not the file's, "" if they are."""
        if self.size is not None and size != self.size:
            return f"has {size:,} bytes instead of {self.size:,}"
        if self.sha256 and sha256 != self.sha256:
            return f"has the digest {sha256[:12]}… instead of {self.sha256[:12]}…"
        return ""


def referenced_files(connection: BaseDatabaseWrapper) -> Iterator[ReferencedFile]:
    """In plain SQL: the database may be one that was not migrated yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, sha256, size, read_by_ocr FROM cases_document"
            " WHERE parser_version <> %s ORDER BY id",
            [MADE_UP],
        )
        documents = cursor.fetchall()
        cursor.execute(
            "SELECT DISTINCT archive FROM cases_batchline"
            " WHERE archive <> '' AND unpacked_at IS NULL AND problem = ''"
        )
        archives = cursor.fetchall()
    for pk, sha256, size, by_ocr in documents:
        of = f"document {pk}"
        yield ReferencedFile(storage.path_of(sha256), sha256, size, of=of)
        yield ReferencedFile(storage.ocr_path_of(sha256), required=bool(by_ocr), of=of)
    for (sha256,) in archives:
        yield ReferencedFile(storage.archive_path_of(sha256), sha256, of="an archive to unpack")


@contextmanager
def open_file(named: ReferencedFile) -> Iterator[IO[bytes] | None]:
    """The file to read, from the bucket where it is not in MEDIA_ROOT; None if there is none.

    What is only optional and not here is not asked of the bucket: it can be made again.

    Raises:
        bucket.BucketUnavailable, OSError
    """
    file: IO[bytes] | None
    try:
        file = named.place.open("rb")
    except FileNotFoundError:
        file = fetch_file(named) if named.required and bucket.is_configured() else None
    try:
        yield file
    finally:
        if file:
            file.close()


def fetch_file(named: ReferencedFile) -> IO[bytes] | None:
    """Leaves no copy in MEDIA_ROOT, which may be too small for all files."""
    storage.incoming_folder().mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=storage.incoming_folder())
    os.close(handle)
    try:
        return Path(name).open("rb") if bucket.bucket().get(named.place, Path(name)) else None
    finally:
        Path(name).unlink()


def digest_of(file: IO[bytes], copy: IO[bytes] | None = None) -> tuple[str, int]:
    """SHA-256 and size of a file, which is written to `copy` on the way."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if copy:
            copy.write(chunk)
    return digest.hexdigest(), size


def stored_paths() -> Iterator[tuple[str, float]]:
    """All files there are, in the bucket too: path below MEDIA_ROOT, and when it was stored."""
    media = Path(settings.MEDIA_ROOT)
    for folder in FOLDERS:
        for path in (media / folder).rglob("*"):
            if path.is_file():
                yield path.relative_to(media).as_posix(), path.stat().st_mtime
    if bucket.is_configured():
        for folder in FOLDERS:
            yield from bucket.bucket().paths(folder)

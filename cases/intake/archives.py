"""Files to import: single files, folders, ZIP archives."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CHUNK = 1 << 20
MOST_MEMBERS = 20_000
MOST_DIRECTORY_BYTES = 32 << 20  # an archive's list of members, which is read into memory at once
MB = 1024 * 1024
MOST_RATIO = 200  # a PDF hardly shrinks below a hundredth; an archive of zeros does
# Of an archive as a whole, and what any may unpack to, however small it is.
MOST_RATIO_IN_ALL, ALWAYS_BYTES = 25, 32 * MB
ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError)

NESTED_ARCHIVE = "An archive inside an archive is not opened. Upload it separately."
DAMAGED = "This ZIP archive is damaged. Create it again, then upload it."


class BrokenMember(Exception):
    """What the archive promised could not be unpacked."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import, or why it can't be (`problem`, in words a person can act on)."""

    name: str
    chunks: Iterable[bytes] = ()
    problem: str = ""
    code: str = ""  # of the problem, to count failures by


@dataclass(frozen=True, slots=True)
class Limits:
    """Size limits: for one file, and for one archive and its unpacked contents."""

    file_mb: int
    archive_mb: int


def iter_sources(path: Path, limits: Limits) -> Iterator[Source]:
    """The PDFs under a path. In folders and archives files that are no PDFs are passed over."""
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and inner.suffix.lower() in (".pdf", ".zip"):
                yield from iter_sources(inner, limits)
    elif not path.exists():
        yield Source(str(path), problem="There is no such file.", code="missing")
    elif path.suffix.lower() == ".zip":
        yield from members(path, limits)
    else:
        yield Source(path.name, file_chunks(path))


def file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def is_archive(name: str, head: bytes) -> bool:
    return name.lower().endswith(".zip") and head.startswith(ZIP_HEADS)


def members(path: Path, limits: Limits) -> Iterator[Source]:
    """The archive's PDFs in their order there, always the same; a broken one ends the list.

    What is said of the archive as a whole bears the archive's own name.
    """
    try:
        if directory_bytes(path) > MOST_DIRECTORY_BYTES:
            yield too_many(path)
            return
        with zipfile.ZipFile(path) as archive:
            infos = [one for one in archive.infolist() if is_wanted(one.filename)]
            if len(infos) > MOST_MEMBERS:
                yield too_many(path)
                return
            total = sum(info.file_size for info in infos)
            if total > unpacked_limit(path, limits):
                yield too_large_unpacked(path, total, limits)
                return
            for info in infos:
                yield member(archive, info, max_mb=limits.file_mb)
    except BROKEN:
        yield Source(path.name, problem=DAMAGED, code="damaged-archive")


def too_many(path: Path) -> Source:
    return Source(
        path.name,
        problem=f"This archive holds more than {MOST_MEMBERS:,} files. Split it.",
        code="too-many-members",
    )


def unpacked_limit(path: Path, limits: Limits) -> int:
    in_proportion = max(MOST_RATIO_IN_ALL * path.stat().st_size, ALWAYS_BYTES)
    return min(limits.archive_mb * MB, in_proportion)


def too_large_unpacked(path: Path, total: int, limits: Limits) -> Source:
    if total > limits.archive_mb * MB:
        words = f"at most {limits.archive_mb:,} MB are taken from one archive"
    else:
        words = f"that is more than {MOST_RATIO_IN_ALL} times its size, which no letter is"
    return Source(
        path.name,
        problem=f"This archive unpacks to {total // MB:,} MB, and {words}. None of it was accepted."
        " Upload the letters without an archive, or in several archives.",
        code="unpacks-to-too-much",
    )


def unpacked_bytes(path: Path) -> int:
    """What the wanted members take up; 0 of an archive that can't be read."""
    try:
        if directory_bytes(path) > MOST_DIRECTORY_BYTES:
            return 0
        with zipfile.ZipFile(path) as archive:
            return sum(one.file_size for one in archive.infolist() if is_wanted(one.filename))
    except BROKEN:
        return 0


def is_wanted(name: str) -> bool:
    """A PDF (or an archive, which is told to be one too many), and no leaving of a Mac."""
    base = name.rsplit("/", 1)[-1]
    hidden = base.startswith(".") or name.startswith("__MACOSX/")
    return base.lower().endswith((".pdf", ".zip")) and not hidden


def directory_bytes(path: Path) -> int:
    """How long the archive says its list of members is (its end record, or the 64-bit one)."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 16) - 22 - 76))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    (length,) = struct.unpack_from("<I", tail, at + 12)
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and wide >= 0 and len(tail) >= wide + 48:
        (length,) = struct.unpack_from("<Q", tail, wide + 40)
    return length


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, max_mb: int) -> Source:
    name = info.filename
    if PurePosixPath(name.replace("\\", "/")).is_absolute() or ".." in PurePosixPath(name).parts:
        return Source(name, problem="Its path points outside its archive.", code="path-outside")
    if name.lower().endswith(".zip"):
        return Source(
            name,
            problem=NESTED_ARCHIVE,
            code="nested-archive",
        )
    if info.flag_bits & 1:
        return Source(
            name,
            problem="It is locked with a password inside its archive. Make the archive without"
            " one, then upload it again.",
            code="encrypted",
        )
    if info.file_size > max_mb * MB or info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return Source(
            name, problem=f"It unpacks to more than is accepted ({max_mb} MB).", code="too-large"
        )
    return Source(name, member_chunks(archive, info))


def member_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except BROKEN as problem:
        raise BrokenMember from problem

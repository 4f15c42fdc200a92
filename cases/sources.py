"""Files to take in: single ones, folders, ZIP archives."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20
MOST_MEMBERS = 20_000
MOST_RATIO = 200  # a PDF hardly shrinks below a hundredth; an archive of zeros does
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One file to take in, or why it can't be (`problem`, in words a person can act on)."""

    name: str
    chunks: Iterable[bytes] = ()
    problem: str = ""


def sources(path: Path, *, max_mb: int) -> Iterator[Source]:
    """The PDFs under a path. In folders and archives files that are no PDFs are passed over."""
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and inner.suffix.lower() in (".pdf", ".zip"):
                yield from sources(inner, max_mb=max_mb)
    elif not path.exists():
        yield Source(str(path), problem="There is no such file.")
    elif path.suffix.lower() == ".zip":
        yield from members(path, max_mb=max_mb)
    else:
        yield Source(path.name, file_chunks(path))


def file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def members(path: Path, *, max_mb: int) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [one for one in archive.infolist() if one.filename.lower().endswith(".pdf")]
            if len(infos) > MOST_MEMBERS:
                yield Source(
                    path.name, problem=f"This archive holds more than {MOST_MEMBERS:,} PDFs."
                )
                return
            for info in infos:
                yield member(archive, info, max_mb=max_mb)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        yield Source(path.name, problem="This ZIP archive is damaged. Make it anew.")


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, max_mb: int) -> Source:
    if info.flag_bits & 1:
        return Source(info.filename, problem="It is locked with a password inside its archive.")
    if info.file_size > max_mb * MB or info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return Source(info.filename, problem=f"It unpacks to more than is taken in ({max_mb} MB).")
    return Source(info.filename.rsplit("/", 1)[-1], member_chunks(archive, info))


def member_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        while chunk := file.read(CHUNK):
            yield chunk

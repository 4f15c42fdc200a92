"""The manifest of a backup: what it holds, with digests. A folder without one is no backup."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.crypto import salted_hmac

NAME = "manifest.json"
FORMAT = 1
FILES = "files"
SECRET_KEY = "secret_key"  # noqa: S105  the name of a file


class BackupError(Exception):
    """A backup or a restore can't be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a backup; `path` is below the backup's folder."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`missing` are stored files that could not be copied whole; a whole backup has none."""

    format: int
    product: str
    made_at: str
    vendor: str
    database: FileEntry
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    files: tuple[FileEntry, ...]
    missing: tuple[str, ...]
    secret_key: FileEntry | None
    key_fingerprint: str

    @property
    def entries(self) -> list[FileEntry]:
        """All files of the backup but the manifest itself."""
        return [self.database, *self.files, *([self.secret_key] if self.secret_key else [])]

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.entries)


def fingerprint(secret_key: str) -> str:
    """Tells whether two keys are the same, without telling the key."""
    return salted_hmac("cases.backup", "key", secret=secret_key, algorithm="sha256").hexdigest()[
        :16
    ]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Atomic, and after everything else has reached the disk."""
    os.sync()
    data = asdict(manifest)
    part = folder / f"{NAME}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump({"sha256": digest_of(data), **data}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / NAME)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """
    Raises:
        BackupError: there is no finished backup, or its manifest was changed or cut.
    """
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BackupError(
            f"{folder} holds no finished backup: it has no {NAME}. A backup that was broken off"
            " can't be restored; take another one."
        ) from error
    except (OSError, ValueError) as error:
        raise BackupError(
            f"{folder / NAME} can't be read: {error}. Take another backup."
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("format"), int):
        raise BackupError(f"{folder / NAME} is no manifest of a backup. Take another one.")
    if data["format"] > FORMAT:
        raise BackupError(
            f"This backup has format {data['format']}; this version reads format {FORMAT}. Restore"
            f" it with the version that made it ({data.get('product')}) or a later one."
        )
    if data.pop("sha256", None) != digest_of(data):
        raise BackupError(f"{folder / NAME} was changed or is damaged. Take another backup.")
    return parse_manifest(data)


def parse_manifest(data: dict[str, Any]) -> Manifest:
    key = data["secret_key"]
    manifest = Manifest(
        **data
        | {
            "database": FileEntry(**data["database"]),
            "migrations": tuple((app, name) for app, name in data["migrations"]),
            "files": tuple(FileEntry(**one) for one in data["files"]),
            "missing": tuple(data["missing"]),
            "secret_key": FileEntry(**key) if key else None,
        }
    )
    for entry in manifest.entries:
        path = PurePosixPath(entry.path)
        if path.is_absolute() or ".." in path.parts:
            raise BackupError(f"The manifest names {entry.path}, which lies outside of the backup.")
    return manifest

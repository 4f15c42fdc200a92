"""Writes a backup: a copy of the database, then every file that this copy names."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from cases.backup import database
from cases.backup.files import ReferencedFile, digest_of, open_file, referenced_files
from cases.backup.manifest import (
    FILES,
    FORMAT,
    NAME,
    SECRET_KEY,
    BackupError,
    FileEntry,
    Manifest,
    fingerprint,
    write_manifest,
)
from cases.files import bucket

MOST_ROUNDS = 3
RESERVE = 64 * 1024 * 1024  # bytes of the disk that a backup leaves free
Say = Callable[[str], None]


class FileRemoved(Exception):
    """A file that the copy of the database names was removed for good since it was made."""


@dataclass(slots=True)
class Progress:
    """The files of a backup so far, by their path below MEDIA_ROOT."""

    copied: dict[str, FileEntry] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    entry: FileEntry
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    files: tuple[ReferencedFile, ...]


def back_up(folder: Path, say: Say, *, with_secret_key: bool = False) -> Manifest:
    """Writes a backup into a new or empty folder. What could not be copied whole is in the
    manifest's `missing`.

    Raises:
        BackupError: nothing is left of it.
    """
    key = secret_key()
    if with_secret_key and not key:
        raise BackupError(
            "There is no secret key to include: SECRET_KEY is not set, and this installation has"
            " made none up. Set SECRET_KEY, or omit --with-secret-key."
        )
    with private_files(), new_folder(folder):
        check_space(folder)
        copy, done = copy_all(folder, say)
        manifest = Manifest(
            format=FORMAT,
            product=product_version(),
            made_at=timezone.now().isoformat(timespec="seconds"),
            vendor=connection.vendor,
            database=copy.entry,
            migrations=copy.migrations,
            counts=copy.counts,
            files=tuple(done.copied[path] for path in sorted(done.copied)),
            missing=tuple(f"{path} {why}" for path, why in sorted(done.missing.items())),
            secret_key=write_key(folder, key) if with_secret_key else None,
            key_fingerprint=fingerprint(key) if key else "",
        )
        write_manifest(folder, manifest)
    return manifest


@contextmanager
def private_files() -> Iterator[None]:
    """What is made meanwhile is this user's alone: folders 0700, files 0600."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """Creates the folder; removes its contents if the backup fails.

    Raises:
        BackupError: the folder can't be used, or the disk refused to take the backup.
    """
    existed = folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            finished = (folder / NAME).exists()
            what = "already holds a backup" if finished else "is not empty"
            raise BackupError(f"{folder} {what}. Name a new or an empty folder.")
        folder.chmod(0o700)
    except OSError as error:
        raise BackupError(f"{folder} can't be written to: {error.strerror}.") from error
    try:
        yield
    except BaseException as error:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not existed:
            folder.rmdir()
        if isinstance(error, OSError):
            raise BackupError(f"The backup can't be written: {error}. Nothing is kept.") from error
        raise


def check_space(folder: Path) -> None:
    needed = database.database_engine().size() + RESERVE
    needed += sum(named.size or 0 for named in referenced_files(connection))
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(
            f"The backup needs about {format_mb(needed)} and {folder} has {format_mb(free)} free."
            " Make room, or name a folder on another disk."
        )


def format_mb(size: int) -> str:
    return f"{max(1, round(size / 1_000_000)):,} MB"


def copy_all(folder: Path, say: Say) -> tuple[DatabaseCopy, Progress]:
    """Database and files; anew if a case was removed for good while its file was to be copied."""
    done = Progress()
    for left in reversed(range(MOST_ROUNDS)):
        copy = copy_database(folder, say)
        try:
            copy_files(folder, copy, done, say)
        except FileRemoved:
            if not left:
                raise BackupError(
                    "Cases were removed again and again while the backup was made. Try again when"
                    " that has ended."
                ) from None
            continue
        remove_unreferenced(folder, copy, done)
        return copy, done
    raise AssertionError("unreachable")


def copy_database(folder: Path, say: Say) -> DatabaseCopy:
    engine = database.database_engine()
    target = folder / engine.FILE_NAME
    target.unlink(missing_ok=True)
    with engine.copied(target, say) as state:
        migrations, counts = database.applied_migrations(state), database.row_counts(state)
        files = tuple(referenced_files(state))
    with target.open("rb") as file:
        entry = FileEntry(engine.FILE_NAME, *digest_of(file))
    return DatabaseCopy(entry, migrations, counts, files)


def copy_files(folder: Path, copy: DatabaseCopy, done: Progress, say: Say) -> None:
    """
    Raises:
        FileRemoved
    """
    done.missing.clear()
    for number, named in enumerate(copy.files, 1):
        if named.path not in done.copied:
            copy_file(folder, named, done)
        say(f"Files: {number} of {len(copy.files)}")
    if done.missing:
        still_named = {named.path for named in referenced_files(connection) if named.required}
        if done.missing.keys() - still_named:
            raise FileRemoved


def copy_file(folder: Path, named: ReferencedFile, done: Progress) -> None:
    path = f"{FILES}/{named.path}"
    target = folder / path
    try:
        with open_file(named) as file:
            if file is None:
                if named.required:
                    done.missing[named.path] = f"({named.of}) is missing"
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as copy:
                entry = FileEntry(path, *digest_of(file, copy))
    except bucket.BucketUnavailable as problem:
        raise BackupError(str(problem)) from problem
    if damage := named.problem_with(entry.sha256, entry.size):
        target.unlink()
        done.missing[named.path] = f"({named.of}) {damage}"
    else:
        done.copied[named.path] = entry


def remove_unreferenced(folder: Path, copy: DatabaseCopy, done: Progress) -> None:
    """Files that an earlier round copied and the last copy of the database does not name."""
    for path in done.copied.keys() - {named.path for named in copy.files}:
        (folder / done.copied.pop(path).path).unlink()


def secret_key() -> str:
    """SECRET_KEY, or the one that `make run` has made up; "" if there is none."""
    if not settings.SECRET_KEY_IS_MADE_UP:
        return settings.SECRET_KEY
    kept = settings.VAR_DIR / SECRET_KEY
    return kept.read_text().strip() if kept.exists() else ""


def write_key(folder: Path, key: str) -> FileEntry:
    target = folder / SECRET_KEY
    target.write_text(f"{key}\n")
    with target.open("rb") as file:
        return FileEntry(SECRET_KEY, *digest_of(file))


def product_version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]

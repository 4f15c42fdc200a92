"""Puts a backup into an empty installation, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from cases.backup import archive, database
from cases.backup.files import CHUNK, FOLDERS, digest_of, stored_paths
from cases.backup.manifest import (
    FILES,
    SECRET_KEY,
    BackupError,
    FileEntry,
    Manifest,
    fingerprint,
    read_manifest,
)
from cases.files import bucket, storage
from cases.index.changes import set_database_identity

Say = Callable[[str], None]


@dataclass(slots=True)
class Restored:
    """What a restore has put in place, so that it can be taken away again."""

    had_tables: bool
    files: list[Path] = field(default_factory=list)
    database: bool = False
    notes: list[str] = field(default_factory=list)


def restore_backup(
    folder: Path, say: Say, *, incomplete: bool = False
) -> tuple[Manifest, Restored]:
    """Verifies all of the backup, then restores files and database, and migrates it.

    Args:
        incomplete: takes a backup that lacks files, too.

    Raises:
        BackupError: the installation is as empty as it was.
    """
    manifest = read_manifest(folder)
    check_compatible(manifest)
    if manifest.missing and not incomplete:
        raise BackupError(
            f"This backup is not whole. It lacks {'; '.join(manifest.missing[:5])}. Restore another"
            " one, or this one as it is with --incomplete."
        )
    check_empty(manifest)
    check_free_space(manifest)
    verify(folder, manifest, say)
    done = Restored(had_tables=database.has_tables())
    with archive.private_files(), all_or_nothing(done):
        restore_files(folder, manifest, done, say)
        say("Database")
        done.database = True
        database.database_engine().load(folder / manifest.database.path)
        check_counts(manifest)
        say("Migrations")
        call_command("migrate", interactive=False, verbosity=0)
        set_database_identity(anew=True)
        restore_key(folder, manifest, done)
    return manifest, done


# -- before anything is written ----------------------------------------------------------------


def check_compatible(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BackupError(
            f"This backup is of a {vendor_name(manifest.vendor)} database, and DATABASE_URL names a"
            f" {vendor_name(connection.vendor)} one. A backup can only be restored into the same"
            " kind of database."
        )
    if unknown := database.unknown_migrations(manifest.migrations):
        raise BackupError(
            f"This backup was made by a later version ({manifest.product}): it has migrations that"
            f" this one lacks ({', '.join(unknown[:3])}). Install that version, then restore."
        )


def vendor_name(vendor: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(vendor, vendor)


def check_empty(manifest: Manifest) -> None:
    """Stored files of the backup itself are in nobody's way."""
    try:
        found = database.describe_contents()
        own = {entry.path for entry in manifest.files}
        others = sum(f"{FILES}/{path}" not in own for path in {path for path, _ in stored_paths()})
    except (DatabaseError, bucket.BucketUnavailable) as error:
        raise BackupError(f"This installation can't be looked at: {error}") from error
    if others:
        found.append(f"{others:,} stored file{'s' * (others != 1)}")
    if found:
        raise BackupError(
            f"This installation is not empty: it has {', '.join(found)}. Restore into a new one,"
            " before its first start: let IMR_VAR_DIR (or DATABASE_URL and MEDIA_ROOT) name an"
            " empty place."
        )


def check_free_space(manifest: Manifest) -> None:
    needed, free = manifest.size + archive.RESERVE, shutil.disk_usage(settings.VAR_DIR).free
    if free < needed:
        raise BackupError(
            f"The backup has {archive.format_mb(needed)}, and there are"
            f" {archive.format_mb(free)} free. Make room first."
        )


def verify(folder: Path, manifest: Manifest, say: Say) -> None:
    """Every file against its digest."""
    wrong = []
    for number, entry in enumerate(manifest.entries, 1):
        try:
            with (folder / entry.path).open("rb") as file:
                if digest_of(file) != (entry.sha256, entry.size):
                    wrong.append(f"{entry.path} is damaged")
        except OSError as error:
            wrong.append(f"{entry.path} can't be read ({error.strerror})")
        say(f"Verified {number} of {len(manifest.entries)} files")
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise BackupError(
            f"The backup is damaged: {'; '.join(wrong[:5])}{more}. Nothing was restored. Restore"
            " another backup, or another copy of this one."
        )


# -- writing -----------------------------------------------------------------------------------


@contextmanager
def all_or_nothing(done: Restored) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        try:
            remove_restored(done)
        except Exception as another:
            raise BackupError(
                f"The restore failed ({error}), and what it had written could not be removed"
                f" ({another}). Empty the database and MEDIA_ROOT before you try again."
            ) from error
        if isinstance(error, Exception) and not isinstance(error, BackupError):
            raise BackupError(
                f"The restore failed: {error} The installation is empty again."
            ) from error
        raise


def remove_restored(done: Restored) -> None:
    for place in done.files:
        storage.remove_file(place)
    if done.database:
        connection.close()
        database.database_engine().clear()
        if done.had_tables:
            call_command("migrate", interactive=False, verbosity=0)


def restore_files(folder: Path, manifest: Manifest, done: Restored, say: Say) -> None:
    for number, entry in enumerate(manifest.files, 1):
        restore_file(folder, entry, done)
        say(f"Files: {number} of {len(manifest.files)}")


def restore_file(folder: Path, entry: FileEntry, done: Restored) -> None:
    place = target_path(entry)
    is_new = not storage.is_available(place)
    with (folder / entry.path).open("rb") as file:
        sealed = storage.seal(chunks_of(file), entry.size)
    if (sealed.stored.sha256, sealed.stored.size) != (entry.sha256, entry.size):
        sealed.path.unlink()
        raise BackupError(f"{entry.path} was changed while it was restored.")
    if is_new:
        done.files.append(place)
    storage.put_in_place(sealed, place)


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def target_path(entry: FileEntry) -> Path:
    path = PurePosixPath(entry.path).relative_to(FILES)
    if path.parts[0] not in FOLDERS:
        raise BackupError(
            f"The manifest names {entry.path}, which is not a file of this installation."
        )
    return Path(settings.MEDIA_ROOT) / path


def check_counts(manifest: Manifest) -> None:
    found = database.row_counts(connection)
    wrong = [table for table in manifest.counts if found.get(table) != manifest.counts[table]]
    if wrong:
        raise BackupError(f"The restored database lacks rows: {', '.join(wrong)}.")


def restore_key(folder: Path, manifest: Manifest, done: Restored) -> None:
    """An installation that has no key gets the backup's; else its own stays, and people are told
    if it is another."""
    own = archive.secret_key()
    if not own and manifest.secret_key:
        key = (folder / manifest.secret_key.path).read_text()
        handle = os.open(settings.VAR_DIR / SECRET_KEY, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(key)
        done.notes.append("The secret key of the backup is now in use by `make run`.")
    elif not own or fingerprint(own) != manifest.key_fingerprint:
        done.notes.append(
            "The secret key of the backup's installation is not in use here. Set it as SECRET_KEY,"
            " or add it to SECRET_KEY_FALLBACKS. Otherwise everybody has to sign in again,"
            " invitations that were not used lapse, and second factors have to be set up anew."
        )
    if off := database.uninstalled_apps(manifest.migrations):
        done.notes.append(
            f"The backup has tables of parts that are switched off here ({', '.join(off)}). Set"
            " OIDC_ISSUER or SECOND_FACTOR as they were."
        )

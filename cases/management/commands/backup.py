"""`manage.py backup`: database and files, consistent while people work."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from cases.backup.archive import back_up, format_mb
from cases.backup.manifest import BackupError, Manifest
from cases.models import BackupRun

PAUSE_SECONDS = 2.0
WITHOUT_KEY = (
    "The secret key is not in the backup: keep it apart, in a safe place. Without it everybody has"
    " to sign in again after a restore, and second factors have to be set up anew."
)
WITH_KEY = "The backup holds the secret key: whoever can read it can sign in as anybody."


class ProgressReporter:
    """Says how far something is, but not too often."""

    def __init__(self, out: Any) -> None:
        self.out, self.said_at = out, time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self.said_at >= PAUSE_SECONDS:
            self.said_at = time.monotonic()
            self.out.write(text)
            self.out.flush()


class Command(BaseCommand):
    help = (
        "Writes database and files into a new or empty folder, while people work. Exit status 0"
        " only if the backup is whole."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument(
            "--with-secret-key", action="store_true", help="include the secret key, readable"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = back_up(
                options["folder"],
                ProgressReporter(self.stderr),
                with_secret_key=options["with_secret_key"],
            )
        except (BackupError, DatabaseError) as problem:
            remember(options["folder"], problem="It failed.")
            raise CommandError(str(problem)) from problem
        missing = len(manifest.missing)
        remember(
            options["folder"],
            size=manifest.size,
            problem=f"{missing} stored file(s) are missing or damaged." if missing else "",
        )
        self.stdout.write(WITH_KEY if manifest.secret_key else WITHOUT_KEY)
        if manifest.missing:
            self.complain(manifest)
        self.stdout.write(f"backed up {summary(manifest)} to {options['folder']}")

    def complain(self, manifest: Manifest) -> None:
        for one in manifest.missing:
            self.stderr.write(one)
        raise CommandError(
            f"The backup is not whole: {len(manifest.missing)} stored file(s) are missing or"
            " damaged. `manage.py check_data` says what to do. The rest is backed up and can be"
            " restored with --incomplete."
        )


def remember(folder: Path, *, size: int = 0, problem: str = "") -> None:
    """For /operations/. A database that takes no row has no worse backup for it."""
    with suppress(DatabaseError):
        BackupRun.objects.create(
            host=socket.gethostname()[:255],
            folder=str(folder.absolute())[:1000],
            size=size,
            problem=problem,
        )


def summary(manifest: Manifest) -> str:
    cases, documents = (manifest.counts.get(f"cases_{name}", 0) for name in ("case", "document"))
    files = len(manifest.files)
    return f"{cases:,} cases, {documents:,} documents, {files:,} files ({format_mb(manifest.size)})"

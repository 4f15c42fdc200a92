"""`manage.py restore`: a backup into an empty installation, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from cases.backup.manifest import BackupError
from cases.backup.restore import restore_backup
from cases.management.commands.backup import ProgressReporter, summary


class Command(BaseCommand):
    help = (
        "Puts a backup into an empty installation, and migrates it if it is of an earlier version."
        " On failure the installation is empty again."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument(
            "--incomplete", action="store_true", help="also a backup that lacks stored files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest, done = restore_backup(
                options["folder"], ProgressReporter(self.stderr), incomplete=options["incomplete"]
            )
        except (BackupError, DatabaseError) as problem:
            raise CommandError(str(problem)) from problem
        for note in done.notes:
            self.stdout.write(note)
        self.stdout.write(f"restored {summary(manifest)}, made {manifest.made_at}")

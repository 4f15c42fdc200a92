"""`manage.py check_data`: looks for damage, and says of each finding what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from cases.data_checks.registry import Options, run_checks
from cases.models import Case, Document


class Command(BaseCommand):
    help = (
        "Compares stored files, references, anchors, derived values, counts and search indexes with"
        " the rows. A line a finding; exit status 1 if there is one. Changes nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-files", action="store_true", help="don't read files: only whether they are there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        try:
            for finding in run_checks(Options(read_files=not options["no_files"])):
                count += 1
                self.stdout.write(str(finding))
        except DatabaseError as error:
            raise CommandError(
                f"The check broke off, since the database could not be read: {error}. If it is not"
                " just busy or down, restore the last backup in which nothing was found."
            ) from error
        if count:
            self.stdout.write(f"{count:,} finding{'s' * (count != 1)}")
            sys.exit(1)
        self.stdout.write(
            f"nothing found in {Case.objects.count():,} cases and"
            f" {Document.objects.count():,} documents"
        )

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.intake.purge import purge_cases
from cases.models import Case


class Command(BaseCommand):
    help = "Permanently removes cases, with their files, annotations and history."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case_numbers", nargs="+", metavar="CASE_NUMBER")
        parser.add_argument(
            "--dry-run", action="store_true", help="only report what would be removed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = list(dict.fromkeys(options["case_numbers"]))
        known = set(
            Case.objects.filter(case_number__in=numbers).values_list("case_number", flat=True)
        )
        if unknown := [number for number in numbers if number not in known]:
            raise CommandError(f"Not on file: {', '.join(unknown)}. Nothing was removed.")
        dry_run = options["dry_run"]
        for one in purge_cases(numbers, dry_run=dry_run):
            self.stdout.write(f"{'would remove' if dry_run else 'removed'} {one.in_words()}")

"""`manage.py refresh`: works out again what is derived from cases, as check_data advises."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from cases.corrections.refresh import refresh_case
from cases.data_checks.registry import rebuilders
from cases.data_checks.search import extra_rows_of
from cases.index.changes import set_database_identity
from cases.index.current import snapshot_path
from cases.models import Case, Document
from cases.search.documents import document_row
from cases.search.full_text import CASES, CITATIONS, DOCUMENTS, ISSUES

BATCH = 2000


class Command(BaseCommand):
    help = (
        "Recomputes what is derived from cases: decisions, verdicts, search indexes."
        " What the letters say and what people wrote stays as it is."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case_numbers", nargs="*", metavar="CASE_NUMBER")
        parser.add_argument(
            "--all", action="store_true", help="all cases, and what is shared by several"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers, everything = options["case_numbers"], options["all"]
        if bool(numbers) == everything:
            raise CommandError("Name case numbers, or pass --all.")
        cases = Case.objects.order_by("pk")
        if numbers:
            cases = cases.filter(case_number__in=numbers)
            known = set(cases.values_list("case_number", flat=True))
            if unknown := [number for number in numbers if number not in known]:
                raise CommandError(f"Not on file: {', '.join(unknown)}. Nothing was done.")
        keys = list(cases.values_list("pk", flat=True))
        for key in keys:
            refresh_one(key)
        if everything:
            rebuild_all()
        self.stdout.write(f"refreshed {len(keys):,} cases")


@transaction.atomic
def refresh_one(key: int) -> None:
    if case := Case.objects.select_for_update().filter(pk=key).first():
        refresh_case(case)


def rebuild_all() -> None:
    """What belongs to no case alone."""
    autodiscover_modules("data_checks")
    snapshot_path().unlink(missing_ok=True)
    set_database_identity(anew=True)
    for text in (CASES, ISSUES, CITATIONS, DOCUMENTS):
        while extra := extra_rows_of(text):
            text.delete(extra)
    documents = Document.objects.only("pk", "name").order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(documents, BATCH)):
        DOCUMENTS.write([document_row(document) for document in batch])
    for again in rebuilders:
        again()

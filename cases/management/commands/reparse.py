"""`manage.py reparse`: parses stored documents again; what people did stays."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.files.reading_limits import reading_limits
from cases.intake import pipeline
from cases.letters.reading.sandbox import Sandbox
from cases.models import MADE_UP, Case, Document, Proposal

POLL_SECONDS = 0.3


class Command(BaseCommand):
    help = (
        "Parses stored documents again. Values that a person corrected stay, annotations keep"
        " their issues; a reading that would lose an issue with annotations needs a decision."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case_numbers", nargs="*", metavar="CASE_NUMBER")
        parser.add_argument("--all", action="store_true", help="every stored document")

    def handle(self, *args: Any, **options: Any) -> None:
        documents = chosen_documents(options["case_numbers"], everything=options["all"])
        done = failed = 0
        before = Proposal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with Sandbox(reading_limits()) as sandbox:
            for pk in documents:
                document = Document.objects.get(pk=pk)
                parse_again(document, sandbox)
                if document.error_code:
                    failed += 1
                    self.stderr.write(f"{document.name}: {document.error_message}")
                else:
                    done += 1
        new = Proposal.objects.filter(pk__gt=before, reading__document__in=documents)
        for proposal in new.select_related("case"):
            self.stderr.write(self.words(proposal))
        self.stdout.write(
            f"reparsed {done}, changed {new.filter(state=Proposal.State.APPLIED).count()},"
            f" to decide {new.filter(state=Proposal.State.OPEN).count()}, failed {failed}"
        )
        if failed:
            sys.exit(1)

    def words(self, proposal: Proposal) -> str:
        if proposal.state == Proposal.State.OPEN:
            return f"{proposal.case}: needs a decision, see {proposal.get_absolute_url()}"
        kept = sum(change["what"] == "kept" for change in proposal.changes)
        return (
            f"{proposal.case}: {len(proposal.changes) - kept} changed, {kept} corrected values"
            f" stay, see {proposal.get_absolute_url()}"
        )


def chosen_documents(numbers: list[str], *, everything: bool) -> list[int]:
    if everything == bool(numbers):
        raise CommandError("Name case numbers, or pass --all.")
    if everything:
        ended = Document.objects.filter(status__in=Document.ENDED).exclude(parser_version=MADE_UP)
        return list(ended.order_by("pk").values_list("pk", flat=True))
    found = Case.objects.select_related("document").in_bulk(numbers, field_name="case_number")
    if missing := [number for number in numbers if number not in found]:
        raise CommandError(f"There is no case {', '.join(missing)}.")
    made_up = [str(case) for case in found.values() if case.document.is_made_up]
    if made_up:
        raise CommandError(f"Synthetic, with no file to parse: {', '.join(made_up)}.")
    return list(dict.fromkeys(found[number].document_id for number in numbers))


def parse_again(document: Document, sandbox: Sandbox) -> None:
    """In this process; or, if a worker has it just now, by that worker."""
    pipeline.reparse_document(document, hint=False)
    pipeline.read_document(document.pk, sandbox)
    document.refresh_from_db()
    while not document.has_ended:
        time.sleep(POLL_SECONDS)
        document.refresh_from_db()

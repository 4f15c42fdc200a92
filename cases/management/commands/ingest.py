"""`manage.py ingest`: files, folders and ZIP archives, taken in as uploads are."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from cases.files.reading_limits import reading_limits
from cases.forms.claim import UploadFacts, UploadFactsForm
from cases.intake import batches, messages, ocr, pipeline, sweeper, workers
from cases.intake.archives import iter_sources
from cases.letters.reading.sandbox import Sandbox
from cases.models import Batch, Document

POLL_SECONDS = 0.3
SWEEP_SECONDS = 10
SILENT_SECONDS = 30


class Command(BaseCommand):
    help = "Imports PDFs, folders of PDFs and ZIP archives; workers parse them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--wait", action="store_true", help="wait until all have been parsed")
        parser.add_argument("--user", help="user name of the uploader")
        parser.add_argument(
            "--received-on",
            metavar="DATE",
            help="when the determinations were received (YYYY-MM-DD); without it, today is assumed"
            " until somebody confirms it",
        )
        parser.add_argument(
            "--without-obligations",
            action="store_true",
            help="old letters: keep no deadlines for them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        facts = upload_facts(options["received_on"], options["without_obligations"])
        alone = not workers.is_worker_running()
        if alone:
            self.stderr.write("No worker is running: reading in this process.")
        try:
            uploader = find_user(options["user"])
            with messages.sending_paused() if alone else nullcontext():
                taken, duplicates, failed = self.take_in(options["paths"], uploader, facts)
                if alone:
                    self.read(taken)
            failures = self.wait(taken) if alone or options["wait"] else 0
        except DatabaseError as error:
            raise CommandError(f"The database can't be used: {error}") from error
        self.stdout.write(
            f"ingested {len(taken) - failures}, duplicate {duplicates}, failed {failed + failures}"
        )
        if failed + failures:
            sys.exit(1)

    def take_in(
        self, paths: list[str], uploader: Any, facts: UploadFacts
    ) -> tuple[list[int], int, int]:
        """The new documents, and how many were here already and how many failed."""
        taken: list[int] = []
        duplicates = failed = 0
        batch = batches.start_batch(Batch.Origin.COMMAND, uploader, facts=facts)
        limits = batches.unpacking_limits()
        sources = chain.from_iterable(iter_sources(Path(path), limits) for path in paths)
        for line in batches.add_files(batch, sources):
            if line.problem:
                failed += 1
                self.stderr.write(f"{line.name}: {line.problem}")
            elif line.duplicate:
                duplicates += 1
            elif line.document_id is not None:
                taken.append(line.document_id)
        return taken, duplicates, failed

    def read(self, waiting: list[int]) -> None:
        """Reads them here, one after another; a worker that starts meanwhile may take some."""
        with Sandbox(reading_limits()) as sandbox:
            for number, pk in enumerate(waiting):
                self.stderr.write(f"{number} of {len(waiting)} read")
                pipeline.read_document(pk, sandbox)
                if ocr.is_available():
                    pipeline.read_with_ocr(pk, sandbox)

    def wait(self, taken: list[int]) -> int:
        """Shows progress until every document has ended; how many of them failed."""
        heard_at = swept_at = time.monotonic()
        waiting, last_left = set(taken), -1
        while True:
            waiting = unfinished(waiting)
            now = time.monotonic()
            if len(waiting) != last_left:
                last_left, heard_at = len(waiting), now
                self.stderr.write(f"{len(taken) - len(waiting)} of {len(taken)} read")
            if not waiting:
                break
            if now - swept_at > SWEEP_SECONDS:
                sweeper.sweep()
                swept_at = now
            if now - heard_at > SILENT_SECONDS and not workers.is_worker_running():
                self.stderr.write("No worker is running any more: reading in this process.")
                self.read([pk for pk in taken if pk in waiting])
                heard_at = time.monotonic()
            time.sleep(POLL_SECONDS)
        failures = [d for d in documents(taken) if d.status != Document.Status.PARSED]
        for document in failures:
            self.stderr.write(f"{document.name}: {document.error_message}")
        return len(failures)


def unfinished(ids: set[int]) -> set[int]:
    """Those of the documents that have not ended."""
    states = Document.objects.filter(status__in=Document.UNFINISHED).order_by()
    return ids.intersection(states.values_list("pk", flat=True))


def documents(ids: list[int]) -> list[Document]:
    return [
        document
        for start in range(0, len(ids), 500)
        for document in Document.objects.filter(pk__in=ids[start : start + 500])
    ]


def upload_facts(received_on: str | None, without_obligations: bool) -> UploadFacts:
    entered = {"received_on": received_on or "", "without_obligations": without_obligations}
    form = UploadFactsForm(entered)
    for errors in form.errors.values():
        raise CommandError(f"--received-on {received_on}: {' '.join(map(str, errors))}")
    return form.facts


def find_user(name: str | None) -> Any:
    if not name:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user {name!r}.")
    return user

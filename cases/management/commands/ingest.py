"""`manage.py ingest`: files, folders and ZIP archives, taken in as uploads are."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases import batches, sweeper
from cases.models import Batch, Document
from cases.sources import sources

POLL_SECONDS = 0.3
SWEEP_SECONDS = 10
SILENT_SECONDS = 30


class Command(BaseCommand):
    help = "Takes in PDFs, folders of them and ZIP archives; workers parse them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--wait", action="store_true", help="until all have been parsed")
        parser.add_argument("--user", help="whose upload this is")

    def handle(self, *args: Any, **options: Any) -> None:
        uploader = find_user(options["user"])
        taken: list[int] = []
        duplicates = failed = 0
        batch = batches.start(Batch.Origin.COMMAND, uploader)
        for path in options["paths"]:
            for source in sources(Path(path), max_mb=settings.IMR_MAX_UPLOAD_MB):
                line = batches.take(batch, source)
                if line.problem:
                    failed += 1
                    self.stderr.write(f"{line.name}: {line.problem}")
                elif line.duplicate:
                    duplicates += 1
                else:
                    taken.append(line.document_id)
        failures = self.wait(taken) if options["wait"] else 0
        self.stdout.write(
            f"ingested {len(taken) - failures}, duplicate {duplicates}, failed {failed + failures}"
        )
        if failed + failures:
            sys.exit(1)

    def wait(self, taken: list[int]) -> int:
        """Shows progress until every document has ended; how many of them failed."""
        heard_at = swept_at = time.monotonic()
        last_done, warned = -1, False
        while True:
            ended = [d for d in documents(taken) if d.has_ended]
            now = time.monotonic()
            if len(ended) != last_done:
                last_done, heard_at = len(ended), now
                self.stderr.write(f"{len(ended)} of {len(taken)} read")
            if len(ended) == len(taken):
                break
            if now - swept_at > SWEEP_SECONDS:
                sweeper.sweep()
                swept_at = now
            if now - heard_at > SILENT_SECONDS and not warned:
                self.stderr.write("No worker has answered for a while. Is one running?")
                warned = True
            time.sleep(POLL_SECONDS)
        failures = [d for d in ended if d.status != Document.Status.PARSED]
        for document in failures:
            self.stderr.write(f"{document.name}: {document.error_message}")
        return len(failures)


def documents(ids: list[int]) -> list[Document]:
    return [
        document
        for start in range(0, len(ids), 500)
        for document in Document.objects.filter(pk__in=ids[start : start + 500])
    ]


def find_user(name: str | None) -> Any:
    if not name:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user {name!r}.")
    return user

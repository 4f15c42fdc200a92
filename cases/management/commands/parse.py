"""`manage.py parse`: PDFs → JSON, without the database."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cases.letters.model import ReadError, Reading
from cases.letters.reading.sandbox import MB, Limits, Sandbox
from cases.letters.record import dump_reading


class Command(BaseCommand):
    help = "Parses PDFs and prints one JSON object per file; nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--pretty", action="store_true", help="indented JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        limits = Limits(
            settings.IMR_PARSE_SECONDS,
            settings.IMR_PARSE_MEMORY_MB,
            settings.IMR_MAX_PAGES,
            settings.IMR_MAX_UPLOAD_MB * MB,
            settings.IMR_REQUIRE_WALLS,
        )
        indent = 1 if options["pretty"] else None
        all_gave_letters = True
        try:
            with Sandbox(limits) as sandbox:
                for name in options["files"]:
                    result = parse_file(name, sandbox)
                    all_gave_letters = all_gave_letters and bool(result["letters"])
                    print(json.dumps(result, indent=indent, ensure_ascii=False), flush=True)
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0 if all_gave_letters else 2)


def parse_file(name: str, sandbox: Sandbox) -> dict[str, Any]:
    try:
        with Path(name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        record = sandbox.read_record(name)
    except OSError as problem:
        digest = None
        error = ReadError("not-a-pdf", f"Can't open it: {problem.strerror}.")
        record = dump_reading(Reading(error=error))
    return {
        "file": name,
        "sha256": digest,
        "pages": record["page_count"],
        "error": record["error"],
        "letters": record["letters"],
    }

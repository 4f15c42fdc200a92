"""Stored files against the rows that name them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from cases.backup.files import ReferencedFile, digest_of, open_file, referenced_files, stored_paths
from cases.data_checks.registry import Finding, Options, checks
from cases.files import bucket

JUST_NOW = 600  # seconds: a file is stored a moment before its row
RESTORE_FILE = (
    "Restore the file from a backup (files/{path} there) to {place}, or upload the letter again"
)


def check_files(options: Options) -> Iterator[Finding]:
    paths = set()
    try:
        for named in referenced_files(connection):
            paths.add(named.path)
            yield from check_file(named, read=options.read_files)
        yield from files_without_rows(paths)
    except bucket.BucketUnavailable as problem:
        yield Finding("storage", str(problem).rstrip("."), "Run check_data again when it answers")


def check_file(named: ReferencedFile, *, read: bool) -> Iterator[Finding]:
    problem = problem_of(named, read=read)
    if problem:
        advice = RESTORE_FILE.format(path=named.path, place=named.place)
        if not named.sha256:
            advice = "Open the document's page and have it read again: its text is recognized anew"
        yield Finding(f"{named.of}, file {named.path}", problem, advice)


def problem_of(named: ReferencedFile, *, read: bool) -> str:
    if not read and bucket.is_configured() and not named.place.exists():
        present = not named.required or bucket.bucket().has(named.place)
        return "" if present else "is missing"
    try:
        with open_file(named) as file:
            if file is None:
                return "is missing" if named.required else ""
            if read:
                return named.problem_with(*digest_of(file))
            return named.problem_with(named.sha256, file.seek(0, 2))
    except OSError as error:
        return f"can't be read ({error.strerror})"


def files_without_rows(named: set[str]) -> Iterator[Finding]:
    for path, changed_at in stored_paths():
        if path not in named and changed_at < time.time() - JUST_NOW:
            yield Finding(
                f"file {path}",
                "is named by no document",
                "Upload it if it is a letter that is not on file, then remove it from"
                f" {'the bucket and ' if bucket.is_configured() else ''}{settings.MEDIA_ROOT}",
            )


checks.append(check_files)

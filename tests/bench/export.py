"""Prints how long the CSV of each list takes, beside a raw dump of the same rows.

`python -m tests.bench.export [N [--json FILE]]`: with N made-up cases, 20,000 unless told. The raw
dump is what `csv.writer` and plain cursors take for the fields that the CSV shows, table by table.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

from tests.bench.scale.databases import ROOT, databases

CASES = 20_000
LIMIT = 5.0  # times the raw dump
MEASURED = "--of-this-database"
JSON = "--json"

CITED = "SELECT issue_id, side, source, guideline, edition, section, pages FROM cases_citation"
FLAGS = "SELECT case_id, code FROM cases_flag"
RAW = {
    "cases": (
        "SELECT id, case_number, decision, priority, date_of_injury, ur_denial_date,"
        " application_received, date_assigned, decision_date, specialties, licensed_states,"
        " format, needs_correction, clinical_summary, corrected FROM cases_case",
        "SELECT id, case_id, treatment_request, decision, category, verdict FROM cases_issue",
        CITED,
        FLAGS,
        "SELECT case_id, state FROM reviews_review",
    ),
    "issues": (
        "SELECT i.id, case_number, position, treatment_request, i.decision, category, verdict,"
        " decision_date, specialties, priority, rationale, corrected, subcategory, body_parts,"
        " retrospective, requested, authorized, in_dispute"
        " FROM cases_issue i JOIN cases_case c ON c.id = case_id",
        CITED,
        FLAGS,
    ),
    "citations": (
        "SELECT case_number, i.position, side, t.position, source, guideline, section, pages, raw,"
        " treatment_request, category, i.decision, verdict, decision_date, edition, subcategory"
        " FROM cases_citation t JOIN cases_issue i ON i.id = issue_id"
        " JOIN cases_case c ON c.id = case_id",
    ),
    "documents": (
        "SELECT id, name, status, pages, size, sha256, error_code, error_message, parser_version,"
        " received_at FROM cases_document",
        "SELECT document_id, case_number FROM cases_reading WHERE NOT superseded",
    ),
    "annotations": (
        "SELECT a.*, c.case_number, i.position, slug, username FROM reviews_annotation a"
        " JOIN cases_case c ON c.id = a.case_id JOIN auth_user u ON u.id = author_id"
        " LEFT JOIN cases_issue i ON i.id = issue_id LEFT JOIN reviews_label l ON l.id = label_id",
        "SELECT annotation_id, comment, username FROM reviews_reply"
        " JOIN auth_user u ON u.id = author_id",
    ),
    "reviews": (
        "SELECT case_number, state, due_on, decision, priority, decision_date"
        " FROM reviews_review r JOIN cases_case c ON c.id = case_id",
        "SELECT review_id, username, submitted_at FROM reviews_assignment"
        " JOIN auth_user u ON u.id = reviewer_id",
        "SELECT case_id FROM cases_issue",
    ),
}


def main() -> None:
    if MEASURED in sys.argv:
        sys.exit(print_table())
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("N") or CASES)
    with (
        tempfile.TemporaryDirectory() as folder,
        databases("sqlite", [cases], Path(folder)) as (database,),
    ):
        print(f"{cases:,} cases, made up in {database.fill(seed=1):.0f} s")
        command = [sys.executable, "-m", "tests.bench.export", MEASURED, *sys.argv[2:]]
        sys.exit(subprocess.run(command, cwd=ROOT, env=database.env, check=False).returncode)


def print_table() -> int:
    """Of the database that the settings name; 1 where a list takes too long."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")

    print("list           CSV s   raw s   ratio   first row ms   more memory")
    ratios = {name: print_line(name) for name in RAW}
    if JSON in sys.argv:
        Path(sys.argv[sys.argv.index(JSON) + 1]).write_text(json.dumps(ratios) + "\n")
    return int(max(ratios.values()) > LIMIT)


def print_line(name: str) -> float:
    """The list's, and its ratio."""
    timed(islice(csv_of(name), 2))  # what is read once, such as the index
    first = timed(islice(csv_of(name), 2))
    before = memory()
    took = timed(csv_of(name))
    more, raw = memory() - before, timed(dump_of(name))
    print(f"{name:<12}{took:8.2f}{raw:8.2f}{took / raw:8.1f}{first * 1000:15.0f}{more:11} MB")
    return took / raw


def timed(lines: Iterable[str]) -> float:
    """Seconds to write them to a file."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    return time.perf_counter() - started


def memory() -> int:
    """MB of this process's own, without the pages of files that it has mapped."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) // 1024


def csv_of(name: str) -> Iterator[str]:
    from django.http import QueryDict

    from cases.lists.csv_export import csv_lines
    from cases.lists.definition import LISTS

    return csv_lines(LISTS[name], QueryDict(""))


def dump_of(name: str) -> Iterator[str]:
    from django.db import connection

    writer = csv.writer(SimpleNamespace(write=str))
    for query in RAW[name]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            yield from map(writer.writerow, cursor)


if __name__ == "__main__":
    main()

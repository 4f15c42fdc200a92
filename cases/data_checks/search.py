"""The searched words against the rows that they are of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from django.apps import apps
from django.db import connection

from cases.data_checks.derived import citations_of, issues_of
from cases.data_checks.registry import REFRESH_ALL, Finding, Options, case_checks, checks, refresh
from cases.index.texts import IndexedRows, packed_rows
from cases.models import Case, Document
from cases.search.documents import document_row
from cases.search.full_text import CASES, CITATIONS, DOCUMENTS, ISSUES, FullText, Packed

SHOWN = 20
BATCH = 500


def differing_keys(text: FullText, rows: Sequence[Packed]) -> set[int]:
    """Keys of which the index holds other words than these rows, or none."""
    if connection.vendor == "postgresql":
        return differing_on_postgres(text, rows)
    return differing_on_sqlite(text, rows)


def differing_on_sqlite(text: FullText, rows: Sequence[Packed]) -> set[int]:
    names = ", ".join(("rowid", *text.columns))
    keys = json.dumps([row[0] for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {text.table}"  # noqa: S608
            " WHERE rowid IN (SELECT value FROM json_each(%s))",
            [keys],
        )
        stored = {row[0]: row for row in cursor.fetchall()}
    return {row[0] for row in rows if stored.get(row[0]) != row}


def differing_on_postgres(text: FullText, rows: Sequence[Packed]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.key FROM unnest(%s::bigint[], %s::text[]) AS w(key, words)"  # noqa: S608
            f" LEFT JOIN {text.table} i ON i.rowid = w.key"
            " WHERE i.rowid IS NULL OR i.words <> w.words::tsvector",
            [list(column) for column in zip(*rows, strict=True)] if rows else [[], []],
        )
        return {key for (key,) in cursor.fetchall()}


def check_case_index(cases: list[Case]) -> Iterator[Finding]:
    """After `derived`, which has put right in memory what is wrong in the cases' own rows."""
    made = [rows_to_index(case) for case in cases]
    wrong = {text: differing_keys(text, rows) for text, rows in packed_rows(made).items()}
    for case, issues, citations in made:
        lost = ["it"] if case.pk in wrong[CASES] else []
        cited = {one.issue_id for one in citations if one.pk in wrong[CITATIONS]}
        lost += [
            f"issue {issue.position}"
            for issue in issues
            if issue.pk in wrong[ISSUES] or issue.pk in cited
        ]
        if lost:
            problem = f"is not found by what it says (index of {', '.join(lost)})"
            yield Finding(f"case {case.case_number}", problem, refresh(case.case_number))


def rows_to_index(case: Case) -> IndexedRows:
    issues = issues_of(case)
    return case, issues, citations_of(issues)


def check_extra_rows(options: Options) -> Iterator[Finding]:
    for text in (CASES, ISSUES, CITATIONS, DOCUMENTS):
        yield from extra_rows(text)


def extra_rows(text: FullText) -> Iterator[Finding]:
    for key in extra_rows_of(text):
        row = f"search index {text.table}, row {key}"
        yield Finding(row, "is of nothing that is on file", REFRESH_ALL)


def extra_rows_of(text: FullText, most: int = SHOWN) -> list[int]:
    table = apps.get_model(text.model)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {text.table} WHERE rowid NOT IN"  # noqa: S608
            f" (SELECT id FROM {table}) ORDER BY rowid LIMIT {most}"
        )
        return [key for (key,) in cursor.fetchall()]


def check_document_index(options: Options) -> Iterator[Finding]:
    documents = Document.objects.only("pk", "name").order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(documents, BATCH)):
        rows = [DOCUMENTS.packed(document_row(document)) for document in batch]
        for key in sorted(differing_keys(DOCUMENTS, rows)):
            yield Finding(f"document {key}", "is not found by its name", REFRESH_ALL)


checks.extend((check_extra_rows, check_document_index))
case_checks.append(check_case_index)

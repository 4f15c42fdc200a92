"""The search index against the rows that it is of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import connection

from cases.data_checks.derived import citations_of, issues_of
from cases.data_checks.registry import REFRESH_ALL, Finding, Options, case_checks, checks, refresh
from cases.models import Case, Document
from cases.search.documents import document_row
from cases.search.index import CASES, DOCUMENTS, ISSUES, Index, Packed
from cases.search.rows import Made, packed_rows

SHOWN = 20
BATCH = 500


def differing(index: Index, rows: Sequence[Packed]) -> set[int]:
    """Places at which the index holds something else than these rows, or nothing."""
    return differing_on_postgres(index, rows) if on_postgres() else differing_on_sqlite(index, rows)


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


def differing_on_sqlite(index: Index, rows: Sequence[Packed]) -> set[int]:
    names = ", ".join(("rowid", "facts", *index.columns))
    places = json.dumps([row[0] for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {index.table}"  # noqa: S608
            " WHERE rowid IN (SELECT value FROM json_each(%s))",
            [places],
        )
        stored = {row[0]: row for row in cursor.fetchall()}
    return {row[0] for row in rows if stored.get(row[0]) != row}


def differing_on_postgres(index: Index, rows: Sequence[Packed]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.place FROM unnest(%s::bigint[], %s::text[], %s::text[])"  # noqa: S608
            f" AS w(place, facts, words) LEFT JOIN {index.table} i ON i.rowid = w.place"
            " WHERE i.rowid IS NULL OR i.facts <> w.facts::tsvector"
            " OR i.words <> w.words::tsvector",
            [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []],
        )
        return {place for (place,) in cursor.fetchall()}


def check_case_index(cases: list[Case]) -> Iterator[Finding]:
    """After `derived`, which has put right in memory what is wrong in the cases' own rows."""
    made = [made_of(case) for case in cases]
    of_cases, of_issues = packed_rows(made)
    wrong_cases, wrong_issues = differing(CASES, of_cases), differing(ISSUES, of_issues)
    for case, issues, *_ in made:
        lost = ["it"] if case.place in wrong_cases else []
        lost += [f"issue {one.position}" for one in issues if one.place in wrong_issues]
        if lost:
            problem = f"is not found by what it says (index of {', '.join(lost)})"
            yield Finding(f"case {case.case_number}", problem, refresh(case.case_number))


def made_of(case: Case) -> Made:
    issues = issues_of(case)
    return case, issues, citations_of(issues), list(case.flags.all())


def check_extra_rows(options: Options) -> Iterator[Finding]:
    for index, table, column in (
        (CASES, "cases_case", "place"),
        (ISSUES, "cases_issue", "place"),
        (DOCUMENTS, "cases_document", "id"),
    ):
        yield from extra_rows(index, table, column)


def extra_rows(index: Index, table: str, column: str) -> Iterator[Finding]:
    for place in extra_places(index, table, column):
        row = f"search index {index.table}, row {place}"
        yield Finding(row, "is of nothing that is on file", REFRESH_ALL)


def extra_places(index: Index, table: str, column: str, most: int = SHOWN) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {index.table} WHERE rowid NOT IN"  # noqa: S608
            f" (SELECT {column} FROM {table}) ORDER BY rowid LIMIT {most}"
        )
        return [place for (place,) in cursor.fetchall()]


def check_document_index(options: Options) -> Iterator[Finding]:
    documents = Document.objects.only("pk", "name").order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(documents, BATCH)):
        rows = [DOCUMENTS.packed(document_row(document)) for document in batch]
        for place in sorted(differing(DOCUMENTS, rows)):
            yield Finding(f"document {place}", "is not found by its name", REFRESH_ALL)


checks.extend((check_extra_rows, check_document_index))
case_checks.append(check_case_index)

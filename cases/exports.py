"""CSV of the lists: streamed, UTF-8 with a mark that spreadsheets know it by.

A cell that a spreadsheet would take for a formula gets a leading apostrophe; a cell that begins
with an apostrophe itself gets one more, so taking one away always gives the original.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from cases.models import Case, Citation, Document

RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
CHUNK = 500


class Echo:
    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_response(
    name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    today = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{today}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def cites(case: Case, side: str) -> str:
    return "; ".join(
        f"{citation}{pages_in_words(citation.pages)}"
        for issue in case.issues.all()
        for citation in issue.citations.all()
        if citation.side == side
    )


def pages_in_words(pages: list[list[int]]) -> str:
    ranges = [str(a) if a == b else f"{a}-{b}" for a, b in pages]
    return f" p. {', '.join(ranges)}" if ranges else ""


CASE_COLUMNS: dict[str, Callable[[Case], Any]] = {
    "case_number": lambda case: case.case_number,
    "decision": lambda case: case.decision,
    "priority": lambda case: case.priority,
    "date_of_injury": lambda case: case.date_of_injury,
    "ur_denial_date": lambda case: case.ur_denial_date,
    "application_received": lambda case: case.application_received,
    "date_assigned": lambda case: case.date_assigned,
    "decision_date": lambda case: case.decision_date,
    "specialties": lambda case: "; ".join(case.specialties),
    "licensed_states": lambda case: "; ".join(case.licensed_states),
    "format": lambda case: case.format,
    "issues": lambda case: len(case.issues.all()),
    "treatment_requests": lambda case: "; ".join(i.treatment_request for i in case.issues.all()),
    "issue_decisions": lambda case: "; ".join(i.decision for i in case.issues.all()),
    "categories": lambda case: "; ".join(i.category for i in case.issues.all()),
    "verdicts": lambda case: "; ".join(i.verdict for i in case.issues.all()),
    "claims_citations": lambda case: cites(case, Citation.Side.CLAIMS),
    "maximus_citations": lambda case: cites(case, Citation.Side.MAXIMUS),
    "flags": lambda case: "; ".join(flag.code for flag in case.flags.all()),
    "needs_correction": lambda case: "yes" if case.needs_correction else "no",
    "clinical_summary": lambda case: case.clinical_summary,
}
DOCUMENT_COLUMNS: dict[str, Callable[[Document], Any]] = {
    "id": lambda document: document.pk,
    "file_name": lambda document: document.name,
    "status": lambda document: document.status,
    "pages": lambda document: document.pages,
    "bytes": lambda document: document.size,
    "sha256": lambda document: document.sha256,
    "error_code": lambda document: document.error_code,
    "error": lambda document: document.error_message,
    "parser_version": lambda document: document.parser_version,
    "received_at": lambda document: document.received_at.isoformat(timespec="seconds"),
    "case_numbers": lambda document: "; ".join(r.case_number for r in document.readings.all()),
}


def export(name: str, columns: dict[str, Callable], queryset) -> StreamingHttpResponse:
    rows = (
        [value(one) for value in columns.values()] for one in queryset.iterator(chunk_size=CHUNK)
    )
    return csv_response(name, columns, rows)

"""Cases against their readings and documents: where the values of a case stand on its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Length

from cases.data_checks.derived import citations_of, issues_of, place_in
from cases.data_checks.registry import Finding, case_checks
from cases.models import Case, Citation, DocumentPage, Issue

REPARSE = "Run: manage.py reparse {number}"
Lengths = dict[tuple[int, int], int]  # (document, page number) → length of its text


def check_readings_of_cases(cases: list[Case]) -> Iterator[Finding]:
    for case in cases:
        number, pages = case.case_number, case.document.pages
        advice = REPARSE.format(number=number)
        if pages and case.last_page > pages:
            problem = f"ends on page {case.last_page} of a document of {pages}"
            yield Finding(f"case {number}", problem, advice)
        if (reading := case.reading) is None:
            continue
        if reading.document_id != case.document_id:
            yield Finding(f"case {number}", "was read from another document", advice)
        if reading.case_number != (reading.record["case_number"] or ""):
            problem = f"has a reading (number {case.reading_id}) under another case number"
            yield Finding(f"case {number}", problem, advice)


def check_spans(cases: list[Case]) -> Iterator[Finding]:
    """Of cases that follow the last reading of their document; the pages of others are gone."""
    lengths = page_lengths(cases)
    for case in cases:
        if case.reading is None or case.reading.superseded or case.document.is_made_up:
            continue
        for row, spans in rows_with_spans(case):
            for span in spans:
                if not is_inside(span, case.document_id, lengths):
                    yield outside_finding(case, row, span)
                    break


def outside_finding(case: Case, row: Case | Issue | Citation, span: dict[str, Any]) -> Finding:
    place = place_in(case, row)
    if isinstance(row, Citation):
        place = f"{place}, citation {row.pk} ({row})"
    return Finding(
        place,
        f"stands at characters {span['start']} to {span['end']} of page {span['page']}, which the"
        " page does not have",
        REPARSE.format(number=case.case_number),
    )


def page_lengths(cases: list[Case]) -> Lengths:
    pages = DocumentPage.objects.filter(document__in={case.document_id for case in cases})
    rows = pages.order_by().values_list("document", "number", Length("text"))
    return {(document, number): length for document, number, length in rows}


def rows_with_spans(case: Case) -> Iterator[tuple[Case | Issue | Citation, list[dict[str, Any]]]]:
    yield case, spans_in(case.provenance)
    issues = issues_of(case)
    yield from ((issue, spans_in(issue.provenance)) for issue in issues)
    yield from ((citation, citation.spans) for citation in citations_of(issues))


def spans_in(provenance: dict[str, Any]) -> list[dict[str, Any]]:
    return [span for field in provenance.values() for span in field["spans"]]


def is_inside(span: dict[str, Any], document: int, lengths: Lengths) -> bool:
    length = lengths.get((document, span["page"]), -1)
    return 0 <= span["start"] <= span["end"] <= length


case_checks.extend((check_readings_of_cases, check_spans))

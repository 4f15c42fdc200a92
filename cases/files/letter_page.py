"""The letter that stands beside its case, with the words of one field marked on its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cases.files.sentence_spans import spans_of_words
from cases.letters.header.dates import find_dates
from cases.letters.header.summary_dates import (
    find_summary_dates,
    is_injury_date,
    is_ur_date,
)
from cases.models import Case, DocumentPage, Issue
from cases.numbers import whole_number

LETTER_SIZE = (612.0, 792.0)  # points
MOST_PAGES = 60  # under one another; of a longer letter those around the one asked for

Box = tuple[float, float, float, float]  # x, y, width, height, in points


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A page with the boxes marked on it."""

    number: int
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """The pages of a case's letter; `number` is the one to begin at."""

    number: int
    pages: tuple[LetterPage, ...]
    previous: int | None
    following: int | None
    marked_pages: tuple[int, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Those of the page to begin at."""
        return next(page.boxes for page in self.pages if page.number == self.number)


def shown_letter(case: Case, show: str, wanted: str) -> ShownLetter:
    """`show` names a field (see `spans_of`), `wanted` a page."""
    spans = spans_of(case, show)
    marked = tuple(sorted({span["page"] for span in spans}))
    number = whole_number(wanted, digits=5)
    if number is None:
        number = (marked or (case.first_page,))[0]
    number = min(max(number, case.first_page), case.last_page)
    return ShownLetter(
        number=number,
        pages=letter_pages(case, number, spans),
        previous=number - 1 if number > case.first_page else None,
        following=number + 1 if number < case.last_page else None,
        marked_pages=marked,
    )


def letter_pages(case: Case, number: int, spans: list[dict[str, Any]]) -> tuple[LetterPage, ...]:
    first = max(case.first_page, min(number - MOST_PAGES // 2, case.last_page - MOST_PAGES + 1))
    last = min(case.last_page, first + MOST_PAGES - 1)
    stored = DocumentPage.objects.filter(document=case.document_id, number__range=(first, last))
    rows = stored.order_by().values_list("number", "width", "height")
    sizes = {page: (width, height) for page, width, height in rows}
    pages = range(first, last + 1)
    return tuple(
        LetterPage(page, *sizes.get(page, LETTER_SIZE), boxes=boxes_on(page, spans))
        for page in pages
    )


def boxes_on(page: int, spans: list[dict[str, Any]]) -> tuple[Box, ...]:
    return tuple(
        (box[0] - 1.5, box[1] - 1, box[2] - box[0] + 3, box[3] - box[1] + 2)
        for span in spans
        if span["page"] == page
        for box in span["boxes"]
    )


def spans_of(case: Case, show: str) -> list[dict[str, Any]]:
    """The spans of `decision_date`, `issue-1-rationale` (or `issue-1-rationale-120-245`, some
    characters of it) or `citation-12`; none if unknown.
    `both-ur_denial_date` are those of a date and of what the summary says instead."""
    kind, _, rest = show.partition("-")
    if kind == "both":
        return [*case.provenance.get(rest, {}).get("spans", []), *contradicting_lines(case, rest)]
    if kind == "citation":
        rows = (c for issue in case.issues.all() for c in issue.citations.all())
        return next((row.spans for row in rows if str(row.pk) == rest), [])
    if kind == "issue":
        position, _, name = rest.partition("-")
        for issue in case.issues.all():
            if str(issue.position) == position:
                return spans_in_issue(case, issue, name)
        return []
    return case.provenance.get(show, {}).get("spans", [])


def spans_in_issue(case: Case, issue: Issue, name: str) -> list[dict[str, Any]]:
    """Of a field, or, by `rationale-120-245`, of some characters of it; of all of it where the
    pages have other words."""
    name, *place = name.split("-")
    spans = issue.provenance.get(name, {}).get("spans", [])
    numbers = [whole_number(one, digits=7) for one in place]
    if len(numbers) != 2 or None in numbers or not isinstance(getattr(issue, name, None), str):
        return spans
    pages = {span["page"] for span in spans}
    rows = DocumentPage.objects.filter(document=case.document_id, number__in=pages).order_by()
    texts = dict(rows.values_list("number", "text"))
    start, end = (number or 0 for number in numbers)
    return spans_of_words(spans, texts, getattr(issue, name), start, end) or spans


def contradicting_lines(case: Case, field: str) -> list[dict[str, Any]]:
    """The lines of the summary that give a date of the header otherwise; all of the summary where
    they can't be told apart."""
    spans = case.provenance.get("clinical_summary", {}).get("spans", [])
    is_meant = {"ur_denial_date": is_ur_date, "date_of_injury": is_injury_date}.get(field)
    if not is_meant or not spans:
        return []
    told = {one.date for one in find_summary_dates(case.clinical_summary) if is_meant(one)}
    told.discard(getattr(case, field))
    numbers = {span["page"] for span in spans}
    rows = DocumentPage.objects.filter(document=case.document_id, number__in=numbers).order_by()
    texts = dict(rows.values_list("number", "text"))
    return [line for span in spans for line in lines_with_dates(span, texts, told)] or spans


def lines_with_dates(
    span: dict[str, Any], texts: dict[int, str], dates: set[dt.date]
) -> Iterator[dict[str, Any]]:
    """The lines of a span, each a span of its own, in which one of the dates stands."""
    lines = texts.get(span["page"], "")[span["start"] : span["end"]].split("\n")
    if len(lines) != len(span["boxes"]):
        return
    for line, box in zip(lines, span["boxes"], strict=True):
        if dates & {date for _, _, date in find_dates(line)}:
            yield {"page": span["page"], "boxes": [box]}

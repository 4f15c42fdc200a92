"""The page of a letter that stands beside its case, with the words of one field marked on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.models import Case, DocumentPage
from cases.numbers import whole_number

LETTER_PAGE = (612.0, 792.0)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """The page of the letter that is shown, with the boxes marked on it, in points."""

    number: int
    width: float
    height: float
    boxes: tuple[tuple[float, float, float, float], ...]
    previous: int | None
    following: int | None
    marked_pages: tuple[int, ...]


def letter_page(case: Case, show: str, wanted: str) -> LetterPage:
    spans = spans_of(case, show)
    marked = tuple(sorted({span["page"] for span in spans}))
    number = whole_number(wanted, digits=5)
    if number is None:
        number = (marked or (case.first_page,))[0]
    number = min(max(number, case.first_page), case.last_page)
    stored = DocumentPage.objects.filter(document=case.document_id, number=number).order_by()
    width, height = next(iter(stored.values_list("width", "height")), LETTER_PAGE)
    return LetterPage(
        number=number,
        width=width,
        height=height,
        boxes=tuple(
            (box[0] - 1.5, box[1] - 1, box[2] - box[0] + 3, box[3] - box[1] + 2)
            for span in spans
            if span["page"] == number
            for box in span["boxes"]
        ),
        previous=number - 1 if number > case.first_page else None,
        following=number + 1 if number < case.last_page else None,
        marked_pages=marked,
    )


def spans_of(case: Case, show: str) -> list[dict[str, Any]]:
    """The spans of `decision_date`, `issue-1-rationale` or `citation-12`; none if unknown."""
    kind, _, rest = show.partition("-")
    if kind == "citation":
        rows = (c for issue in case.issues.all() for c in issue.citations.all())
        return next((row.spans for row in rows if str(row.pk) == rest), [])
    if kind == "issue":
        position, _, name = rest.partition("-")
        for issue in case.issues.all():
            if str(issue.position) == position:
                return issue.provenance.get(name, {}).get("spans", [])
        return []
    return case.provenance.get(show, {}).get("spans", [])

"""A case's deadlines with what the letter says and what was done: the case page's panel and the
proof of compliance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, Prefetch

from cases.files.letter_page import spans_of
from cases.models import Case, DocumentPage
from reviews.models import Evidence, Obligation, ObligationEvent, ObligationPause
from reviews.obligations.duties import SOURCES, Kind
from reviews.obligations.rules import current_rules


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the letter, the page they stand on, and the field of `?show=` that marks them."""

    words: str
    page: int
    show: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation on the sheet."""

    obligation: Obligation
    period: str
    source: str
    quotes: tuple[Quote, ...]


def obligations_of(case: Case) -> list[Obligation]:
    """With all that was done about them, in a fixed number of queries."""
    events = ObligationEvent.objects.prefetch_related(
        Prefetch("evidence", Evidence.objects.defer("content"))
    )
    return list(
        Obligation.objects.filter(case=case)
        .select_related("issue", "case__claim_facts")
        .prefetch_related(
            Prefetch("events", events.order_by("pk")),
            Prefetch("pauses", ObligationPause.objects.order_by("start", "pk")),
        )
        .order_by(F("issue__position").asc(nulls_last=True), "due_on", "pk")
    )


def obligations_in_brief(case: Case) -> list[Obligation]:
    """As the case's page lists them: what is due next first, what has ended last."""
    rows = Obligation.objects.filter(case=case).select_related("issue")
    pauses = ObligationPause.objects.order_by("start", "pk")
    found = rows.prefetch_related(Prefetch("pauses", pauses)).order_by("due_on", "pk")
    return sorted(found, key=lambda one: one.has_closed or one.ended_on is not None)


def entries_of(case: Case, obligations: Iterable[Obligation]) -> list[Entry]:
    pages = PageTexts(case)
    return [
        Entry(
            one,
            str(current_rules().periods[Kind(one.kind)]),
            SOURCES[Kind(one.kind)],
            tuple(pages.quotes(names_for(one))),
        )
        for one in obligations
    ]


def names_for(obligation: Obligation) -> tuple[str, ...]:
    """The fields of the letter that an obligation rests on."""
    if obligation.issue is None:
        return ("decision_date",)
    place = f"issue-{obligation.issue.position}"
    return (f"{place}-treatment_request", f"{place}-decision")


class PageTexts:
    """The words of fields as they stand in the letter; nothing for what was not found there."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.texts: dict[int, str] = {}

    def quotes(self, names: Iterable[str]) -> Iterator[Quote]:
        for name in names:
            spans = spans_of(self.case, name)
            words = " ".join(filter(None, (self.words(span) for span in spans)))
            if words:
                yield Quote(" ".join(words.split()), spans[0]["page"], name)

    def words(self, span: dict) -> str:
        text = self.text(span["page"])
        return text[span["start"] : span["end"]]

    def text(self, number: int) -> str:
        if number not in self.texts:
            page = DocumentPage.objects.filter(document=self.case.document_id, number=number)
            self.texts[number] = page.values_list("text", flat=True).first() or ""
        return self.texts[number]

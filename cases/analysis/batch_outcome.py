"""What an upload brought: its new cases, how they were decided, and what in them needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Model, Prefetch, QuerySet
from django.urls import reverse

from cases.corrections.queue import with_reasons
from cases.models import TURNED, Batch, Case, Decision, Document, Flag, Issue, Proposal, Reading

T = TypeVar("T", bound=Model)
SHOWN = 8  # of each kind; the list behind the link has all
# Where a letter says two things.
CONTRADICTIONS = (
    "ur-date-disagrees",
    "injury-date-disagrees",
    "decision-disagrees",
    "dates-out-of-order",
)


@dataclass(frozen=True, slots=True)
class CountedDecision:
    """How many new cases were decided so; `link` leads to the list of exactly these."""

    value: str
    words: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class FewOf(Generic[T]):
    """The first rows of a kind, how many there are, and the link to all."""

    rows: tuple[T, ...]
    count: int
    link: str

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    cases: int
    cases_link: str
    decisions: tuple[CountedDecision, ...]
    undecided: int
    reversed_issues: FewOf[Issue]
    contradictions: FewOf[Case]  # their flags about it as `contradictions`
    to_correct: FewOf[Case]  # the flags that are the reason as `error_flags`
    versions: FewOf[Proposal]
    nameless: FewOf[Reading]


def new_documents(batch: Batch) -> QuerySet[Document]:
    """The files that were not on file before."""
    return Document.objects.filter(batch_lines__batch=batch, batch_lines__duplicate=False)


def batch_outcome(batch: Batch) -> BatchOutcome:
    documents = new_documents(batch).order_by().values("pk")
    cases = Case.objects.filter(document__in=documents)
    counted = dict(cases.order_by().values_list("decision").annotate(Count("pk")))
    flags = Flag.objects.filter(code__in=CONTRADICTIONS).select_related("issue")
    told = Prefetch("flags", flags, to_attr="contradictions")
    readings = Reading.objects.current().filter(document__in=documents)
    return BatchOutcome(
        cases=sum(counted.values()),
        cases_link=list_link("cases", batch),
        decisions=tuple(
            CountedDecision(
                value, str(words), counted[value], list_link("cases", batch, decision=[value])
            )
            for value, words in Decision.choices
            if counted.get(value)
        ),
        undecided=counted.get("", 0),
        reversed_issues=reversed_issues(batch, cases),
        contradictions=few(
            cases.filter(flags__code__in=CONTRADICTIONS).distinct().prefetch_related(told),
            list_link("cases", batch, flag=list(CONTRADICTIONS)),
        ),
        to_correct=few(
            with_reasons(cases.filter(needs_correction=True)),
            list_link("cases", batch, needs_correction=["true"]),
        ),
        versions=few(
            Proposal.objects.filter(
                reading__document__in=documents, state=Proposal.State.OPEN
            ).select_related("case", "reading__document"),
            reverse("proposals"),
        ),
        nameless=few(readings.filter(case_number="").select_related("document"), ""),
    )


def reversed_issues(batch: Batch, cases: QuerySet[Case]) -> FewOf[Issue]:
    """The overturned ones first, then those overturned in part, as the words of their decisions
    follow one another."""
    issues = Issue.objects.filter(case__in=cases.order_by().values("pk"), decision__in=TURNED)
    return few(
        issues.select_related("case").order_by("decision", "-case", "position"),
        list_link("issues", batch, decision=list(TURNED)),
    )


def few(rows: QuerySet[T], link: str) -> FewOf[T]:
    shown = tuple(rows[:SHOWN])
    return FewOf(shown, len(shown) if len(shown) < SHOWN else rows.count(), link)


def list_link(name: str, batch: Batch, **asked: list[str]) -> str:
    return f"{reverse(name)}?{urlencode({**asked, 'batch': batch.pk}, doseq=True)}"

"""The figures of the inbox, each of which counts what the list it links to shows, and what is new
about the letters that came in last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from cases.index.counts import DecidedRows
from cases.index.current import current_index
from cases.index.rows import CASE
from cases.index.space import array
from cases.lists.filter_types import start_of_day
from cases.lists.registry import cases_in_brief
from cases.models import TURNED, Case, Document, Flag, Issue
from reviews.reviewing.week import monday_of

DAYS = 90
LETTERS = 10


@dataclass(frozen=True, slots=True)
class Turned:
    """The share of cases overturned in whole or in part, of those decided within 90 days: up to
    today, or to the latest decision on file where that is longer ago."""

    last: date
    turned: int
    decided: int
    up_to_now: bool

    @property
    def percent(self) -> float:
        return 100 * self.turned / self.decided

    @property
    def first(self) -> date:
        return self.last - timedelta(days=DAYS - 1)

    @property
    def address(self) -> str:
        """Of the cases that were overturned."""
        return list_of_cases(
            decision=list(TURNED),
            decision_date_after=self.first.isoformat(),
            decision_date_before=self.last.isoformat(),
        )


def list_of_cases(**query: object) -> str:
    return f"{reverse('cases')}?{urlencode(query, doseq=True)}"


def overturned_lately(today: date) -> Turned | None:
    """None where no decision is on file. A date that lies ahead is a misprint."""
    with current_index() as index:
        space = index.spaces[CASE]
        known = space.between("decision_date", None, today.toordinal())
        if not known:
            return None
        latest = int(space.column("decision_date", array(known)).max())
        up_to_now = latest > today.toordinal() - DAYS
        last = today.toordinal() if up_to_now else latest
        rows = space.between("decision_date", last - DAYS + 1, last)
        count = DecidedRows(space, rows).count
    if not count.decided:
        return None
    return Turned(date.fromordinal(last), count.turned, count.decided, up_to_now)


def needing_correction() -> int:
    with current_index() as index:
        return len(index.spaces[CASE].holding("needs_correction", "true"))


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """Files by how far they are, and how many of all came in since Monday."""

    unreadable: int
    unfinished: int
    since_monday: int
    monday: date


def document_figures() -> DocumentFigures:
    monday = monday_of(timezone.localdate())
    by_status: Counter[str] = Counter()
    pending = Document.objects.filter(status__in=(*Document.UNREADABLE, *Document.UNFINISHED))
    by_status.update(dict(pending.order_by().values_list("status").annotate(Count("pk"))))
    recent = Document.objects.filter(Q(received_at__gte=start_of_day(monday))).count()
    return DocumentFigures(
        sum(by_status[status] for status in Document.UNREADABLE),
        sum(by_status[status] for status in Document.UNFINISHED),
        recent,
        monday,
    )


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A case as it came in: its first requests, how its issues were decided, what is flagged."""

    case: Case
    issues: tuple[Issue, ...]
    flags: tuple[Flag, ...]

    @property
    def decided(self) -> str:
        """ "1 of 3 overturned"; nothing where the decision of the case says it all."""
        turned = sum(issue.decision in TURNED for issue in self.issues)
        if len(self.issues) < 2 or not turned:
            return ""
        return f"{turned} of {len(self.issues)} overturned"

    @property
    def more(self) -> int:
        return max(0, len(self.issues) - 1)


def newest_letters() -> list[NewLetter]:
    return list(new_letters(cases_in_brief().order_by("-pk")[:LETTERS]))


def new_letters(cases: Iterable[Case]) -> Iterator[NewLetter]:
    for case in cases:
        warnings = [flag for flag in case.flags.all() if flag.level == Flag.Level.WARNING]
        yield NewLetter(case, tuple(case.issues.all()), tuple(warnings))

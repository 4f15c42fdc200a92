"""Which obligations a determination brings, and when each is due. No database in it.

Sources: 8 CCR 9792.10.7 (authorize, reimburse, tell), Labor Code 4610.6 (appeal). How many days
each takes are settings (`IMR_AUTHORIZE_WORKING_DAYS` and those beside it).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reviews.obligations.deadlines import Pause, Period, due_date
from reviews.obligations.working_days import WorkingCalendar


class Kind(StrEnum):
    AUTHORIZE = "authorize"
    REIMBURSE = "reimburse"
    NOTIFY = "notify"
    APPEAL = "appeal"


OF_ISSUES = (Kind.AUTHORIZE, Kind.REIMBURSE)
# What is asked of the claims administrator; the appeal window only closes.
ASKED = (*OF_ISSUES, Kind.NOTIFY)
TURNED = frozenset({"overturned", "partially_overturned"})
SOURCES: Mapping[Kind, str] = {
    Kind.AUTHORIZE: "8 CCR 9792.10.7: authorize within 5 working days of receipt",
    Kind.REIMBURSE: "8 CCR 9792.10.7: reimburse within 20 days of receipt",
    Kind.NOTIFY: "8 CCR 9792.10.7: tell the employee and the provider",
    Kind.APPEAL: "Labor Code 4610.6: petition to the appeals board within 30 days",
}


@dataclass(frozen=True, slots=True)
class DecidedIssue:
    """An issue of a determination, as far as it matters here."""

    key: int
    decision: str
    retrospective: bool

    @property
    def kind(self) -> Kind | None:
        """What is owed for it; None where the denial was upheld or nothing was decided."""
        if self.decision not in TURNED:
            return None
        return Kind.REIMBURSE if self.retrospective else Kind.AUTHORIZE


@dataclass(frozen=True, slots=True)
class Rules:
    """The periods, the calendar, and whether the appeal window counts from the decision."""

    periods: Mapping[Kind, Period]
    calendar: WorkingCalendar
    appeal_from_decision: bool = True

    def due_on(self, duty: Duty, pauses: Iterable[Pause] = ()) -> dt.date | None:
        """None while it is paused."""
        return due_date(duty.starts_on, self.periods[duty.counted_as], self.calendar, pauses)


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation as the rules demand it. `issue` is None for what concerns the whole letter;
    `counted_as` says which period it has."""

    kind: Kind
    issue: int | None
    starts_on: dt.date
    counted_as: Kind


def duties_of(
    issues: Iterable[DecidedIssue],
    received_on: dt.date,
    decided_on: dt.date | None,
    rules: Rules,
) -> Iterator[Duty]:
    """One for each issue that was overturned, wholly or in part, and for the letter: telling
    employee and provider (as soon as the first of these is due) and the appeal window."""
    kinds = set()
    for issue in issues:
        if kind := issue.kind:
            kinds.add(kind)
            yield Duty(kind, issue.key, received_on, kind)
    if not kinds:
        return
    # Telling goes with the authorization; where all was rendered already, with the payment.
    like = Kind.NOTIFY if Kind.AUTHORIZE in kinds else Kind.REIMBURSE
    yield Duty(Kind.NOTIFY, None, received_on, like)
    appeal_from = decided_on if rules.appeal_from_decision and decided_on else received_on
    yield Duty(Kind.APPEAL, None, appeal_from, Kind.APPEAL)

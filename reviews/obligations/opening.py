"""Obligations follow from their case: opened, moved and withdrawn as it is stored or corrected.

Runs in the transaction that wrote the case (`cases.signals.case_changed`). What people did about
an obligation stays; only what is left to do changes with the letter.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.dispatch import receiver
from django.utils import timezone
from django.utils.formats import date_format

from cases.corrections.claim_facts import facts_at_hand, facts_of
from cases.models import Case, ClaimFacts
from cases.models.bulk_insert import insert_rows
from cases.signals import case_changed
from reviews.models import Obligation, ObligationEvent
from reviews.obligations.deadlines import Pause
from reviews.obligations.duties import TURNED, DecidedIssue, Duty, Rules, duties_of
from reviews.obligations.events import record_event
from reviews.obligations.rules import current_rules

State, Happened = Obligation.State, ObligationEvent.Kind
Key = tuple[str, int | None]


@receiver(case_changed, dispatch_uid="deadlines follow their case")
def update_obligations(case: Case, created: bool = False, **_: object) -> None:
    if created and case.decision not in TURNED:
        return
    facts = facts_at_hand(case) if created else facts_of(case)
    wanted: dict[Key, Duty] = {
        (duty.kind, duty.issue): duty for duty in duties_of_case(case, facts)
    }
    known: dict[Key, Obligation] = {}
    if not created:
        known = {(one.kind, one.issue_id): one for one in case.obligations.order_by("pk")}
    for key, duty in wanted.items():
        if key in known:
            update_obligation(known[key], duty)
    open_obligations(case, [duty for key, duty in wanted.items() if key not in known])
    for key, obligation in known.items():
        if key not in wanted and obligation.state in Obligation.UNDONE:
            withdraw(obligation)


def duties_of_case(case: Case, facts: ClaimFacts) -> list[Duty]:
    """None where nobody wants deadlines kept, or where the day of receipt is not known."""
    if not facts.with_obligations or facts.received_on is None:
        return []
    rows = case.issues.order_by("position").values_list("pk", "decision", "retrospective")
    issues = [DecidedIssue(*row) for row in rows]
    return list(duties_of(issues, facts.received_on, case.decision_date, current_rules()))


def open_obligations(case: Case, duties: Iterable[Duty]) -> None:
    rules = current_rules()
    opened = [new_obligation(case, duty, rules) for duty in duties]
    insert_rows(opened)
    insert_rows([opening_of(one) for one in opened])


def new_obligation(case: Case, duty: Duty, rules: Rules) -> Obligation:
    due = rules.due_on(duty)
    assert due is not None  # nothing is paused yet
    days = {"starts_on": duty.starts_on, "due_on": due}
    return Obligation(case=case, issue_id=duty.issue, kind=duty.kind, **days)


def opening_of(obligation: Obligation) -> ObligationEvent:
    return ObligationEvent(
        obligation=obligation,
        kind=Happened.OPENED,
        note=f"Counted from {date_format(obligation.starts_on)}.",
        due_on=obligation.due_on,
    )


def update_obligation(obligation: Obligation, duty: Duty) -> None:
    """The day it is due as the case says now; what was withdrawn is due again."""
    if obligation.state == State.WITHDRAWN:
        obligation.state, obligation.ended_on = State.OPEN, None
        end_pauses(obligation)
        set_deadline(obligation, duty)
        record_event(obligation, Happened.REOPENED, "")
        return
    before = obligation.due_on
    if set_deadline(obligation, duty):
        record_event(
            obligation,
            Happened.MOVED,
            f"From {date_format(before)} to {date_format(obligation.due_on)}: counted from"
            f" {date_format(duty.starts_on)}.",
        )


def end_pauses(obligation: Obligation) -> None:
    for pause in obligation.pauses.filter(end=None):
        pause.end = max(pause.start, timezone.localdate())
        pause.save(update_fields=["end"])


def set_deadline(obligation: Obligation, duty: Duty) -> bool:
    """Whether it changed. While it is paused, the day on which it would have been due."""
    pauses = [Pause(one.start, one.end) for one in obligation.pauses.all()]
    rules = current_rules()
    due = rules.due_on(duty, pauses)
    if due is None:
        due = rules.due_on(duty, [one for one in pauses if one.end is not None])
        assert due is not None
    changed = (obligation.due_on, obligation.starts_on) != (due, duty.starts_on)
    obligation.due_on, obligation.starts_on = due, duty.starts_on
    obligation.version += 1
    obligation.save()
    return changed


def withdraw(obligation: Obligation) -> None:
    obligation.state, obligation.ended_on = State.WITHDRAWN, timezone.localdate()
    obligation.version += 1
    obligation.save()
    end_pauses(obligation)
    record_event(obligation, Happened.WITHDRAWN, "The case as it stands now does not ask for it.")

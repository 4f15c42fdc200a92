"""Claim facts: what staff tell of a case that its letter does not say. The only writer of
`ClaimFacts`.

Every change by a person is kept in the history of the case; other apps hear of it by
`cases.signals.case_changed`, since deadlines count from the day of receipt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Field

from cases.corrections.history import CannotRestore, record_revision
from cases.corrections.snapshot import CLAIM, Difference, json_value
from cases.forms.claim import TEXT_FACTS, problem_of_day
from cases.index.changes import record_changes
from cases.models import Case, Change, ClaimFacts, Revision
from cases.models.bulk_insert import insert_rows
from cases.signals import case_changed

FACTS = (*TEXT_FACTS, "received_on", "received_assumed", "with_obligations")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was told when a letter was uploaded.

    `assumed` says that nobody gave the day and that it is the day of the upload.
    """

    received_on: dt.date
    assumed: bool = True
    with_obligations: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)


def insert_claim_facts(case: Case, receipt: Receipt) -> ClaimFacts:
    """Of a case that is being inserted in the same transaction. A day that can't be right, since
    the case was decided later, is left to be confirmed."""
    row = ClaimFacts(
        case=case,
        received_on=receipt.received_on,
        received_assumed=receipt.assumed
        or bool(problem_of_day(receipt.received_on, case.decision_date)),
        with_obligations=receipt.with_obligations,
        **{name: receipt.facts.get(name, "") for name in TEXT_FACTS},
    )
    insert_rows([row])
    case.claim_facts = row
    return row


def facts_of(case: Case) -> ClaimFacts:
    """The stored row, or an empty one that is not stored: of a case from before they were kept."""
    return ClaimFacts.objects.filter(case=case).first() or no_facts(case)


def facts_at_hand(case: Case) -> ClaimFacts:
    """The same without a query of its own, of a case that was read with them."""
    return getattr(case, "claim_facts", None) or no_facts(case)


def no_facts(case: Case) -> ClaimFacts:
    return ClaimFacts(case=case, with_obligations=False)


@transaction.atomic
def set_claim_facts(
    case: Case,
    values: Mapping[str, Any],
    by: User | None,
    why: str = "",
    *,
    origin: str = Revision.Origin.CLAIM,
) -> list[Difference]:
    """Changes some of the facts (names of FACTS); what it changed.

    A day of receipt that is given counts as confirmed, also where it is the one assumed.
    """
    Case.objects.select_for_update().get(pk=case.pk)
    row = facts_of(case)
    values = dict(values)
    if values.get("received_on"):
        values.setdefault("received_assumed", False)
    changes = [
        Difference(CLAIM, name, json_value(getattr(row, name)), json_value(value))
        for name, value in values.items()
        if getattr(row, name) != value
    ]
    if not changes:
        return []
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["case"])
    row.save()
    record_revision(case, by, why, changes, origin)
    record_changes([case.pk])
    case_changed.send(Case, case=Case.objects.get(pk=case.pk))
    return changes


def restore_claim_fact(change: Change, by: User, why: str) -> None:
    """Brings back the value from before a change.

    Raises:
        CannotRestore: the case has this value.
    """
    if change.place != CLAIM:
        raise CannotRestore("Only claim facts can be restored here.")
    fact = ClaimFacts._meta.get_field(change.field)
    assert isinstance(fact, Field)  # history names no relations
    value = fact.to_python(change.old)
    case = change.revision.case
    if not set_claim_facts(case, {change.field: value}, by, why, origin=Revision.Origin.RESTORE):
        raise CannotRestore("The case already has this value.")

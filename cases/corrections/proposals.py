"""Readings that would change a case: applied if nothing is lost, else proposed to a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases.corrections import case_data
from cases.corrections.history import Origin, correction
from cases.corrections.refresh import refresh_case
from cases.corrections.three_way_merge import EMPTY_CASE, Change, Merged, merge
from cases.models import Case, Issue, Proposal, Reading
from cases.signals import case_was_stored

State, Kind = Proposal.State, Proposal.Kind
# Where a letter stands in its document says nothing about another document.
PLACE = ("format", "first_page", "last_page")


def propose(case: Case, reading: Reading, kind: str) -> Proposal | None:
    """Applies a re-parse, or proposes the reading to a person; None if it changes nothing."""
    if kind == Kind.VERSION and was_decided(case, reading):
        return None
    merged = merge_reading(case, reading, kind)
    if kind == Kind.REPARSE and not (set(merged.lost) & issues_in_use(case)):
        return apply_reparse(case, reading, merged)
    earlier = case.proposals.filter(state=State.OPEN, reading__document=reading.document_id)
    earlier.exclude(reading=reading).update(state=State.REPLACED, decided_at=timezone.now())
    proposal, _ = Proposal.objects.get_or_create(
        case=case, reading=reading, state=State.OPEN, defaults={"kind": kind}
    )
    return proposal


def was_decided(case: Case, reading: Reading) -> bool:
    """A person has chosen before between this case and that letter of that document."""
    return case.proposals.filter(
        kind=Kind.VERSION,
        state__in=[State.KEPT, State.REPLACED],
        decided_by__isnull=False,
        reading__document=reading.document_id,
        reading__position=reading.position,
    ).exists()


def apply_reparse(case: Case, reading: Reading, merged: Merged) -> Proposal | None:
    apply_merge(case, reading, merged, None, f"Read again by version {reading.parser_version}")
    case.proposals.filter(
        state=State.OPEN, kind=Kind.REPARSE, reading__document=reading.document_id
    ).update(state=State.REPLACED, decided_at=timezone.now())
    if not merged.changes:
        return None
    return Proposal.objects.create(
        case=case,
        reading=reading,
        kind=Kind.REPARSE,
        state=State.APPLIED,
        changes=[change_as_json(change) for change in merged.changes],
        decided_at=timezone.now(),
    )


def merge_reading(
    case: Case, reading: Reading, kind: str, *, keeping: frozenset[int] = frozenset()
) -> Merged:
    mine, theirs = case_data.data_from_case(case), case_data.data_from_record(reading.record)
    base = case_data.data_from_record(case.reading.record) if case.reading else EMPTY_CASE
    if kind == Kind.VERSION:
        place = {name: mine.values[name] for name in PLACE}
        base = replace(base, values={**base.values, **place})
    number = theirs.values["case_number"]
    if not number or Case.objects.filter(case_number=number).exclude(pk=case.pk).exists():
        same = {"case_number": mine.values["case_number"]}
        theirs = replace(theirs, values={**theirs.values, **same})
    return merge(base, mine, theirs, worked_on=keeping)


def preview_changes(proposal: Proposal) -> tuple[Change, ...]:
    """What accepting would change now; of one that was decided, what it changed then."""
    if proposal.state != State.OPEN:
        return tuple(Change(**change) for change in proposal.changes)
    case = proposal.case
    keeping = issues_in_use(case)
    return merge_reading(case, proposal.reading, proposal.kind, keeping=keeping).changes


def issues_in_use(case: Case) -> frozenset[int]:
    """Issues that rows of other apps refer to: annotations, reviews, labels."""
    ties = [
        tie
        for tie in Issue._meta.related_objects
        if tie.related_model._meta.app_label != Issue._meta.app_label
    ]
    return frozenset(
        pk
        for tie in ties
        for pk in tie.related_model._base_manager.filter(
            **{f"{tie.field.name}__case": case}
        ).values_list(f"{tie.field.name}_id", flat=True)
    )


def accept_reading(proposal: Proposal, by: User | None) -> bool:
    """Makes the case follow the reading. What people corrected or worked on stays all the same.

    False when it was decided before.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=proposal.case_id)
        merged = merge_reading(case, proposal.reading, proposal.kind, keeping=issues_in_use(case))
        changes = [change_as_json(change) for change in merged.changes]
        if not decide(proposal, State.ACCEPTED, by, changes):
            return False
        if proposal.kind == Kind.VERSION and case.reading:
            Proposal.objects.create(
                case=case,
                reading=case.reading,
                kind=Kind.VERSION,
                state=State.REPLACED,
                decided_at=timezone.now(),
                decided_by=by,
            )
        why = f"Accepted: {proposal.get_kind_display().lower()}, {proposal.reading.document.name}"
        apply_merge(case, proposal.reading, merged, by, why)
    return True


def apply_merge(case: Case, reading: Reading, merged: Merged, by: User | None, why: str) -> None:
    with correction(case, by, why, origin=Origin.READING) as locked:
        case_data.write_case(locked, merged.data, reading)
    # Where no value differs, the corrected fields may: they are compared with the new reading.
    merged_case = Case.objects.get(pk=case.pk)
    refresh_case(merged_case)
    case_was_stored.send(Case, case=merged_case, again=True)


def keep_case(proposal: Proposal, by: User | None) -> bool:
    """Leaves the case as it is, for good. False when it was decided before."""
    with transaction.atomic():
        changes = [change_as_json(change) for change in preview_changes(proposal)]
        return decide(proposal, State.KEPT, by, changes)


def decide(proposal: Proposal, state: str, by: User | None, changes: list[dict]) -> bool:
    open_one = Proposal.objects.filter(pk=proposal.pk, state=State.OPEN)
    return bool(
        open_one.update(state=state, decided_at=timezone.now(), decided_by=by, changes=changes)
    )


def change_as_json(change: Change) -> dict[str, Any]:
    plain = asdict(change)
    for name in ("was", "now"):
        if isinstance(plain[name], dt.date):
            plain[name] = plain[name].isoformat()
    return plain


def open_proposals() -> QuerySet[Proposal]:
    return Proposal.objects.filter(state=State.OPEN).select_related("case", "reading__document")

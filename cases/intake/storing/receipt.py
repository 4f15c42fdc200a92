"""When a document's letters were received, and the claims that they belong to: as entered at the
upload, or later for all letters of a batch.

A file that is still being read takes what its line and its batch say when its case is made; the
cases that are here already are changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.corrections.claim_facts import Receipt, set_claim_facts
from cases.forms.claim import UploadFacts, problem_of_day
from cases.models import Batch, BatchLine, Case, Document

MOST_AT_ONCE = 500  # cases that one request changes; the page offers the rest
NEW_FILE = Q(duplicate=False, document__isnull=False)


def receipt_of(document: Document) -> Receipt:
    """By the first upload that brought the file; where nobody told, the day of that upload or of
    the message that it came with."""
    told = (
        BatchLine.objects.filter(document=document)
        .order_by("pk")
        .values_list(
            Coalesce("received_on", "batch__received_on"),
            "batch__assumed_on",
            "batch__without_obligations",
            F("batch__claim_facts"),
        )
        .first()
    )
    received_on, assumed_on, without_obligations, facts = told or (None, None, False, {})
    return Receipt(
        received_on or assumed_on or timezone.localdate(document.received_at),
        assumed=received_on is None,
        with_obligations=not without_obligations,
        facts=facts,
    )


# -- for the letters of a batch ----------------------------------------------------------------


def cases_of_batch(batch: Batch) -> QuerySet[Case]:
    """Those that were new in it, in the order of its files."""
    lines = batch.lines.filter(duplicate=False).order_by()
    cases = Case.objects.filter(document__in=lines.values("document"))
    return cases.select_related("claim_facts").order_by("document", "pk")


def unread_lines(batch: Batch) -> QuerySet[BatchLine]:
    """Files of which the cases are still to come."""
    unfinished = Q(document__status__in=Document.UNFINISHED)
    return batch.lines.filter(NEW_FILE, unfinished).select_related("document")


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """Of a batch: its cases, those of which the day of receipt is assumed, and the files that are
    still to be read; `day_entered` says that these have a day that was entered."""

    cases: int
    assumed: int
    unread: int
    day_entered: bool

    @property
    def letters(self) -> int:
        return self.cases + self.unread

    @property
    def to_confirm(self) -> int:
        return self.assumed + (0 if self.day_entered else self.unread)


def receipt_counts(batch: Batch) -> ReceiptCounts:
    cases = cases_of_batch(batch).order_by()
    assumed = cases.exclude(claim_facts__received_assumed=False)
    unread = unread_lines(batch).count()
    return ReceiptCounts(cases.count(), assumed.count(), unread, batch.received_on is not None)


@dataclass(slots=True)
class Applied:
    """What became of values that were entered for all letters of a batch."""

    changed: int = 0
    left: int = 0  # still to be changed: one request changes MOST_AT_ONCE
    decided_later: int = 0  # than the day that was entered, which they did not take


def apply_to_batch(batch: Batch, facts: UploadFacts, by: User) -> Applied:
    """Gives all letters of a batch what was entered; what was left empty stays as it is. So does
    the day of a letter for which another one was entered or confirmed by itself."""
    before = batch.received_on
    enter_for_unread(batch, facts)
    done = Applied()
    for case in list(cases_of_batch(batch).defer("clinical_summary", "provenance")):
        values = values_for(case, facts, before)
        if problem_of_day(values.get("received_on"), case.decision_date):
            done.decided_later += 1
            del values["received_on"]
        if not values:
            continue
        if done.changed >= MOST_AT_ONCE:
            done.left += 1
        elif set_claim_facts(case, values, by):
            done.changed += 1
    return done


def values_for(case: Case, facts: UploadFacts, before: dt.date | None) -> dict[str, Any]:
    """Those of the facts that would change something of the case; `before` is the day that all of
    its batch had."""
    row = getattr(case, "claim_facts", None)
    values: dict[str, Any] = {
        name: value for name, value in facts.facts.items() if getattr(row, name, "") != value
    }
    if facts.received_on and (row is None or row.received_assumed or row.received_on == before):
        values["received_on"] = facts.received_on
    if facts.without_obligations and (row is None or row.with_obligations):
        values["with_obligations"] = False
    return values


@transaction.atomic
def enter_for_unread(batch: Batch, facts: UploadFacts) -> None:
    """For the letters that are still to be read."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    batch.received_on = facts.received_on or batch.received_on
    batch.without_obligations = batch.without_obligations or facts.without_obligations
    batch.claim_facts = {**batch.claim_facts, **facts.facts}
    batch.save(update_fields=["received_on", "without_obligations", "claim_facts"])


@transaction.atomic
def enter_for_letters(
    cases: Mapping[Case, Mapping[str, Any]], lines: Mapping[BatchLine, Mapping[str, Any]], by: User
) -> int:
    """All changes or none; how many letters and files they change. A file that is still to be read
    has a day alone, for the letters that it will turn out to hold."""
    changed = sum(
        bool(values and set_claim_facts(case, values, by)) for case, values in cases.items()
    )
    for line, values in lines.items():
        if day := values.get("received_on"):
            BatchLine.objects.filter(pk=line.pk).update(received_on=day)
            for case in Case.objects.filter(document=line.document_id):  # it was read meanwhile
                set_claim_facts(case, {"received_on": day}, by)
            changed += 1
    return changed

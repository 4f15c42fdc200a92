"""The list of obligations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

import django_filters as filters
from django.contrib.auth.models import User
from django.db.models import Case as Cases
from django.db.models import IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django_filters.constants import EMPTY_VALUES

from cases.lists.base_filterset import FilterGroup, ListFilter, OrderFilter, SqlFilter
from cases.lists.columns import Column, field, yes_or_no
from cases.lists.columns import Value as Cell
from cases.lists.definition import BulkAction, ListDefinition, register_list
from cases.lists.filter_types import (
    AnyOfFilter,
    BooleanFilter,
    ExactFilter,
    FlatCopyFilter,
    KeysFilter,
    date_range,
)
from reviews.models import Obligation, ObligationPause
from reviews.obligations import keeping

Kind, State = Obligation.Kind, Obligation.State
CHANGE = "reviews.change_obligation"
FIRST, NEXT, LAST = range(3)  # to do, paused, nothing left to do


def obligation_rows() -> QuerySet[Obligation]:
    """What is overdue first, then what is due next, then what is paused, then the rest."""
    pauses = ObligationPause.objects.order_by("-start", "-pk")
    rank = Cases(
        When(ended_on__isnull=False, then=Value(LAST)),
        When(kind=Kind.APPEAL, due_on__lt=timezone.localdate(), then=Value(LAST)),
        When(state=State.PAUSED, then=Value(NEXT)),
        default=Value(FIRST),
        output_field=IntegerField(),
    )
    return (
        Obligation.objects.select_related("case__claim_facts", "issue")
        .defer(
            "case__clinical_summary", "case__provenance", "issue__rationale", "issue__provenance"
        )
        .prefetch_related(Prefetch("pauses", pauses))
        .annotate(rank=rank)
        .order_by("rank", "due_on", "pk")
    )


def is_overdue() -> Q:
    return Q(state=State.OPEN, due_on__lt=timezone.localdate()) & ~Q(kind=Kind.APPEAL)


class NumberFilter(FlatCopyFilter, filters.CharFilter):
    """By the beginning of a case number or of a claim number."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if value in EMPTY_VALUES:
            return queryset
        claim = Q(case__claim_facts__claim_number__istartswith=value)
        return queryset.filter(claim | Q(case__case_number__istartswith=value))


class OverdueFilter(BooleanFilter):
    def filter(self, queryset: QuerySet, value: bool | str) -> QuerySet:
        if value in EMPTY_VALUES:
            return queryset
        return queryset.filter(is_overdue() if value else ~is_overdue())


class ObligationFilter(SqlFilter):
    q = NumberFilter(label="Search", max_length=60)
    kind = AnyOfFilter(choices=Obligation.Kind, label="What")
    state = AnyOfFilter(choices=Obligation.State, label="State")
    overdue = OverdueFilter(label="Overdue")
    locals().update(date_range("due", "Due", "due_on") | date_range("done", "Done", "done_on"))
    receipt_assumed = BooleanFilter(
        field_name="case__claim_facts__received_assumed", label="Receipt date assumed"
    )
    claims_administrator = ExactFilter(
        field_name="case__claim_facts__claims_administrator", label="Claims administrator"
    )
    claims_unit = ExactFilter(field_name="case__claim_facts__claims_unit", label="Unit")
    chosen = KeysFilter()
    order = OrderFilter(
        {
            "case_number": "case__case_number",
            "kind": "kind",
            "due": "due_on",
            "done_on": "done_on",
            "received_on": "case__claim_facts__received_on",
        }
    )
    groups = (
        FilterGroup("Deadline", ("kind", "state", "overdue", "due_after", "due_before"), open=True),
        FilterGroup("Claim", ("claims_administrator", "claims_unit", "receipt_assumed")),
        FilterGroup("Done", ("done_after", "done_before")),
    )

    class Meta(ListFilter.Meta):
        model = Obligation


def done_today(request: HttpRequest, chosen: QuerySet[Obligation]) -> str:
    """Of those that can be; says truthfully what it left."""
    by, done, left = cast("User", request.user), 0, 0
    for obligation in chosen.order_by("pk"):
        try:
            keeping.mark_done(obligation, by, done_on=timezone.localdate())
            done += 1
        except keeping.ObligationError:
            left += 1
    words = f"{done:,} marked as done today."
    return (
        f"{words} {left:,} left as they are: done, withdrawn, or nothing to do." if left else words
    )


def lateness(done_on: dt.date | None, due_on: dt.date) -> str:
    """ "yes" or "no" of what was done; "" while it is not."""
    if done_on is None:
        return ""
    return "yes" if done_on > due_on else "no"


def why_paused(state: str, reasons: Sequence[str]) -> str:
    labels = dict(ObligationPause.Reason.choices)
    return str(labels[reasons[0]]) if state == State.PAUSED and reasons else ""


OBLIGATIONS = register_list(
    ListDefinition(
        name="obligations",
        noun="obligation",
        filterset=ObligationFilter,
        rows=obligation_rows,
        own_rows_in_full=obligation_rows,
        row="reviews/_obligation_cells.html",
        shown=("due", "kind", "case_number", "treatment_request", "state", "received_on"),
        search_hint="case or claim number",
        usual_order="Soonest due first",
        empty="No deadlines. An overturned determination opens them when it is read.",
        bulk=(BulkAction("done", "Done today", done_today, CHANGE),),
        own_columns=(
            Column("case_number", "Case number", field("case.case_number"), css="nowrap"),
            Column("issue_position", "Issue", field("issue.position"), css="num"),
            Column("kind", "What", field("kind"), css="nowrap"),
            Column("due", "Due", field("due_on"), css="nowrap num"),
            Column("state", "State", field("state"), css="nowrap"),
            Column("paused", "Paused for", Cell(("state", "pauses.reason"), why_paused)),
            Column("done_on", "Done on", field("done_on"), css="nowrap num"),
            Column("late", "Done late", Cell(("done_on", "due_on"), lateness)),
            Column("starts_on", "Counted from", field("starts_on"), css="nowrap num"),
            Column(
                "received_on", "Received", field("case.claim_facts.received_on"), css="nowrap num"
            ),
            Column(
                "received_assumed",
                "Receipt date assumed",
                yes_or_no("case.claim_facts.received_assumed"),
            ),
            Column("claim_number", "Claim number", field("case.claim_facts.claim_number")),
            Column(
                "claims_administrator",
                "Claims administrator",
                field("case.claim_facts.claims_administrator"),
            ),
            Column("claims_unit", "Unit", field("case.claim_facts.claims_unit")),
            Column(
                "treatment_request",
                "Treatment request",
                field("issue.treatment_request"),
                css="wide",
            ),
            Column("decision_date", "Decided", field("case.decision_date"), css="nowrap num"),
        ),
    )
)

"""The list of findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import django_filters as filters
from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_filters.constants import EMPTY_VALUES

from cases.lists.base_filterset import FilterGroup, ListFilter, OrderFilter, SqlFilter
from cases.lists.columns import Column, Value, field, joined_list, to_the_second
from cases.lists.definition import BulkAction, ListDefinition, register_list
from cases.lists.filter_types import (
    AnyOfFilter,
    ExactFilter,
    FlatCopyFilter,
    KeysFilter,
    date_range,
)
from cases.models import Issue
from reviews.annotating.annotate import LEAD
from reviews.models import Finding, Label

PICKED = "picked findings"  # in the session
NEW, PACKED, SENT, ACKNOWLEDGED = "new", "packed", "sent", "acknowledged"
STATES = (
    (NEW, "New"),
    (PACKED, "In a packet not sent yet"),
    (SENT, "Sent"),
    (ACKNOWLEDGED, "Acknowledged"),
)
IN_STATE = {
    NEW: Q(packet=None),
    PACKED: Q(packet__isnull=False, packet__sent_at=None),
    SENT: Q(packet__sent_at__isnull=False, packet__acknowledged_on=None),
    ACKNOWLEDGED: Q(packet__acknowledged_on__isnull=False),
}


def finding_rows() -> QuerySet[Finding]:
    issues = Issue.objects.select_related("case__claim_facts").defer(
        "rationale", "provenance", "case__clinical_summary", "case__provenance"
    )
    return Finding.objects.select_related("packet").prefetch_related(Prefetch("issue", issues))


class HoldsFilter(FlatCopyFilter, filters.CharFilter):
    """Rows whose list of words has this one, by the text of the list: SQLite knows no lookup in
    it, and each database writes letters beyond ASCII in its own way."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if value in EMPTY_VALUES:
            return queryset
        text = f"{self.field_name}_text"
        asked = Q()
        for plain in (True, False):
            asked |= Q(**{f"{text}__contains": json.dumps(value, ensure_ascii=plain)})
        return queryset.alias(**{text: Cast(self.field_name, TextField())}).filter(asked)


class StateFilter(AnyOfFilter):
    def filter(self, queryset: QuerySet, values: Iterable[str]) -> QuerySet:
        asked = Q()
        for value in values or ():
            asked |= IN_STATE[value]
        return queryset.filter(asked)


class CaseNumberFilter(FlatCopyFilter, filters.CharFilter):
    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if value in EMPTY_VALUES:
            return queryset
        return queryset.filter(issue__case__case_number__istartswith=value)


class FindingFilter(SqlFilter):
    q = CaseNumberFilter(label="Search", max_length=20)
    state = StateFilter(choices=STATES, label="State")
    ur_vendor = ExactFilter(field_name="issue__case__claim_facts__ur_vendor", label="UR vendor")
    claims_unit = ExactFilter(field_name="issue__case__claim_facts__claims_unit", label="Unit")
    claims_administrator = ExactFilter(
        field_name="issue__case__claim_facts__claims_administrator", label="Claims administrator"
    )
    guideline = HoldsFilter(field_name="guidelines", label="UR cited", max_length=200)
    label = HoldsFilter(field_name="labels", label="Label", max_length=60)
    packet = filters.NumberFilter(label="Packet", min_value=1, max_value=2**31)
    locals().update(date_range("found", "Found", "found_at", moment=True))
    chosen = KeysFilter()
    order = OrderFilter(
        {
            "case_number": "issue__case__case_number",
            "found": "found_at",
            "ur_vendor": "issue__case__claim_facts__ur_vendor",
        }
    )
    groups = (
        FilterGroup("Finding", ("state", "guideline", "label", "packet"), open=True),
        FilterGroup("Whose", ("ur_vendor", "claims_unit", "claims_administrator"), open=True),
        FilterGroup("When", ("found_after", "found_before")),
    )

    class Meta(ListFilter.Meta):
        model = Finding


def pack_chosen(request: HttpRequest, chosen: QuerySet[Finding]) -> HttpResponse:
    """On to the page that asks to whom."""
    request.session[PICKED] = list(chosen.order_by("pk").values_list("pk", flat=True)[:500])
    return redirect(reverse("packet-new"))


def state_words(packet: int | None, sent: object, acknowledged: object) -> str:
    state = NEW
    if packet is not None:
        state = ACKNOWLEDGED if acknowledged else SENT if sent else PACKED
    return dict(STATES)[state]


def label_names(slugs: Sequence[str]) -> str:
    names = dict(Label.objects.values_list("slug", "name"))
    return "; ".join(names.get(slug, slug) for slug in slugs)


def quoted(quotes: Sequence[dict]) -> str:
    return "; ".join(f"“{one['words']}”" for one in quotes)


def verdict_words(verdicts: Sequence[dict]) -> str:
    return "; ".join(f"{one['who']}: {one['opinion']}" for one in verdicts)


FINDINGS = register_list(
    ListDefinition(
        name="findings",
        noun="finding",
        filterset=FindingFilter,
        rows=finding_rows,
        own_rows_in_full=finding_rows,
        row="reviews/_finding_cells.html",
        shown=(
            "case_number",
            "treatment_request",
            "ur_vendor",
            "claims_citations",
            "maximus_citations",
            "labels",
            "state",
        ),
        search_hint="case number",
        empty="No findings yet. A review of an overturned issue makes one when it is closed.",
        bulk=(BulkAction("packet", "Make a packet …", pack_chosen, LEAD, most=500),),
        own_columns=(
            Column("case_number", "Case number", field("issue.case.case_number"), css="nowrap"),
            Column("issue_position", "Issue", field("issue.position"), css="num"),
            Column(
                "treatment_request",
                "Treatment request",
                field("issue.treatment_request"),
                css="wide",
            ),
            Column("decision", "Decision", field("issue.decision"), css="nowrap"),
            Column("ur_vendor", "UR vendor", field("issue.case.claim_facts.ur_vendor")),
            Column("claims_unit", "Unit", field("issue.case.claim_facts.claims_unit")),
            Column(
                "claims_administrator",
                "Claims administrator",
                field("issue.case.claim_facts.claims_administrator"),
            ),
            Column("claims_citations", "UR cited", joined_list("claims_citations"), css="wide"),
            Column(
                "maximus_citations", "MAXIMUS cited", joined_list("maximus_citations"), css="wide"
            ),
            Column("labels", "Labels", joined_list("labels"), css="marks"),
            Column("quotes", "Words", Value(("quotes",), quoted), css="wide"),
            Column("verdicts", "Verdicts", Value(("verdicts",), verdict_words)),
            Column("found", "Found", to_the_second("found_at"), css="nowrap num"),
            Column("packet", "Packet", field("packet.pk"), css="num"),
            Column(
                "state",
                "State",
                Value(("packet.pk", "packet.sent_at", "packet.acknowledged_on"), state_words),
                css="nowrap",
            ),
        ),
    )
)

"""What can be asked of the lists. A page, its count and its CSV share one filter set."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import (
    Case,
    Category,
    Citation,
    Decision,
    Document,
    Flag,
    Format,
    Issue,
    Priority,
    Source,
    Verdict,
)

CASE_ORDER = {
    "case_number": "Case number",
    "decision_date": "Decided",
    "decision": "Decision",
    "priority": "Priority",
    "date_of_injury": "Injury",
    "ur_denial_date": "UR denial",
}
DOCUMENT_ORDER = {"received_at": "Received", "name": "File", "status": "Status", "pages": "Pages"}
FLAG_CODES = [
    ("ur-date-disagrees", "UR date disagrees"),
    ("injury-date-disagrees", "Injury date disagrees"),
    ("decision-disagrees", "Decision disagrees"),
    ("dates-out-of-order", "Dates out of order"),
    ("issue-without-decision", "Issue without decision"),
    ("issue-without-rationale", "Issue without rationale"),
    ("unknown-format", "Unknown format"),
]
YES_NO = [("", "---------"), ("true", "Yes"), ("false", "No")]


class DateInput(forms.DateInput):
    input_type = "date"


def date_range(name: str, label: str) -> dict[str, filters.Filter]:
    return {
        f"{name}_after": filters.DateFilter(
            field_name=name, lookup_expr="gte", label=f"{label} from", widget=DateInput
        ),
        f"{name}_before": filters.DateFilter(
            field_name=name, lookup_expr="lte", label=f"{label} to", widget=DateInput
        ),
    }


class StableOrdering(filters.OrderingFilter):
    """Sorts by a column of the list, ties by row, so that pages never overlap."""

    def filter(self, queryset: QuerySet, value: list[str] | None) -> QuerySet:
        if not value:
            return queryset
        names = [self.param_map_back(one) for one in value]
        tie = "-pk" if names[0].startswith("-") else "pk"
        return queryset.order_by(*names, tie)

    def param_map_back(self, param: str) -> str:
        return self.get_ordering_value(param)


class CaseFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="Search", max_length=200)
    case_number = filters.CharFilter(lookup_expr="icontains", label="Case number", max_length=20)
    decision = filters.ChoiceFilter(choices=Decision, label="Decision")
    priority = filters.ChoiceFilter(choices=Priority, label="Priority")
    category = filters.ChoiceFilter(choices=Category, label="Treatment", method="by_issue")
    claims_source = filters.ChoiceFilter(
        choices=Source, label="Claims administrator cites", method="by_citation"
    )
    maximus_source = filters.ChoiceFilter(
        choices=Source, label="MAXIMUS cites", method="by_citation"
    )
    source = filters.ChoiceFilter(choices=Source, label="Either cites", method="by_citation")
    verdict = filters.ChoiceFilter(choices=Verdict, label="Sides", method="by_issue")
    flag = filters.ChoiceFilter(choices=FLAG_CODES, label="Flag", method="by_flag")
    format = filters.ChoiceFilter(choices=Format, label="Format")
    needs_correction = filters.TypedChoiceFilter(
        choices=YES_NO, coerce=lambda word: word == "true", label="Needs correction"
    )
    annotated = filters.TypedChoiceFilter(
        choices=YES_NO,
        coerce=lambda word: word == "true",
        label="Has annotations",
        method="by_annotation",
    )
    locals().update(
        date_range("decision_date", "Decided")
        | date_range("ur_denial_date", "UR denial")
        | date_range("date_of_injury", "Injury")
        | date_range("application_received", "Received")
        | date_range("date_assigned", "Assigned")
    )
    order = StableOrdering(
        fields=[(name, name) for name in CASE_ORDER], field_labels=CASE_ORDER, label="Sort by"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand somewhere in the case."""
        for word in value.split()[:10]:
            of_issue = Issue.objects.filter(case=OuterRef("pk")).filter(
                Q(treatment_request__icontains=word) | Q(rationale__icontains=word)
            )
            queryset = queryset.filter(
                Q(case_number__icontains=word)
                | Q(clinical_summary__icontains=word)
                | Exists(of_issue)
            )
        return queryset

    def by_issue(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Exists(Issue.objects.filter(case=OuterRef("pk"), **{name: value})))

    def by_citation(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        sides = {"claims_source": ["claims"], "maximus_source": ["maximus"]}.get(
            name, ["claims", "maximus"]
        )
        cited = Citation.objects.filter(issue__case=OuterRef("pk"), source=value, side__in=sides)
        return queryset.filter(Exists(cited))

    def by_flag(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Exists(Flag.objects.filter(case=OuterRef("pk"), code=value)))

    def by_annotation(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        annotated = Case.objects.filter(pk=OuterRef("pk"), annotations__isnull=False)
        return queryset.filter(Exists(annotated) if value else ~Exists(annotated))


class DocumentFilter(filters.FilterSet):
    q = filters.CharFilter(
        field_name="name", lookup_expr="icontains", label="File name", max_length=200
    )
    status = filters.ChoiceFilter(choices=Document.Status, label="Status")
    order = StableOrdering(
        fields=[(name, name) for name in DOCUMENT_ORDER],
        field_labels=DOCUMENT_ORDER,
        label="Sort by",
    )

    class Meta:
        model = Document
        fields: list[str] = []

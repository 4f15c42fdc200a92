"""What can be asked of each list. A page, its count and its CSV share one filter set."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.filtering import (
    AnyOf,
    Chosen,
    Group,
    Is,
    ListFilter,
    Order,
    Through,
    Words,
    YesNo,
    date_range,
)
from cases.flag_words import FLAG_WORDS
from cases.letters.catalogue import GUIDELINES
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

Side = Citation.Side
GUIDELINE_NAMES = tuple(dict.fromkeys(one.name for one in GUIDELINES))
SIDES = {"claims": Q(side=Side.CLAIMS), "maximus": Q(side=Side.MAXIMUS)}
EITHER = ~Q(side=Side.RATIONALE)

CASE_DATES = {
    "decision_date": "Decided",
    "date_of_injury": "Injury",
    "ur_denial_date": "UR denial",
    "application_received": "Received",
    "date_assigned": "Assigned",
}
DATE_FILTERS = tuple(f"{name}_{side}" for name in CASE_DATES for side in ("after", "before"))
CITED = ("source", "guideline", "section")


def citation_filters(key: str, outer: str = "pk") -> dict[str, filters.Filter]:
    """Source, guideline and section, of either side and of each one."""
    found: dict[str, filters.Filter] = {}
    for prefix, label, only in (
        ("", "Either side", EITHER),
        ("claims_", "Claims administrator", SIDES["claims"]),
        ("maximus_", "MAXIMUS", SIDES["maximus"]),
    ):
        through = Through(Citation, key, outer, only)
        found[f"{prefix}source"] = AnyOf(
            field_name="source", choices=Source, label=f"{label} cites", through=through
        )
        found[f"{prefix}guideline"] = Is(
            field_name="guideline",
            label=f"{label}: guideline",
            offers=GUIDELINE_NAMES,
            through=through,
        )
        found[f"{prefix}section"] = Words(
            field_name="section", label=f"{label}: section", through=through
        )
    return found


def case_dates(prefix: str = "") -> dict[str, filters.Filter]:
    found: dict[str, filters.Filter] = {}
    for name, label in CASE_DATES.items():
        found |= date_range(name, label, prefix + name)
    return found


def annotated(queryset: QuerySet, name: str, value: bool) -> QuerySet:
    """Annotations are another app's: only the relation's name is known here."""
    rows = queryset.model.objects.filter(pk=OuterRef("pk"), annotations__isnull=False)
    return queryset.filter(Exists(rows) if value else ~Exists(rows))


class CaseFilter(ListFilter):
    q = filters.CharFilter(method="search", label="Search", max_length=500)
    decision = AnyOf(choices=Decision, label="Decision")
    priority = AnyOf(choices=Priority, label="Priority")
    category = AnyOf(choices=Category, label="Treatment", through=Through(Issue, "case"))
    verdict = AnyOf(choices=Verdict, label="Sides", through=Through(Issue, "case"))
    locals().update(citation_filters("issue__case") | case_dates())
    case_number = filters.CharFilter(lookup_expr="icontains", label="Case number", max_length=20)
    format = AnyOf(choices=Format, label="Format")
    flag = AnyOf(
        field_name="code",
        choices=tuple(FLAG_WORDS.items()),
        label="Flag",
        through=Through(Flag, "case"),
    )
    specialty = Words(field_name="specialties", label="Reviewer’s specialty")
    licensed_state = Words(field_name="licensed_states", label="State of licensure")
    needs_correction = YesNo(label="Needs correction")
    annotated = YesNo(label="Has annotations", method=annotated)
    chosen = Chosen()
    order = Order(
        {"case_number": "case_number", "decision": "decision", "priority": "priority"}
        | {name: name for name in CASE_DATES}
    )
    groups = (
        Group("Decision", ("decision", "decision_date_after", "decision_date_before"), True),
        Group("Treatment", ("category",), True),
        Group("Guidelines", ("verdict", *CITED), True),
        Group("Guidelines of one side", tuple(f"claims_{n}" for n in CITED)
              + tuple(f"maximus_{n}" for n in CITED)),
        Group("Check", ("flag", "needs_correction", "annotated")),
        Group("Reviewer", ("specialty", "licensed_state")),
        Group("Other dates", DATE_FILTERS[2:]),
        Group("Letter", ("case_number", "priority", "format")),
    )  # fmt: skip

    class Meta(ListFilter.Meta):
        model = Case

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


class IssueFilter(ListFilter):
    q = filters.CharFilter(method="search", label="Search", max_length=500)
    decision = AnyOf(choices=Decision, label="Decision")
    category = AnyOf(choices=Category, label="Treatment")
    verdict = AnyOf(choices=Verdict, label="Sides")
    locals().update(citation_filters("issue") | case_dates("case__"))
    case_number = filters.CharFilter(
        field_name="case__case_number", lookup_expr="icontains", label="Case number", max_length=20
    )
    priority = AnyOf(field_name="case__priority", choices=Priority, label="Priority")
    format = AnyOf(field_name="case__format", choices=Format, label="Format")
    flag = AnyOf(
        field_name="code",
        choices=tuple(FLAG_WORDS.items()),
        label="Flag",
        through=Through(Flag, "case", "case_id"),
    )
    specialty = Words(field_name="case__specialties", label="Reviewer’s specialty")
    licensed_state = Words(field_name="case__licensed_states", label="State of licensure")
    needs_correction = YesNo(field_name="case__needs_correction", label="Needs correction")
    annotated = YesNo(label="Has annotations", method=annotated)
    chosen = Chosen()
    order = Order(
        {
            "case_number": "case__case_number",
            "decision_date": "case__decision_date",
            "decision": "decision",
            "category": "category",
            "verdict": "verdict",
        }
    )
    groups = CaseFilter.groups

    class Meta(ListFilter.Meta):
        model = Issue

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.split()[:10]:
            queryset = queryset.filter(
                Q(case__case_number__icontains=word)
                | Q(treatment_request__icontains=word)
                | Q(rationale__icontains=word)
            )
        return queryset


class CitationFilter(ListFilter):
    q = Words(field_name="raw", label="Words as written")
    side = AnyOf(choices=Side, label="Side")
    source = AnyOf(choices=Source, label="Source")
    guideline = Is(label="Guideline", offers=GUIDELINE_NAMES)
    section = Words(label="Section")
    decision = AnyOf(field_name="issue__decision", choices=Decision, label="Decision")
    category = AnyOf(field_name="issue__category", choices=Category, label="Treatment")
    verdict = AnyOf(field_name="issue__verdict", choices=Verdict, label="Sides")
    locals().update(date_range("decision_date", "Decided", "issue__case__decision_date"))
    case_number = filters.CharFilter(
        field_name="issue__case__case_number",
        lookup_expr="icontains",
        label="Case number",
        max_length=20,
    )
    chosen = Chosen()
    order = Order({"guideline": "guideline", "source": "source", "side": "side"})
    groups = (
        Group("Citation", ("side", "source", "guideline", "section"), True),
        Group("Issue", ("decision", "verdict", "category"), True),
        Group("Case", ("case_number", "decision_date_after", "decision_date_before")),
    )

    class Meta(ListFilter.Meta):
        model = Citation


class DocumentFilter(ListFilter):
    q = Words(field_name="name", label="File name")
    status = AnyOf(choices=Document.Status, label="Status")
    locals().update(date_range("received", "Received", "received_at__date"))
    chosen = Chosen()
    order = Order(
        {"received_at": "received_at", "file_name": "name", "status": "status", "pages": "pages"}
    )
    groups = (Group("Document", ("status", "received_after", "received_before"), True),)

    class Meta(ListFilter.Meta):
        model = Document

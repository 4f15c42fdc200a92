"""What can be asked of each list. A page, its count and its CSV share one filter set."""

from __future__ import annotations

from collections.abc import Iterable

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.cited_pages import CitesPage
from cases.filter_sets import Group, ListFilter, Order
from cases.filtering import (
    AnyOf,
    Chosen,
    FromData,
    HasWords,
    HoldsAny,
    Is,
    Search,
    Through,
    YesNo,
    date_range,
    decided,
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
from cases.search.index import CASES, DOCUMENTS, EVERYWHERE, ISSUES
from cases.search.language import Scopes
from cases.search.rows import POSITION_BITS
from cases.taxonomy import BodyPart, Subcategory, grouped_subcategories

Side = Citation.Side
SCOPES = Scopes(
    columns={
        "case": ("number",),
        "request": ("request",),
        "rationale": ("rationale",),
        "summary": ("summary",),
        "citation": ("claims", "maximus"),
        "guideline": ("claims", "maximus"),
        "claims": ("claims",),
        "maximus": ("maximus",),
        "section": ("claims_section", "maximus_section"),
        "specialty": ("reviewer",),
        "annotation": ("annotation",),
    },
    facts={
        "decision": tuple(Decision.values),
        "category": tuple(Category.values),
        "subcategory": tuple(Subcategory.values),
        "body": tuple(BodyPart.values),
        "edition": tuple(str(year) for year in range(1990, 2041)),
        "source": tuple(Source.values),
        "verdict": tuple(Verdict.values),
        "priority": tuple(Priority.values),
        "flag": tuple(FLAG_WORDS),
        "year": tuple(str(year) for year in range(2012, 2041)),
        "annotated": ("true",),
    },
    everywhere=EVERYWHERE,
)


def offer_fact(name: str, values: Iterable[str]) -> None:
    """Lets the search line name a fact of another app, which contributes it to the index."""
    SCOPES.facts[name] = tuple(values)


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
CITED = ("source", "guideline", "edition", "section")
CODED = ("category", "subcategory", "body_part", "retrospective", "partial")
SUBCATEGORIES = grouped_subcategories(each_once=True)


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
            field_name="source",
            choices=Source,
            label=f"{label} cites",
            through=through,
            fact=f"{prefix}source",
        )
        found[f"{prefix}guideline"] = Is(
            field_name="guideline",
            label=f"{label}: guideline",
            offers=GUIDELINE_NAMES,
            through=through,
            fact=f"{prefix}guideline",
        )
        found[f"{prefix}edition"] = FromData(
            field_name="edition",
            label=f"{label}: edition",
            max_length=4,
            choices="editions",
            through=through,
            fact=f"{prefix}edition",
        )
        found[f"{prefix}section"] = HasWords(
            columns=(f"{prefix}section",) if prefix else ("claims_section", "maximus_section"),
            label=f"{label}: section",
        )
    return found


def case_dates(prefix: str) -> dict[str, filters.Filter]:
    found: dict[str, filters.Filter] = {}
    for name, label in list(CASE_DATES.items())[1:]:
        found |= date_range(name, label, prefix + name, fact=name)
    return found


def annotated(queryset: QuerySet, name: str, value: bool) -> QuerySet:
    """Annotations are another app's: only how their relation is called is known here."""
    rows = queryset.model.objects.filter(
        pk=OuterRef("pk"), annotations__isnull=False, annotations__deleted_at__isnull=True
    )
    return queryset.filter(Exists(rows) if value else ~Exists(rows))


def any_issue(condition: Q):
    """A filter method for cases: whether any issue is so."""

    def narrow(queryset: QuerySet, name: str, value: bool) -> QuerySet:
        issues = Through(Issue, "case").having(condition)
        return queryset.filter(issues if value else ~issues)

    return narrow


def own(condition: Q):
    """A filter method: whether the row is so."""

    def narrow(queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(condition if value else ~condition)

    return narrow


def of_requests(so, through: Through | None = None) -> dict[str, filters.Filter]:
    """What an issue's request is for; `so` makes a filter method of a condition on issues."""
    return {
        "subcategory": AnyOf(
            choices=SUBCATEGORIES, label="Subcategory", through=through, fact="subcategory"
        ),
        "body_part": HoldsAny(
            field_name="body_parts",
            choices=BodyPart,
            label="Body part",
            through=through,
            fact="body",
        ),
        "retrospective": YesNo(
            label="Retrospective", method=so(Q(retrospective=True)), fact="retrospective"
        ),
        "partial": YesNo(label="Partly authorized", method=so(~Q(in_dispute="")), fact="partial"),
        "other_edition": YesNo(
            label="Same guideline, other edition",
            method=so(Q(other_edition=True)),
            fact="other_edition",
        ),
    }


def of_issue(name: str, choices, label: str) -> AnyOf:
    """A fact of a citation's issue."""
    through = Through(Issue, "pk", "issue_id")
    return AnyOf(field_name=name, choices=choices, label=label, through=through, fact=name)


def of_the_case(case: str = "", key: str = "pk") -> dict[str, filters.Filter]:
    """Facts of a case, for rows that reach it by the path `case` and hold its key in `key`."""
    return {
        "case_number": HasWords(columns=("number",), label="Case number", max_length=20),
        "priority": AnyOf(
            field_name=f"{case}priority", choices=Priority, label="Priority", fact="priority"
        ),
        "format": AnyOf(field_name=f"{case}format", choices=Format, label="Format", fact="format"),
        "flag": AnyOf(
            field_name="code",
            choices=tuple(FLAG_WORDS.items()),
            label="Flag",
            through=Through(Flag, "case", key),
            fact="flag",
        ),
        "specialty": HasWords(columns=("reviewer",), label="Reviewer’s specialty"),
        "licensed_state": HasWords(columns=("reviewer",), label="State of licensure"),
        "needs_correction": YesNo(
            field_name=f"{case}needs_correction", label="Needs correction", fact="needs_correction"
        ),
        **case_dates(case),
    }


OF_THE_CASE = (
    Group("Reviewer", ("specialty", "licensed_state")),
    Group("Other dates", DATE_FILTERS[2:]),
    Group("Letter", ("case_number", "priority", "format")),
)


class CaseFilter(ListFilter):
    index = CASES
    q = Search(SCOPES)
    decision = AnyOf(choices=Decision, label="Decision", fact="decision")
    category = AnyOf(
        choices=Category, label="Treatment", through=Through(Issue, "case"), fact="category"
    )
    verdict = AnyOf(choices=Verdict, label="Sides", through=Through(Issue, "case"), fact="verdict")
    locals().update(of_requests(any_issue, Through(Issue, "case")))
    locals().update(citation_filters("issue__case") | decided() | of_the_case())
    annotated = YesNo(label="Has annotations", method=annotated, fact="annotated")
    chosen = Chosen()
    order = Order(
        {"case_number": "case_number", "decision": "decision", "priority": "priority"}
        | {name: name for name in CASE_DATES}
        | {"decision_date": "place"}
    )
    groups = (
        Group("Decision", ("decision", "decision_date_after", "decision_date_before"), True),
        Group("Treatment", CODED, True),
        Group("Guidelines", ("verdict", "other_edition", *CITED), True),
        Group("Guidelines of one side", tuple(f"claims_{n}" for n in CITED)
              + tuple(f"maximus_{n}" for n in CITED)),
        Group("Check", ("flag", "needs_correction", "annotated")),
        *OF_THE_CASE,
    )  # fmt: skip

    class Meta(ListFilter.Meta):
        model = Case


class IssueFilter(ListFilter):
    index = ISSUES
    q = Search(SCOPES)
    decision = AnyOf(choices=Decision, label="Decision", fact="decision")
    category = AnyOf(choices=Category, label="Treatment", fact="category")
    verdict = AnyOf(choices=Verdict, label="Sides", fact="verdict")
    locals().update(of_requests(own))
    locals().update(
        citation_filters("issue")
        | decided("place", POSITION_BITS)
        | of_the_case("case__", "case_id")
    )
    annotated = YesNo(label="Has annotations", method=annotated, fact="annotated")
    chosen = Chosen()
    order = Order(
        {
            "decision_date": "place",
            "decision": "decision",
            "category": "category",
            "verdict": "verdict",
        }
    )
    groups = CaseFilter.groups

    class Meta(ListFilter.Meta):
        model = Issue


class CitationFilter(ListFilter):
    index = ISSUES
    place = "issue__place"
    several_at_a_place = True
    q = HasWords(columns=("claims", "maximus", "rationale"), own="raw", label="Words as written")
    side = AnyOf(choices=Side, label="Side", fact="cites", again=True)
    source = AnyOf(choices=Source, label="Source", fact="cites_source", again=True)
    guideline = Is(label="Guideline", offers=GUIDELINE_NAMES, fact="cites_guideline", again=True)
    edition = FromData(
        label="Edition", max_length=4, choices="editions", fact="cites_edition", again=True
    )
    section = HasWords(columns=("claims", "maximus", "rationale"), own="section", label="Section")
    cited_page = CitesPage("Page")
    decision = of_issue("decision", Decision, "Decision")
    category = of_issue("category", Category, "Treatment")
    subcategory = of_issue("subcategory", SUBCATEGORIES, "Subcategory")
    verdict = of_issue("verdict", Verdict, "Sides")
    locals().update(
        decided("issue__place", POSITION_BITS) | of_the_case("issue__case__", "issue__case_id")
    )
    chosen = Chosen()
    order = Order({"source": "source", "side": "side"})
    groups = (
        Group("Citation", ("side", *CITED, "cited_page"), True),
        Group("Issue", ("decision", "verdict", "category", "subcategory"), True),
        Group("Decided", ("decision_date_after", "decision_date_before")),
        Group("Check", ("flag", "needs_correction")),
        *OF_THE_CASE,
    )

    class Meta(ListFilter.Meta):
        model = Citation


class DocumentFilter(ListFilter):
    index = DOCUMENTS
    place = "pk"
    newest = "-received_at"
    q = HasWords(columns=("name",), label="File name")
    status = AnyOf(choices=Document.Status, label="Status")
    uploader = Is(field_name="uploader__username", label="Uploaded by")
    error_code = Is(label="Error code")
    read_by_ocr = YesNo(label="Read by OCR")
    locals().update(date_range("received", "Received", "received_at", moment=True))
    chosen = Chosen()
    order = Order({"received_at": "received_at"})
    groups = (
        Group("Document", ("status", "received_after", "received_before"), True),
        Group("More", ("uploader", "error_code", "read_by_ocr")),
    )

    class Meta(ListFilter.Meta):
        model = Document

"""The filter set of each list. A page, its count and its CSV share one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import django_filters as filters

from cases.index.order import ByColumn, ByFact, NewestFirst
from cases.index.rows import ASSUMED, CASE, CITATION, CLAIM, CONFIRMED, ISSUE
from cases.letters.citations.catalogue import GUIDELINE_NAMES
from cases.lists.base_filterset import (
    FilterGroup,
    IndexFilter,
    ListFilter,
    OrderFilter,
    OrderOf,
    SqlFilter,
)
from cases.lists.filter_types import (
    AnyOfFilter,
    BatchFilter,
    BooleanFilter,
    ClaimNumberFilter,
    DataChoiceFilter,
    ExactFilter,
    GuidelineFilter,
    KeysFilter,
    NameFilter,
    PageFilter,
    SearchFilter,
    WordsFilter,
    date_range,
)
from cases.lists.flag_labels import FLAG_LABELS
from cases.lists.guideline_names import ShortNames
from cases.models import (
    Case,
    Category,
    Citation,
    Decision,
    Document,
    Format,
    Issue,
    Priority,
    Source,
    Verdict,
)
from cases.models.taxonomy import BodyPart, Subcategory, grouped_subcategories
from cases.search.full_text import DOCUMENTS
from cases.search.language import Scopes

Side = Citation.Side
# Where a word without a field is looked for.
EVERYWHERE = (
    "number", "request", "claims", "maximus", "rationale", "summary", "reviewer", "annotation",
)  # fmt: skip
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
        "flag": tuple(FLAG_LABELS),
        "year": tuple(str(year) for year in range(2012, 2041)),
        "annotated": ("true",),
    },
    everywhere=EVERYWHERE,
)


def register_fact(name: str, values: Iterable[str]) -> None:
    """Lets the search line name a fact of another app, which contributes it to the index."""
    SCOPES.facts[name] = tuple(values)


BOTH = ("claims", "maximus")
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
SUBCATEGORY: dict[str, Any] = {
    "choices": grouped_subcategories(each_once=True),
    "label": "Subcategory",
    "fact": "subcategory",
    "none": "No subcategory",
}
DECISION: dict[str, Any] = {
    "choices": Decision,
    "label": "Decision",
    "fact": "decision",
    "none": "No decision",
}


def citation_filters() -> dict[str, filters.Filter]:
    """Source, guideline and section, of either side and of each one."""
    found: dict[str, filters.Filter] = {}
    for prefix, label, sides in (
        ("", "Either side", BOTH),
        ("claims_", "Claims administrator", BOTH[:1]),
        ("maximus_", "MAXIMUS", BOTH[1:]),
    ):
        found[f"{prefix}source"] = AnyOfFilter(
            choices=Source, label=f"{label} cites", fact=f"{prefix}source"
        )
        found[f"{prefix}guideline"] = GuidelineFilter(
            label=f"{label}: guideline",
            heading=f"{label} cites",
            offers=GUIDELINE_NAMES,
            words=ShortNames(),
            fact=f"{prefix}guideline",
            sides=sides,
            none="No citation" if prefix else "",
        )
        found[f"{prefix}edition"] = DataChoiceFilter(
            label=f"{label}: edition", max_length=4, choices="editions", fact=f"{prefix}edition"
        )
        found[f"{prefix}section"] = WordsFilter(
            columns=tuple(f"{side}_section" for side in sides), label=f"{label}: section"
        )
    return found


def case_date_filters() -> dict[str, filters.Filter]:
    found: dict[str, filters.Filter] = {}
    for name, label in CASE_DATES.items():
        found |= date_range(name, label)
    return found


def request_filters() -> dict[str, filters.Filter]:
    """What an issue's request is for."""
    return {
        "subcategory": AnyOfFilter(**SUBCATEGORY),
        "body_part": AnyOfFilter(
            choices=BodyPart, label="Body part", fact="body", none="None named"
        ),
        "retrospective": BooleanFilter(label="Retrospective", fact="retrospective"),
        "partial": BooleanFilter(label="Partially authorized", fact="partial"),
        "other_edition": BooleanFilter(
            label="Same guideline, different edition", fact="other_edition"
        ),
    }


def case_filters() -> dict[str, filters.Filter]:
    return {
        "case_number": WordsFilter(columns=("number",), label="Case number", max_length=20),
        "priority": AnyOfFilter(choices=Priority, label="Priority", fact="priority"),
        "format": AnyOfFilter(choices=Format, label="Format", fact="format"),
        "flag": AnyOfFilter(choices=tuple(FLAG_LABELS.items()), label="Flag", fact="flag"),
        "specialty": WordsFilter(columns=("reviewer",), label="Reviewer’s specialty"),
        "licensed_state": WordsFilter(columns=("reviewer",), label="State of licensure"),
        "needs_correction": BooleanFilter(label="Needs correction", fact="needs_correction"),
        **case_date_filters(),
    }


NOT_TOLD = "Not entered"
CLAIM_LABELS = dict(
    zip(CLAIM, ("Claims administrator", "Unit", "Requesting physician", "UR vendor"), strict=True)
)


def claim_filters(space: str) -> dict[str, filters.Filter]:
    """What staff entered about the claim, which no letter says."""
    return {
        "claim_number": ClaimNumberFilter(space),
        **{
            name: NameFilter(
                fact=name, label=label, none=NOT_TOLD, typed=name == "requesting_physician"
            )
            for name, label in CLAIM_LABELS.items()
        },
        "receipt": AnyOfFilter(
            choices=((ASSUMED, "Assumed from the upload"), (CONFIRMED, "Confirmed")),
            label="Receipt date",
            fact="receipt",
            none=NOT_TOLD,
        ),
        **date_range("received_on", "Determination received"),
    }


CLAIM_GROUP = FilterGroup(
    "Claim and receipt",
    ("claim_number", *CLAIM, "receipt", "received_on_after", "received_on_before"),
)
CASE_FILTERS = (
    FilterGroup("Reviewer", ("specialty", "licensed_state")),
    FilterGroup("Other dates", DATE_FILTERS[2:]),
    FilterGroup("Letter", ("case_number", "priority", "format")),
)
UPLOAD_FILTER = FilterGroup("Upload", ("batch",))


def order_by_column(name: str) -> OrderOf:
    return partial(ByColumn, name)


def order_by_fact(name: str) -> OrderOf:
    return partial(ByFact, name)


def order_by_decision_date(descending: bool) -> NewestFirst | ByColumn:
    return NewestFirst() if descending else ByColumn("decision_date")


class CaseFilter(IndexFilter):
    ranks = True
    q = SearchFilter(SCOPES)
    decision = AnyOfFilter(**DECISION)
    category = AnyOfFilter(choices=Category, label="Treatment", fact="category")
    verdict = AnyOfFilter(choices=Verdict, label="Guideline match", fact="verdict")
    locals().update(request_filters() | citation_filters() | case_filters())
    annotated = BooleanFilter(label="Has annotations", fact="annotated")
    locals().update(claim_filters(CASE))
    batch = BatchFilter(Case, "document__batch_lines")
    chosen = KeysFilter()
    order = OrderFilter(
        {name: order_by_column(name) for name in (*CASE_DATES, "received_on")}
        | {name: order_by_fact(name) for name in CLAIM}
        | {
            "case_number": order_by_column("number"),
            "decision": order_by_fact("decision"),
            "priority": order_by_fact("priority"),
            "decision_date": order_by_decision_date,
        }
    )
    groups = (
        FilterGroup("Decision", ("decision", "decision_date_after", "decision_date_before"), True),
        FilterGroup("Treatment", CODED, True),
        FilterGroup("Guidelines", ("verdict", "other_edition", *CITED), True),
        FilterGroup("Guidelines of one side", tuple(f"claims_{n}" for n in CITED)
              + tuple(f"maximus_{n}" for n in CITED)),
        FilterGroup("Check", ("flag", "needs_correction", "annotated")),
        *CASE_FILTERS,
        CLAIM_GROUP,
        UPLOAD_FILTER,
    )  # fmt: skip

    class Meta(ListFilter.Meta):
        model = Case


class IssueFilter(IndexFilter):
    space = ISSUE
    ranks = True
    q = SearchFilter(SCOPES)
    decision = AnyOfFilter(**DECISION)
    category = AnyOfFilter(choices=Category, label="Treatment", fact="category")
    verdict = AnyOfFilter(choices=Verdict, label="Guideline match", fact="verdict")
    locals().update(request_filters() | citation_filters() | case_filters())
    annotated = BooleanFilter(label="Has annotations", fact="annotated")
    locals().update(claim_filters(ISSUE))
    batch = BatchFilter(Issue, "case__document__batch_lines")
    chosen = KeysFilter()
    order = OrderFilter(
        {name: order_by_fact(name) for name in CLAIM}
        | {
            "received_on": order_by_column("received_on"),
            "decision_date": order_by_decision_date,
            "decision": order_by_fact("decision"),
            "category": order_by_fact("category"),
            "verdict": order_by_fact("verdict"),
        }
    )
    groups = CaseFilter.groups

    class Meta(ListFilter.Meta):
        model = Issue


class CitationFilter(IndexFilter):
    space = CITATION
    q = WordsFilter(columns=("cited",), label="Words as written")
    side = AnyOfFilter(choices=Side, label="Side", fact="side")
    source = AnyOfFilter(choices=Source, label="Source", fact="source")
    guideline = GuidelineFilter(
        label="Guideline",
        heading="Guideline",
        offers=GUIDELINE_NAMES,
        words=ShortNames(),
        fact="guideline",
    )
    edition = DataChoiceFilter(label="Edition", max_length=4, choices="editions", fact="edition")
    section = WordsFilter(columns=("cited_section",), label="Section")
    cited_page = PageFilter("Page")
    decision = AnyOfFilter(**DECISION)
    category = AnyOfFilter(choices=Category, label="Treatment", fact="category")
    subcategory = AnyOfFilter(**SUBCATEGORY)
    verdict = AnyOfFilter(choices=Verdict, label="Guideline match", fact="verdict")
    locals().update(case_filters())
    chosen = KeysFilter()
    order = OrderFilter({"source": order_by_fact("source"), "side": order_by_fact("side")})
    groups = (
        FilterGroup("Citation", ("side", *CITED, "cited_page"), True),
        FilterGroup("Issue", ("decision", "verdict", "category", "subcategory"), True),
        FilterGroup("Decided", ("decision_date_after", "decision_date_before")),
        FilterGroup("Check", ("flag", "needs_correction")),
        *CASE_FILTERS,
    )

    class Meta(ListFilter.Meta):
        model = Citation


class DocumentFilter(SqlFilter):
    text = DOCUMENTS
    q = WordsFilter(columns=("name",), label="File name")
    status = AnyOfFilter(choices=Document.Status, label="Status")
    uploader = ExactFilter(field_name="uploader__username", label="Uploaded by")
    error_code = ExactFilter(label="Error code")
    read_by_ocr = BooleanFilter(label="Read by OCR")
    bulk = BooleanFilter(label="Loaded in bulk")
    locals().update(date_range("received", "Received", "received_at", moment=True))
    chosen = KeysFilter()
    order = OrderFilter({"received_at": "received_at"})
    groups = (
        FilterGroup("Document", ("status", "received_after", "received_before"), True),
        FilterGroup("More", ("uploader", "error_code", "read_by_ocr", "bulk")),
    )

    class Meta(ListFilter.Meta):
        model = Document

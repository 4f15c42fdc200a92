"""What can be asked of each list. A page, its count and its CSV share one filter set."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import django_filters as filters

from cases.index.order import ByColumn, ByFact, Newest
from cases.index.rows import CITATION, ISSUE
from cases.letters.citations.catalogue import GUIDELINE_NAMES
from cases.lists.base_filterset import Group, IndexFilter, ListFilter, OrderOf, Sorted, SqlFilter
from cases.lists.filter_types import (
    AnyOf,
    Chosen,
    Cites,
    CitesPage,
    FromData,
    HasWords,
    Is,
    Search,
    YesNo,
    date_range,
)
from cases.lists.flag_labels import FLAG_WORDS
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
        "flag": tuple(FLAG_WORDS),
        "year": tuple(str(year) for year in range(2012, 2041)),
        "annotated": ("true",),
    },
    everywhere=EVERYWHERE,
)


def offer_fact(name: str, values: Iterable[str]) -> None:
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
SUBCATEGORIES = grouped_subcategories(each_once=True)


def citation_filters() -> dict[str, filters.Filter]:
    """Source, guideline and section, of either side and of each one."""
    found: dict[str, filters.Filter] = {}
    for prefix, label, sides in (
        ("", "Either side", BOTH),
        ("claims_", "Claims administrator", BOTH[:1]),
        ("maximus_", "MAXIMUS", BOTH[1:]),
    ):
        found[f"{prefix}source"] = AnyOf(
            choices=Source, label=f"{label} cites", fact=f"{prefix}source"
        )
        found[f"{prefix}guideline"] = Cites(
            label=f"{label}: guideline",
            heading=f"{label} cites",
            offers=GUIDELINE_NAMES,
            words=ShortNames(),
            fact=f"{prefix}guideline",
            sides=sides,
        )
        found[f"{prefix}edition"] = FromData(
            label=f"{label}: edition", max_length=4, choices="editions", fact=f"{prefix}edition"
        )
        found[f"{prefix}section"] = HasWords(
            columns=tuple(f"{side}_section" for side in sides), label=f"{label}: section"
        )
    return found


def case_dates() -> dict[str, filters.Filter]:
    found: dict[str, filters.Filter] = {}
    for name, label in CASE_DATES.items():
        found |= date_range(name, label)
    return found


def of_requests() -> dict[str, filters.Filter]:
    """What an issue's request is for."""
    return {
        "subcategory": AnyOf(choices=SUBCATEGORIES, label="Subcategory", fact="subcategory"),
        "body_part": AnyOf(choices=BodyPart, label="Body part", fact="body"),
        "retrospective": YesNo(label="Retrospective", fact="retrospective"),
        "partial": YesNo(label="Partially authorized", fact="partial"),
        "other_edition": YesNo(label="Same guideline, different edition", fact="other_edition"),
    }


def of_the_case() -> dict[str, filters.Filter]:
    return {
        "case_number": HasWords(columns=("number",), label="Case number", max_length=20),
        "priority": AnyOf(choices=Priority, label="Priority", fact="priority"),
        "format": AnyOf(choices=Format, label="Format", fact="format"),
        "flag": AnyOf(choices=tuple(FLAG_WORDS.items()), label="Flag", fact="flag"),
        "specialty": HasWords(columns=("reviewer",), label="Reviewer’s specialty"),
        "licensed_state": HasWords(columns=("reviewer",), label="State of licensure"),
        "needs_correction": YesNo(label="Needs correction", fact="needs_correction"),
        **case_dates(),
    }


OF_THE_CASE = (
    Group("Reviewer", ("specialty", "licensed_state")),
    Group("Other dates", DATE_FILTERS[2:]),
    Group("Letter", ("case_number", "priority", "format")),
)


def by_column(name: str) -> OrderOf:
    return partial(ByColumn, name)


def by_fact(name: str) -> OrderOf:
    return partial(ByFact, name)


def by_decision_date(descending: bool) -> Newest | ByColumn:
    return Newest() if descending else ByColumn("decision_date")


class CaseFilter(IndexFilter):
    ranks = True
    q = Search(SCOPES)
    decision = AnyOf(choices=Decision, label="Decision", fact="decision")
    category = AnyOf(choices=Category, label="Treatment", fact="category")
    verdict = AnyOf(choices=Verdict, label="Guideline match", fact="verdict")
    locals().update(of_requests() | citation_filters() | of_the_case())
    annotated = YesNo(label="Has annotations", fact="annotated")
    chosen = Chosen()
    order = Sorted(
        {name: by_column(name) for name in CASE_DATES}
        | {
            "case_number": by_column("number"),
            "decision": by_fact("decision"),
            "priority": by_fact("priority"),
            "decision_date": by_decision_date,
        }
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


class IssueFilter(IndexFilter):
    space = ISSUE
    ranks = True
    q = Search(SCOPES)
    decision = AnyOf(choices=Decision, label="Decision", fact="decision")
    category = AnyOf(choices=Category, label="Treatment", fact="category")
    verdict = AnyOf(choices=Verdict, label="Guideline match", fact="verdict")
    locals().update(of_requests() | citation_filters() | of_the_case())
    annotated = YesNo(label="Has annotations", fact="annotated")
    chosen = Chosen()
    order = Sorted(
        {
            "decision_date": by_decision_date,
            "decision": by_fact("decision"),
            "category": by_fact("category"),
            "verdict": by_fact("verdict"),
        }
    )
    groups = CaseFilter.groups

    class Meta(ListFilter.Meta):
        model = Issue


class CitationFilter(IndexFilter):
    space = CITATION
    q = HasWords(columns=("cited",), label="Words as written")
    side = AnyOf(choices=Side, label="Side", fact="side")
    source = AnyOf(choices=Source, label="Source", fact="source")
    guideline = Cites(label="Guideline", offers=GUIDELINE_NAMES, fact="guideline")
    edition = FromData(label="Edition", max_length=4, choices="editions", fact="edition")
    section = HasWords(columns=("cited_section",), label="Section")
    cited_page = CitesPage("Page")
    decision = AnyOf(choices=Decision, label="Decision", fact="decision")
    category = AnyOf(choices=Category, label="Treatment", fact="category")
    subcategory = AnyOf(choices=SUBCATEGORIES, label="Subcategory", fact="subcategory")
    verdict = AnyOf(choices=Verdict, label="Guideline match", fact="verdict")
    locals().update(of_the_case())
    chosen = Chosen()
    order = Sorted({"source": by_fact("source"), "side": by_fact("side")})
    groups = (
        Group("Citation", ("side", *CITED, "cited_page"), True),
        Group("Issue", ("decision", "verdict", "category", "subcategory"), True),
        Group("Decided", ("decision_date_after", "decision_date_before")),
        Group("Check", ("flag", "needs_correction")),
        *OF_THE_CASE,
    )

    class Meta(ListFilter.Meta):
        model = Citation


class DocumentFilter(SqlFilter):
    text = DOCUMENTS
    q = HasWords(columns=("name",), label="File name")
    status = AnyOf(choices=Document.Status, label="Status")
    uploader = Is(field_name="uploader__username", label="Uploaded by")
    error_code = Is(label="Error code")
    read_by_ocr = YesNo(label="Read by OCR")
    locals().update(date_range("received", "Received", "received_at", moment=True))
    chosen = Chosen()
    order = Sorted({"received_at": "received_at"})
    groups = (
        Group("Document", ("status", "received_after", "received_before"), True),
        Group("More", ("uploader", "error_code", "read_by_ocr")),
    )

    class Meta(ListFilter.Meta):
        model = Document

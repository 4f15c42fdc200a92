"""The lists of this app: cases, issues, citations, documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from cases.corrected import corrected_in, corrected_names
from cases.exports import pages_in_words
from cases.facts import Count
from cases.filters import CaseFilter, CitationFilter, DocumentFilter, IssueFilter
from cases.listing import BulkAction, Column, ListOf, register
from cases.models import Case, Citation, Document, Issue, Reading
from cases.search.texts import texts_of_cases, texts_of_issues
from cases.sides import relations_in_words
from cases.summaries import counted

NONE = Count()
UPLOAD = ("upload", "Upload a determination")


def cases_in_brief() -> QuerySet[Case]:
    issues = Issue.objects.defer("rationale", "provenance").order_by("position")
    rows = Case.objects.defer("clinical_summary", "provenance").order_by("-place")
    return rows.prefetch_related(Prefetch("issues", issues), "flags")


def cases_in_full() -> QuerySet[Case]:
    issues = Issue.objects.defer("rationale", "provenance").order_by("position")
    rows = Case.objects.defer("provenance").order_by("-place")
    return rows.prefetch_related(Prefetch("issues", issues.prefetch_related(sides())), "flags")


def sides() -> Prefetch:
    cited = Citation.objects.exclude(side=Citation.Side.RATIONALE).defer("spans", "raw")
    return Prefetch("citations", cited)


def yes_or_no(name: str) -> Callable[[Any], str]:
    value = field(name)
    return lambda row: "yes" if value(row) else "no"


def issues_in_brief() -> QuerySet[Issue]:
    return issues_in_full().defer("rationale", "provenance", *unread("case__"))


def issues_in_full() -> QuerySet[Issue]:
    return (
        Issue.objects.select_related("case")
        .defer("provenance", *unread("case__"))
        .prefetch_related(sides(), "case__flags")
        .order_by("-place")
    )


def citations() -> QuerySet[Citation]:
    return (
        Citation.objects.select_related("issue__case")
        .defer("spans", "issue__provenance", "issue__rationale", *unread("issue__case__"))
        .order_by("-issue__place", "side", "position")
    )


def documents() -> QuerySet[Document]:
    current = Reading.objects.current().select_related("case")
    return Document.objects.prefetch_related(Prefetch("readings", current))


def unread(prefix: str) -> tuple[str, ...]:
    """Long fields of the case that rows of other lists have no use for."""
    return (f"{prefix}clinical_summary", f"{prefix}provenance")


def joined(value: Callable[[Issue], Any]) -> Callable[[Case], str]:
    return lambda case: "; ".join(str(value(issue)) for issue in case.issues.all())


def cited_words(issue: Issue, side: str) -> str:
    return "; ".join(
        f"{one}{pages_in_words(one.pages)}" for one in issue.citations.all() if one.side == side
    )


def cited(side: str) -> Callable[[Case], str]:
    return lambda case: "; ".join(filter(None, (cited_words(i, side) for i in case.issues.all())))


def field(name: str) -> Callable[[Any], Any]:
    def value(row: Any) -> Any:
        for part in name.split("."):
            row = getattr(row, part)
        return row

    return value


def listed(name: str) -> Callable[[Any], str]:
    values = field(name)
    return lambda row: "; ".join(values(row))


def parse_again(request: HttpRequest, rows: QuerySet) -> str:
    """Of cases or documents; corrections and annotations stay."""
    from cases import ingest  # the intake is not needed to show a list

    ids = rows.values("document") if rows.model is Case else rows.values("pk")
    count = sum(ingest.reread(one, request.user) for one in Document.objects.filter(pk__in=ids))
    return f"{count} document{'' if count == 1 else 's'} will be parsed again."


PARSE_AGAIN = BulkAction("reparse", "Parse again", parse_again, "cases.change_document")

CASES = register(
    ListOf(
        name="cases",
        noun="case",
        filterset=CaseFilter,
        rows=cases_in_brief,
        own_rows_in_full=cases_in_full,
        row="cases/_case_cells.html",
        shown=(
            "case_number",
            "decision_date",
            "treatment_requests",
            "decision",
            "verdicts",
            "flags",
        ),
        search_hint="lumbar epidural decision:overturned",
        texts=texts_of_cases,
        bulk=(PARSE_AGAIN,),
        facets=("decision", "category", "subcategory", "verdict", "source"),
        tally="case.{}",
        pace=1500,
        tallied=(
            "decision",
            "category",
            "subcategory",
            "verdict",
            "source",
            "priority",
            "format",
            "flag",
        ),
        scopes=("decision", "category", "verdict", "source", "priority", "format", "flag"),
        leads_to_cases=True,
        total=lambda: counted("case.all").get(("", ""), NONE).total,
        empty="No cases yet.",
        empty_action=UPLOAD,
        own_columns=(
            Column("case_number", "Case number", field("case_number"), css="nowrap"),
            Column("decision", "Decision", field("decision"), css="nowrap"),
            Column("priority", "Priority", field("priority")),
            Column("date_of_injury", "Injury", field("date_of_injury"), css="nowrap num"),
            Column("ur_denial_date", "UR denial", field("ur_denial_date"), css="nowrap num"),
            Column(
                "application_received", "Received", field("application_received"), css="nowrap num"
            ),
            Column("date_assigned", "Assigned", field("date_assigned"), css="nowrap num"),
            Column("decision_date", "Decided", field("decision_date"), css="nowrap num"),
            Column("specialties", "Specialty", listed("specialties")),
            Column("licensed_states", "Licensed in", listed("licensed_states")),
            Column("format", "Format", field("format")),
            Column("issues", "Issues", lambda case: len(case.issues.all()), css="num"),
            Column(
                "treatment_requests", "Requests", joined(field("treatment_request")), css="wide"
            ),
            Column("issue_decisions", "Issues’ decisions", joined(field("decision"))),
            Column("categories", "Treatments", joined(field("category"))),
            Column("verdicts", "Sides", joined(field("verdict"))),
            Column("claims_citations", "Claims administrator cites", cited("claims"), css="wide"),
            Column("maximus_citations", "MAXIMUS cites", cited("maximus"), css="wide"),
            Column("flags", "Flags", lambda case: "; ".join(f.code for f in case.flags.all())),
            Column(
                "needs_correction",
                "Needs correction",
                yes_or_no("needs_correction"),
            ),
            Column("clinical_summary", "Clinical case summary", field("clinical_summary")),
            Column("corrected", "Corrected", lambda case: "; ".join(corrected_names(case))),
        ),
    )
)

ISSUES = register(
    ListOf(
        name="issues",
        noun="issue",
        filterset=IssueFilter,
        rows=issues_in_brief,
        own_rows_in_full=issues_in_full,
        row="cases/_issue_cells.html",
        shown=(
            "case_number",
            "decision_date",
            "treatment_request",
            "decision",
            "category",
            "verdict",
            "claims_citations",
            "maximus_citations",
        ),
        search_hint='"work conditioning" maximus:odg',
        texts=texts_of_issues,
        facets=("category", "subcategory", "verdict"),
        tally="{}",
        tallied=("category", "subcategory", "verdict"),
        scopes=("category", "verdict"),
        leads_to_cases=True,
        total=lambda: counted("issues").get(("", ""), NONE).total,
        empty="No issues yet.",
        empty_action=UPLOAD,
        own_columns=(
            Column("case_number", "Case number", field("case.case_number"), css="nowrap"),
            Column("position", "Issue", field("position"), css="num"),
            Column(
                "treatment_request", "Treatment request", field("treatment_request"), css="wide"
            ),
            Column("decision", "Decision", field("decision"), css="nowrap"),
            Column("category", "Treatment", field("category")),
            Column("verdict", "Sides", field("verdict")),
            Column(
                "claims_citations",
                "Claims administrator cites",
                lambda issue: cited_words(issue, "claims"),
                css="wide",
            ),
            Column(
                "maximus_citations",
                "MAXIMUS cites",
                lambda issue: cited_words(issue, "maximus"),
                css="wide",
            ),
            Column("decision_date", "Decided", field("case.decision_date"), css="nowrap num"),
            Column("specialties", "Specialty", listed("case.specialties")),
            Column("priority", "Priority", field("case.priority")),
            Column(
                "flags",
                "Flags of the case",
                lambda issue: "; ".join(flag.code for flag in issue.case.flags.all()),
            ),
            Column("rationale", "Rationale", field("rationale")),
            Column("corrected", "Corrected", lambda issue: "; ".join(corrected_in(issue))),
            Column("subcategory", "Subcategory", field("subcategory")),
            Column("body_parts", "Body parts", listed("body_parts")),
            Column("retrospective", "Retrospective", yes_or_no("retrospective")),
            Column("requested", "Originally requested", field("requested"), css="wide"),
            Column("authorized", "Authorized in part", field("authorized"), css="wide"),
            Column("in_dispute", "Part in dispute", field("in_dispute"), css="wide"),
            Column(
                "relations",
                "How the sides compare",
                lambda issue: relations_in_words(issue.citations.all()),
            ),
        ),
    )
)

CITATIONS = register(
    ListOf(
        name="citations",
        noun="citation",
        filterset=CitationFilter,
        pace=6000,
        rows=citations,
        own_rows_in_full=citations,
        row="cases/_citation_cells.html",
        shown=(
            "case_number",
            "side",
            "source",
            "guideline",
            "section",
            "pages",
            "treatment_request",
            "decision",
        ),
        search_hint="work hardening",
        empty="No citations yet.",
        empty_action=UPLOAD,
        own_columns=(
            Column("case_number", "Case number", field("issue.case.case_number"), css="nowrap"),
            Column("issue_position", "Issue", field("issue.position"), css="num"),
            Column("side", "Side", field("side")),
            Column("position", "Place in its side", field("position"), css="num"),
            Column("source", "Source", field("source")),
            Column("guideline", "Guideline", field("guideline"), css="wide"),
            Column("section", "Section", field("section")),
            Column(
                "pages",
                "Pages",
                lambda one: pages_in_words(one.pages).removeprefix(" p. "),
                css="num",
            ),
            Column("raw", "As written", field("raw"), css="wide"),
            Column(
                "treatment_request",
                "Treatment request",
                field("issue.treatment_request"),
                css="wide",
            ),
            Column("category", "Treatment", field("issue.category")),
            Column("decision", "Decision", field("issue.decision"), css="nowrap"),
            Column("verdict", "Sides", field("issue.verdict")),
            Column("decision_date", "Decided", field("issue.case.decision_date"), css="nowrap num"),
            Column("edition", "Edition", field("edition"), css="num"),
            Column("subcategory", "Subcategory", field("issue.subcategory")),
        ),
    )
)

DOCUMENTS = register(
    ListOf(
        name="documents",
        noun="document",
        filterset=DocumentFilter,
        rows=documents,
        own_rows_in_full=documents,
        row="cases/_document_cells.html",
        shown=("file_name", "status", "case_numbers", "pages", "received_at"),
        search_hint="file name",
        bulk=(PARSE_AGAIN,),
        empty="Nothing was uploaded yet.",
        empty_action=UPLOAD,
        own_columns=(
            Column("id", "Number", field("pk"), css="num"),
            Column("file_name", "File", field("name"), css="wide"),
            Column("status", "Status", field("status")),
            Column(
                "case_numbers",
                "Letters",
                lambda document: "; ".join(r.case_number for r in document.readings.all()),
            ),
            Column("pages", "Pages", field("pages"), css="num"),
            Column("bytes", "Bytes", field("size"), css="num"),
            Column("sha256", "SHA-256", field("sha256"), css="digest"),
            Column("error_code", "Error code", field("error_code")),
            Column("error", "Error", field("error_message")),
            Column("parser_version", "Parser version", field("parser_version")),
            Column(
                "received_at",
                "Received",
                lambda document: document.received_at.isoformat(timespec="seconds"),
                css="nowrap num",
            ),
        ),
    )
)

"""The lists of this app: cases, issues, citations, documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from cases.corrections.corrected_fields import name_in_words
from cases.intake import pipeline
from cases.letters.citations.locators import ranges_in_words
from cases.lists.columns import (
    Column,
    Value,
    case_citations_by,
    citations_by,
    count_of,
    field,
    joined_list,
    relations,
    to_the_second,
    yes_or_no,
    yes_or_no_where,
)
from cases.lists.definition import BulkAction, ListDefinition, register_list
from cases.lists.filtersets import (
    CLAIM_LABELS,
    CaseFilter,
    CitationFilter,
    DocumentFilter,
    IssueFilter,
)
from cases.models import Case, Citation, Document, Flag, Issue, Reading
from cases.search.texts import texts_of_cases, texts_of_issues

UPLOAD = ("upload", "Upload a determination")


def cases_in_brief() -> QuerySet[Case]:
    issues = Issue.objects.defer("rationale", "provenance").order_by("position")
    rows = Case.objects.defer("clinical_summary", "provenance")
    return rows.prefetch_related(Prefetch("issues", issues), flags())


def cases_in_full() -> QuerySet[Case]:
    issues = Issue.objects.defer("rationale", "provenance").order_by("position")
    rows = Case.objects.defer("provenance")
    return rows.prefetch_related(Prefetch("issues", issues.prefetch_related(sides())), flags())


def sides() -> Prefetch:
    cited = Citation.objects.exclude(side=Citation.Side.RATIONALE).order_by("side", "position")
    return Prefetch("citations", cited.defer("spans", "raw"))


def flags(relation: str = "flags") -> Prefetch:
    return Prefetch(relation, Flag.objects.order_by("pk"))


def issues_in_brief() -> QuerySet[Issue]:
    return issues_in_full().defer("rationale", "provenance", *unused_case_fields("case__"))


def issues_in_full() -> QuerySet[Issue]:
    return (
        Issue.objects.select_related("case")
        .defer("provenance", *unused_case_fields("case__"))
        .prefetch_related(sides(), flags("case__flags"))
    )


def citations() -> QuerySet[Citation]:
    return Citation.objects.select_related("issue__case").defer(
        "spans", "issue__provenance", "issue__rationale", *unused_case_fields("issue__case__")
    )


def documents() -> QuerySet[Document]:
    current = Reading.objects.current().select_related("case").order_by("position")
    return Document.objects.prefetch_related(Prefetch("readings", current))


def unused_case_fields(prefix: str) -> tuple[str, ...]:
    """Long fields of the case that rows of other lists have no use for."""
    return (f"{prefix}clinical_summary", f"{prefix}provenance")


def corrected_in_words(corrected: Iterable[str]) -> str:
    return "; ".join(map(name_in_words, corrected))


def corrected_in_issue(position: int, corrected: Iterable[str]) -> str:
    place = f"issue-{position}"
    return corrected_in_words(n for n in corrected if n == place or n.startswith(f"{place}-"))


def claim_columns(relation: str) -> tuple[Column, ...]:
    """What staff entered about the claim; `relation` leads to it."""
    labels = {"claim_number": "Claim number", **CLAIM_LABELS}
    return (
        *(
            Column(name, label, field(f"{relation}.{name}"), joined=joined(relation))
            for name, label in labels.items()
        ),
        Column(
            "received_on",
            "Determination received",
            field(f"{relation}.received_on"),
            css="nowrap num",
            joined=joined(relation),
        ),
        Column(
            "received_assumed",
            "Receipt is assumed",
            yes_or_no_where(f"{relation}.received_on", f"{relation}.received_assumed"),
            joined=joined(relation),
        ),
    )


def joined(path: str) -> str:
    return path.replace(".", "__")


def parse_again(request: HttpRequest, rows: QuerySet) -> str:
    """Of cases or documents; corrections and annotations stay."""
    ids = rows.values("document") if rows.model is Case else rows.values("pk")
    documents = list(Document.objects.filter(pk__in=ids))
    count = pipeline.reparse_documents(documents, cast("User", request.user))
    return f"{count} document{'' if count == 1 else 's'} will be parsed again."


PARSE_AGAIN = BulkAction("reparse", "Parse again", parse_again, "cases.change_document")

CASES = register_list(
    ListDefinition(
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
        pace=6000,
        leads_to_cases=True,
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
            Column("specialties", "Specialty", joined_list("specialties")),
            Column("licensed_states", "Licensed in", joined_list("licensed_states")),
            Column("format", "Format", field("format")),
            Column("issues", "Issues", count_of("issues"), css="num"),
            Column(
                "treatment_requests",
                "Requests",
                joined_list("issues.treatment_request"),
                css="wide",
            ),
            Column("issue_decisions", "Issue decisions", joined_list("issues.decision")),
            Column("categories", "Treatments", joined_list("issues.category")),
            Column("verdicts", "Guideline match", joined_list("issues.verdict")),
            Column(
                "claims_citations",
                "Claims administrator cites",
                case_citations_by("claims"),
                css="wide",
            ),
            Column("maximus_citations", "MAXIMUS cites", case_citations_by("maximus"), css="wide"),
            Column("flags", "Flags", joined_list("flags.code"), css="marks"),
            Column(
                "needs_correction",
                "Needs correction",
                yes_or_no("needs_correction"),
            ),
            Column("clinical_summary", "Clinical case summary", field("clinical_summary")),
            Column("corrected", "Corrected", Value(("corrected",), corrected_in_words)),
        ),
        later_columns=claim_columns("claim_facts"),
    )
)

ISSUES = register_list(
    ListDefinition(
        name="issues",
        noun="issue",
        filterset=IssueFilter,
        pace=8000,
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
        facets=(
            "decision",
            "category",
            "subcategory",
            "body_part",
            "claims_guideline",
            "maximus_guideline",
            "verdict",
        ),
        leads_to_cases=True,
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
            Column("verdict", "Guideline match", field("verdict")),
            Column(
                "claims_citations",
                "Claims administrator cites",
                citations_by("claims"),
                css="wide marks",
            ),
            Column(
                "maximus_citations",
                "MAXIMUS cites",
                citations_by("maximus"),
                css="wide marks",
            ),
            Column("decision_date", "Decided", field("case.decision_date"), css="nowrap num"),
            Column("specialties", "Specialty", joined_list("case.specialties")),
            Column("priority", "Priority", field("case.priority")),
            Column(
                "flags",
                "Flags of the case",
                joined_list("case.flags.code"),
                css="marks",
            ),
            Column("rationale", "Rationale", field("rationale")),
            Column(
                "corrected",
                "Corrected",
                Value(("position", "case.corrected"), corrected_in_issue),
            ),
            Column("subcategory", "Subcategory", field("subcategory")),
            Column("body_parts", "Body parts", joined_list("body_parts")),
            Column("retrospective", "Retrospective", yes_or_no("retrospective")),
            Column("requested", "Originally requested", field("requested"), css="wide"),
            Column("authorized", "Authorized in part", field("authorized"), css="wide"),
            Column("in_dispute", "Part in dispute", field("in_dispute"), css="wide"),
            Column(
                "relations",
                "Guideline comparison",
                relations(),
            ),
        ),
        later_columns=claim_columns("case.claim_facts"),
    )
)

CITATIONS = register_list(
    ListDefinition(
        name="citations",
        noun="citation",
        filterset=CitationFilter,
        pace=25_000,
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
        facets=("side", "source", "guideline"),
        empty="No citations yet.",
        empty_action=UPLOAD,
        own_columns=(
            Column("case_number", "Case number", field("issue.case.case_number"), css="nowrap"),
            Column("issue_position", "Issue", field("issue.position"), css="num"),
            Column("side", "Side", field("side")),
            Column("position", "Position within its side", field("position"), css="num"),
            Column("source", "Source", field("source")),
            Column("guideline", "Guideline", field("guideline"), css="wide"),
            Column("section", "Section", field("section")),
            Column(
                "pages",
                "Pages",
                Value(("pages",), ranges_in_words),
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
            Column("verdict", "Guideline match", field("issue.verdict")),
            Column("decision_date", "Decided", field("issue.case.decision_date"), css="nowrap num"),
            Column("edition", "Edition", field("edition"), css="num"),
            Column("subcategory", "Subcategory", field("issue.subcategory")),
        ),
    )
)

DOCUMENTS = register_list(
    ListDefinition(
        name="documents",
        noun="document",
        filterset=DocumentFilter,
        pace=15_000,
        rows=documents,
        own_rows_in_full=documents,
        row="cases/_document_cells.html",
        shown=("file_name", "status", "case_numbers", "pages", "received_at"),
        search_hint="file name",
        bulk=(PARSE_AGAIN,),
        empty="No uploads yet.",
        empty_action=UPLOAD,
        own_columns=(
            Column("id", "Number", field("pk"), css="num"),
            Column("file_name", "File", field("name"), css="wide"),
            Column("status", "Status", field("status")),
            Column(
                "case_numbers",
                "Letters",
                joined_list("readings.case_number"),
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
                to_the_second("received_at"),
                css="nowrap num",
            ),
        ),
    )
)

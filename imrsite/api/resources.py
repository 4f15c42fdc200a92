"""What the API offers: for each list its declaration, its rows, and their form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework.serializers import Serializer

from cases.lists.definition import ListDefinition
from cases.lists.registry import CASES, CITATIONS, DOCUMENTS, ISSUES, documents
from cases.models import Case, Citation, Document, Flag, Issue
from imrsite.api.people_serializers import AnnotationSerializer, ReviewSerializer
from imrsite.api.serializers import (
    CaseSerializer,
    CitationSerializer,
    DocumentSerializer,
    IssueSerializer,
)
from reviews.lists.registry import ANNOTATIONS, REVIEWS, annotation_rows
from reviews.models import Assignment, Review


def cited() -> Prefetch:
    rows = Citation.objects.exclude(side=Citation.Side.RATIONALE).defer("spans")
    return Prefetch("citations", rows.order_by("side", "position"))


def case_rows() -> QuerySet[Case]:
    issues = Issue.objects.defer("provenance", "asked").order_by("position")
    return (
        Case.objects.select_related("review", "claim_facts")
        .defer("provenance", "corrected")
        .prefetch_related(
            Prefetch("issues", issues.select_related("case").prefetch_related(cited())),
            Prefetch("flags", Flag.objects.select_related("issue").order_by("pk")),
        )
    )


def issue_rows() -> QuerySet[Issue]:
    rows = Issue.objects.select_related("case").prefetch_related(cited())
    return rows.defer("provenance", "asked", *long_fields("case__"))


def citation_rows() -> QuerySet[Citation]:
    issue = ("issue__provenance", "issue__rationale", "issue__asked")
    return Citation.objects.select_related("issue__case").defer(
        "spans", *issue, *long_fields("issue__case__")
    )


def review_rows() -> QuerySet[Review]:
    people = Assignment.objects.select_related("reviewer").order_by("pk")
    return (
        Review.objects.select_related("case", "closed_by")
        .defer(*long_fields("case__"))
        .prefetch_related(Prefetch("assignments", people))
        .order_by("due_on", "pk")
    )


def document_rows() -> QuerySet[Document]:
    return documents().select_related("uploader")


def long_fields(case: str) -> tuple[str, ...]:
    return tuple(f"{case}{name}" for name in ("clinical_summary", "provenance", "corrected"))


@dataclass(frozen=True, slots=True)
class Resource:
    """`key` is the field by which one row is asked for."""

    of: ListDefinition
    rows: Callable[[], QuerySet]
    serializer: type[Serializer[Any]]
    key: str = "pk"


RESOURCES = {
    one.of.name: one
    for one in (
        Resource(CASES, case_rows, CaseSerializer, key="case_number"),
        Resource(ISSUES, issue_rows, IssueSerializer),
        Resource(CITATIONS, citation_rows, CitationSerializer),
        Resource(ANNOTATIONS, annotation_rows, AnnotationSerializer),
        Resource(REVIEWS, review_rows, ReviewSerializer),
        Resource(DOCUMENTS, document_rows, DocumentSerializer),
    )
}

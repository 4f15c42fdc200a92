"""The lists of what people added, declared as every list is."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cases.filters import offer_fact
from cases.listing import BulkAction, Column, ListOf, offer, offer_column, offer_filters, register
from cases.lists import field
from cases.models import Case
from reviews.annotate import LEAD
from reviews.filters import (
    REVIEW_GROUP,
    AnnotationFilter,
    ReviewFilter,
    review_filters,
)
from reviews.models import Annotation, Assignment, Reply, Review


def annotations() -> QuerySet[Annotation]:
    replies = Reply.objects.live().select_related("author")
    return (
        Annotation.objects.select_related("case", "issue", "label", "author", "resolved_by")
        .defer(
            "case__clinical_summary",
            "case__provenance",
            "issue__rationale",
            "issue__provenance",
        )
        .prefetch_related(Prefetch("replies", replies))
        .order_by("-created_at", "-pk")
    )


def reviews() -> QuerySet[Review]:
    assignments = Assignment.objects.select_related("reviewer")
    return (
        Review.objects.select_related("case")
        .defer("case__clinical_summary", "case__provenance")
        .prefetch_related(Prefetch("assignments", assignments), "case__issues")
        .order_by("due_on", "pk")
    )


def state_of_review(case: Case) -> str:
    """Every case has its review, but one that was just made."""
    return case.review.state if hasattr(case, "review") else ""


def assign_chosen(request: HttpRequest, chosen: QuerySet[Review]) -> HttpResponse:
    """On to the page that asks to whom."""
    numbers = ",".join(str(pk) for pk in chosen.values_list("pk", flat=True))
    return redirect(f"{reverse('review-assign')}?reviews={numbers}")


def assign_chosen_cases(request: HttpRequest, chosen: QuerySet) -> HttpResponse:
    return assign_chosen(request, Review.objects.filter(case__in=chosen.values("pk")))


ANNOTATIONS = register(
    ListOf(
        name="annotations",
        noun="annotation",
        filterset=AnnotationFilter,
        rows=annotations,
        own_rows_in_full=annotations,
        row="reviews/_annotation_cells.html",
        shown=("case_number", "label", "quote", "comment", "author", "created", "state"),
        also="reviews/_annotations_head.html",
        search_hint="functional improvement",
        scope_hint="comment:unclear",
        fact_hint="target:rationale",
        empty="No annotations yet. Open a case and select words in its rationale.",
        own_columns=(
            Column("id", "Number", field("pk"), css="num"),
            Column("case_number", "Case number", field("case.case_number"), css="nowrap"),
            Column(
                "issue_position",
                "Issue",
                lambda note: note.issue.position if note.issue else "",
                css="num",
            ),
            Column("target", "On", field("target")),
            Column("start", "Start", field("start"), css="num"),
            Column("end", "End", field("end"), css="num"),
            Column("quote", "Words", field("quote"), css="wide"),
            Column("prefix", "Before them", field("prefix")),
            Column("suffix", "After them", field("suffix")),
            Column("label", "Label", lambda note: note.label.slug if note.label else ""),
            Column("comment", "Comment", field("comment"), css="wide"),
            Column("author", "Author", field("author.username")),
            Column(
                "created",
                "Written",
                lambda note: note.created_at.isoformat(timespec="seconds"),
                css="nowrap num",
            ),
            Column(
                "updated",
                "Changed",
                lambda note: note.updated_at.isoformat(timespec="seconds"),
                css="nowrap num",
            ),
            Column("state", "State", lambda note: state_in_words(note)),
            Column(
                "replies",
                "Replies",
                lambda note: "; ".join(f"{r.author}: {r.comment}" for r in note.replies.all()),
            ),
        ),
    )
)


def state_in_words(note: Annotation) -> str:
    words = [
        "deleted" if note.deleted_at else "",
        "" if note.is_placed else "unplaced",
        "resolved" if note.resolved_at else "open",
    ]
    return ", ".join(filter(None, words))


REVIEWS = register(
    ListOf(
        name="reviews",
        noun="review",
        filterset=ReviewFilter,
        rows=reviews,
        own_rows_in_full=reviews,
        row="reviews/_review_cells.html",
        shown=("case_number", "state", "due", "reviewers", "issues", "decision", "decision_date"),
        also="reviews/_reviews_head.html",
        search_hint="case number",
        empty="No reviews yet. Every case that is read gets one.",
        bulk=(BulkAction("assign", "Assign to …", assign_chosen, LEAD),),
        own_columns=(
            Column("case_number", "Case number", field("case.case_number"), css="nowrap"),
            Column("state", "State", field("state"), css="nowrap"),
            Column("due", "Due", field("due_on"), css="nowrap num"),
            Column(
                "reviewers",
                "Reviewers",
                lambda review: "; ".join(str(a.reviewer) for a in review.assignments.all()),
            ),
            Column(
                "submitted",
                "Submitted",
                lambda review: sum(bool(a.submitted_at) for a in review.assignments.all()),
                css="num",
            ),
            Column("issues", "Issues", lambda r: len(r.case.issues.all()), css="num"),
            Column("decision", "Decision", field("case.decision"), css="nowrap"),
            Column("priority", "Priority", field("case.priority")),
            Column("decision_date", "Decided", field("case.decision_date"), css="nowrap num"),
        ),
    )
)

offer_column(
    "cases",
    Column("review", "Review", state_of_review, css="nowrap", joined="review"),
)
offer_fact("review", Review.State.values)
offer_filters("cases", REVIEW_GROUP, review_filters("pk"))
offer_filters("issues", REVIEW_GROUP, review_filters("case_id"))
offer_filters("citations", REVIEW_GROUP, review_filters("issue__case_id"))
offer("cases", BulkAction("assign-review", "Assign for review …", assign_chosen_cases, LEAD))

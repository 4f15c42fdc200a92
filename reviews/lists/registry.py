"""The lists of annotations and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cases.lists.columns import Column, Value, count_of, field, joined_list, to_the_second
from cases.lists.definition import (
    BulkAction,
    ListDefinition,
    register_action,
    register_column,
    register_filters,
    register_list,
)
from cases.lists.filtersets import register_fact
from reviews.annotating.annotate import LEAD
from reviews.lists.filtersets import (
    REVIEW_GROUP,
    AnnotationFilter,
    ReviewFilter,
    review_filters,
)
from reviews.models import Annotation, Assignment, Reply, Review


def annotation_rows() -> QuerySet[Annotation]:
    replies = Reply.objects.live().select_related("author").order_by("pk")
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


def review_rows() -> QuerySet[Review]:
    assignments = Assignment.objects.select_related("reviewer").order_by("pk")
    return (
        Review.objects.select_related("case")
        .defer("case__clinical_summary", "case__provenance")
        .prefetch_related(Prefetch("assignments", assignments), "case__issues")
        .order_by("due_on", "pk")
    )


def state_in_words(
    deleted_at: datetime | None, start: int | None, resolved_at: datetime | None
) -> str:
    words = [
        "deleted" if deleted_at else "",
        "unplaced" if start is None else "",
        "resolved" if resolved_at else "open",
    ]
    return ", ".join(filter(None, words))


def replies_in_words(authors: Sequence[str], comments: Sequence[str]) -> str:
    said = zip(authors, comments, strict=True)
    return "; ".join(f"{author}: {comment}" for author, comment in said)


def submitted_count(values: Sequence[datetime | None]) -> int:
    return sum(value is not None for value in values)


PICKED = "picked reviews"  # in the session
MOST_PICKED = 1000


def assign_chosen(request: HttpRequest, chosen: QuerySet[Review]) -> HttpResponse:
    """On to the page that asks to whom. The session carries them: an address has no room for
    thousands."""
    found = chosen.order_by("due_on", "pk").values_list("pk", flat=True)
    request.session[PICKED] = {"reviews": list(found[:MOST_PICKED]), "asked": chosen.count()}
    return redirect(f"{reverse('review-assign')}?picked=true")


def assign_chosen_cases(request: HttpRequest, chosen: QuerySet) -> HttpResponse:
    return assign_chosen(request, Review.objects.filter(case__in=chosen.values("pk")))


ANNOTATIONS = register_list(
    ListDefinition(
        name="annotations",
        noun="annotation",
        filterset=AnnotationFilter,
        rows=annotation_rows,
        own_rows_in_full=annotation_rows,
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
                field("issue.position"),
                css="num",
            ),
            Column("target", "On", field("target")),
            Column("start", "Start", field("start"), css="num"),
            Column("end", "End", field("end"), css="num"),
            Column("quote", "Words", field("quote"), css="wide"),
            Column("prefix", "Text before", field("prefix")),
            Column("suffix", "Text after", field("suffix")),
            Column("label", "Label", field("label.slug")),
            Column("comment", "Comment", field("comment"), css="wide"),
            Column("author", "Author", field("author.username")),
            Column(
                "created",
                "Created",
                to_the_second("created_at"),
                css="nowrap num",
            ),
            Column(
                "updated",
                "Changed",
                to_the_second("updated_at"),
                css="nowrap num",
            ),
            Column("state", "State", Value(("deleted_at", "start", "resolved_at"), state_in_words)),
            Column(
                "replies",
                "Replies",
                Value(("replies.author.username", "replies.comment"), replies_in_words),
            ),
        ),
    )
)


REVIEWS = register_list(
    ListDefinition(
        name="reviews",
        noun="review",
        filterset=ReviewFilter,
        rows=review_rows,
        own_rows_in_full=review_rows,
        row="reviews/_review_cells.html",
        shown=("case_number", "state", "due", "reviewers", "issues", "decision", "decision_date"),
        also="reviews/_reviews_head.html",
        search_hint="case number",
        usual_order="Soonest due first",
        empty="No reviews yet. Every case that is read gets one.",
        bulk=(BulkAction("assign", "Assign to …", assign_chosen, LEAD),),
        own_columns=(
            Column("case_number", "Case number", field("case.case_number"), css="nowrap"),
            Column("state", "State", field("state"), css="nowrap"),
            Column("due", "Due", field("due_on"), css="nowrap num"),
            Column(
                "reviewers",
                "Reviewers",
                joined_list("assignments.reviewer.username"),
            ),
            Column(
                "submitted",
                "Submitted",
                Value(("assignments.submitted_at",), submitted_count),
                css="num",
            ),
            Column("issues", "Issues", count_of("case.issues"), css="num"),
            Column("decision", "Decision", field("case.decision"), css="nowrap"),
            Column("priority", "Priority", field("case.priority")),
            Column("decision_date", "Decided", field("case.decision_date"), css="nowrap num"),
        ),
    )
)

register_column(
    "cases",
    Column("review", "Review", field("review.state"), css="nowrap", joined="review"),
)
register_fact("review", Review.State.values)
register_filters("cases", REVIEW_GROUP, review_filters())
register_filters("issues", REVIEW_GROUP, review_filters())
register_filters("citations", REVIEW_GROUP, review_filters())
register_action(
    "cases", BulkAction("assign-review", "Assign for review …", assign_chosen_cases, LEAD)
)

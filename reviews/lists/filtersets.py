"""Filter sets of the lists of annotations and reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters as filters
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters.constants import EMPTY_VALUES

from cases.index.order import ByColumn
from cases.lists.base_filterset import FilterGroup, IndexFilter, ListFilter, OrderFilter, SqlFilter
from cases.lists.filter_types import (
    AnyOfFilter,
    BooleanFilter,
    ExactFilter,
    KeysFilter,
    SearchFilter,
    WordsFilter,
    date_range,
    keys_of,
    or_node,
)
from cases.lists.filtersets import order_by_column, order_by_decision_date, order_by_fact
from cases.models import Decision, Priority
from cases.search.language import EVERYTHING, And, Between, Fact, Node, Not, OneOf, Scopes
from reviews.annotating.note_index import ANNOTATIONS
from reviews.models import Annotation, Review, Target, states_with_due_date


class ConditionFilter(BooleanFilter):
    """Whether a condition holds of the row."""

    def __init__(self, condition: Q, **kwargs: Any):
        super().__init__(**kwargs)
        self.condition = condition

    def filter(self, queryset: QuerySet, value: bool | str) -> QuerySet:
        if value in EMPTY_VALUES:
            return queryset
        return queryset.filter(self.condition if value else ~self.condition)


class PersonFilter(ExactFilter):
    """Rows by who wrote or reviews them. The index knows people by key, since a name may change."""

    def node_for(self, value: str) -> Fact:
        person = get_user_model().objects.filter(username=value).first()
        return Fact(self.fact, str(person.pk if person else 0))


def review_filters() -> dict[str, filters.Filter]:
    """What lists of cases, and of what belongs to cases, can be asked of reviews."""
    return {
        "review": AnyOfFilter(choices=Review.State, label="Review", fact="review"),
        "reviewed_by": PersonFilter(label="With the reviewer", fact="reviewer"),
    }


REVIEW_GROUP = FilterGroup("Review", ("review", "reviewed_by"))
SCOPES = Scopes(
    columns={
        "case": ("number",),
        "quote": ("words",),
        "comment": ("comment",),
        "reply": ("reply",),
    },
    facts={"target": tuple(Target.values), "resolved": ("true",), "unplaced": ("true",)},
    everywhere=tuple(ANNOTATIONS.columns),
)
RESOLVED, UNPLACED = Q(resolved_at__isnull=False), Q(start__isnull=True)
DELETED = Q(deleted_at__isnull=False)
FACTS: dict[str, Callable[[str], Q]] = {
    "target": lambda value: Q(target=value),
    "resolved": lambda value: RESOLVED,
    "unplaced": lambda value: UNPLACED,
}


class AnnotationFilter(SqlFilter):
    text = ANNOTATIONS
    q = SearchFilter(SCOPES)
    label = ExactFilter(field_name="label__slug", label="Label")
    author = ExactFilter(field_name="author__username", label="Author")
    target = AnyOfFilter(choices=Target, label="On")
    case_number = WordsFilter(columns=("number",), label="Case number", max_length=20)
    resolved = ConditionFilter(RESOLVED, label="Resolved")
    unplaced = ConditionFilter(UNPLACED, label="Unplaced")
    deleted = ConditionFilter(DELETED, label="Deleted")
    locals().update(date_range("created", "Created", "created_at", moment=True))
    chosen = KeysFilter()
    order = OrderFilter(
        {
            "case_number": "case_number",
            "label": "label_position",
            "author": "author_name",
            "created": "created_at",
        }
    )
    groups = (
        FilterGroup("What", ("label", "target", "resolved", "unplaced", "deleted"), open=True),
        FilterGroup("Who and when", ("author", "created_after", "created_before", "case_number")),
    )

    class Meta(ListFilter.Meta):
        model = Annotation

    def fact(self, name: str, value: str) -> Q:
        return FACTS[name](value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Deleted ones are shown only where they are asked for."""
        found = super().filter_queryset(queryset)
        return found if "deleted" in self.active() else found.filter(deleted_at=None)


class OverdueFilter(BooleanFilter):
    """Reviews that somebody still has to read and that were due before today."""

    def node_for(self, value: bool) -> Node:
        yesterday = timezone.localdate().toordinal() - 1
        unread = or_node([Fact("review", state) for state in states_with_due_date()])
        late = And((Between("due", None, yesterday), unread))
        return late if value else Not(late)


class ReviewKeysFilter(KeysFilter):
    def node_for(self, value: list) -> OneOf:
        reviews = Review.objects.filter(pk__in=keys_of(value))
        return OneOf(frozenset(reviews.values_list("case", flat=True)))


class ReviewFilter(IndexFilter):
    """Reviews are found by their cases; a case has one."""

    key = "case_id"
    usual = ByColumn("due")
    q = WordsFilter(columns=("number",), label="Search", max_length=20)
    state = AnyOfFilter(choices=Review.State, label="State", fact="review")
    reviewer = PersonFilter(label="Reviewer", fact="reviewer")
    overdue = OverdueFilter(label="Overdue")
    waiting_for = PersonFilter(label="Not submitted by", fact="waiting_for")
    submitted_by = PersonFilter(label="Submitted by", fact="submitted_by")
    decided_otherwise = PersonFilter(
        label="A lead decided otherwise than", fact="decided_otherwise"
    )
    decision = AnyOfFilter(choices=Decision, label="Decision", fact="decision")
    priority = AnyOfFilter(choices=Priority, label="Priority", fact="priority")
    locals().update(date_range("due", "Due") | date_range("decision_date", "Decided"))
    chosen = ReviewKeysFilter()
    order = OrderFilter(
        {
            "case_number": order_by_column("number"),
            "state": order_by_fact("review"),
            "due": order_by_column("due"),
            "decision_date": order_by_decision_date,
        }
    )
    groups = (
        FilterGroup(
            "Review", ("state", "reviewer", "overdue", "due_after", "due_before"), open=True
        ),
        FilterGroup("Reviewer’s part", ("waiting_for", "submitted_by", "decided_otherwise")),
        FilterGroup(
            "Case", ("decision", "priority", "decision_date_after", "decision_date_before")
        ),
    )

    class Meta(ListFilter.Meta):
        model = Review

    def node(self) -> Node:
        reviewed = or_node([Fact("review", state) for state in Review.State.values])
        asked = super().node()
        return reviewed if asked == EVERYTHING else And((reviewed, asked))

"""What can be asked of the lists of what people added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import django_filters as filters
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters.constants import EMPTY_VALUES

from cases.filter_sets import Group, ListFilter, Order, Question
from cases.filtering import (
    AnyOf,
    Chosen,
    HasWords,
    Is,
    Search,
    Through,
    YesNo,
    date_range,
    decided,
)
from cases.models import Decision, Priority
from cases.search.index import CASES
from cases.search.language import And, Fact, Not, Scopes
from reviews.models import Annotation, Assignment, Review, Target
from reviews.note_index import ANNOTATIONS


class Holds(YesNo):
    """Whether a condition holds of the row; made anew for each request, since days pass.

    `otherwise` says when it doesn't, where a database finds that faster than by "not".
    """

    def __init__(
        self, condition: Callable[[], Q], otherwise: Callable[[], Q] | None = None, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.condition = condition
        self.otherwise = otherwise or (lambda: ~condition())

    def filter(self, queryset: QuerySet, value: bool | str) -> QuerySet:
        if value in (None, ""):
            return queryset
        return queryset.filter(self.condition() if value else self.otherwise())


class ByPerson(Is):
    """Rows by who wrote or reviews them. The index knows people by number, since a name may
    change."""

    def asks(self, value: str) -> Fact | None:
        person = get_user_model().objects.filter(username=value).first()
        return Fact(self.fact, str(person.pk if person else 0))


def review_filters(case: str) -> dict[str, filters.Filter]:
    """What a list of cases, or of rows whose `case` is this field, can be asked of reviews."""
    return {
        "review": AnyOf(
            field_name="state",
            choices=Review.State,
            label="Review",
            through=Through(Review, "case", case),
            fact="review",
        ),
        "reviewed_by": ByPerson(
            field_name="reviewer__username",
            label="With the reviewer",
            fact="reviewer",
            through=Through(Assignment, "review__case", case),
        ),
    }


REVIEW_GROUP = Group("Review", ("review", "reviewed_by"))


def late() -> Q:
    return Q(due_on__lt=timezone.localdate()) & ~Q(state=Review.State.CLOSED)


def not_late() -> Q:
    return Q(due_on__gte=timezone.localdate()) | Q(state=Review.State.CLOSED)


STANDING = Not(Fact("deleted", "true"))
SCOPES = Scopes(
    columns={
        "case": ("number",),
        "quote": ("words",),
        "comment": ("comment",),
        "reply": ("reply",),
    },
    facts={"target": tuple(Target.values), "resolved": ("true",), "unplaced": ("true",)},
    everywhere=ANNOTATIONS.columns,
)


class AnnotationFilter(ListFilter):
    index = ANNOTATIONS
    place = "pk"
    newest = "-created"
    q = Search(SCOPES)
    label = Is(field_name="label__slug", label="Label", fact="label")
    author = ByPerson(field_name="author__username", label="Author", fact="author")
    target = AnyOf(choices=Target, label="On", fact="target")
    case_number = HasWords(columns=("number",), label="Case number", max_length=20)
    resolved = Holds(lambda: Q(resolved_at__isnull=False), label="Resolved", fact="resolved")
    unplaced = Holds(lambda: Q(start__isnull=True), label="Unplaced", fact="unplaced")
    deleted = Holds(lambda: Q(deleted_at__isnull=False), label="Deleted", fact="deleted")
    locals().update(date_range("created", "Written", "created_at", moment=True))
    chosen = Chosen()
    order = Order(
        {
            "case_number": "case_number",
            "label": "label_position",
            "author": "author_name",
            "created": "created_at",
        }
    )

    groups = (
        Group("What", ("label", "target", "resolved", "unplaced", "deleted"), open=True),
        Group("Who and when", ("author", "created_after", "created_before", "case_number")),
    )

    class Meta(ListFilter.Meta):
        model = Annotation

    # Deleted ones are shown only where they are asked for.

    @property
    def only_standing(self) -> bool:
        return self.form.cleaned_data.get("deleted") in EMPTY_VALUES

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found.filter(deleted_at=None) if self.only_standing else found

    def question(self) -> Question | None:
        asked = super().question()
        if asked and self.only_standing:
            return replace(asked, node=And((asked.node, STANDING)))
        return asked


class ReviewFilter(ListFilter):
    index = CASES
    place = "case__place"
    in_place = False
    q = HasWords(columns=("number",), label="Search", max_length=20)
    state = AnyOf(choices=Review.State, label="State", fact="review")
    reviewer = ByPerson(
        field_name="reviewer__username",
        label="Reviewer",
        fact="reviewer",
        through=Through(Assignment, "review"),
    )
    overdue = Holds(late, not_late, label="Overdue")
    decision = AnyOf(
        field_name="case__decision", choices=Decision, label="Decision", fact="decision"
    )
    priority = AnyOf(
        field_name="case__priority", choices=Priority, label="Priority", fact="priority"
    )
    locals().update(date_range("due", "Due", "due_on") | decided("case__place"))
    chosen = Chosen()
    order = Order(
        {
            "case_number": "case__case_number",
            "state": "state",
            "due": "due_on",
            "decision_date": "case__place",
        }
    )

    groups = (
        Group("Review", ("state", "reviewer", "overdue", "due_after", "due_before"), open=True),
        Group("Case", ("decision", "priority", "decision_date_after", "decision_date_before")),
    )

    class Meta(ListFilter.Meta):
        model = Review

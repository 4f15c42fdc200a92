"""Assigns many reviews at once, and takes back what nobody began.

Which review goes to whom is worked out first and is pure (`share_evenly`, `share_by_counts`,
`to_each`); a review that can't be given says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, repeat
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet

from reviews.models import Assignment, Review
from reviews.reviewing import workflow
from reviews.reviewing.workflow import ReviewError

# Of reviews and people by their keys.
Shares = list[tuple[int, int]]


def share_evenly(
    reviews: Sequence[int], people: Sequence[int], has: set[tuple[int, int]]
) -> Shares:
    """Each review to one person, so that everybody gets as many; nobody one that they have
    already (`has`), unless all have it."""
    given = dict.fromkeys(people, 0)
    shares = []
    for review in reviews:
        can = [one for one in people if (review, one) not in has] or people
        person = min(can, key=lambda one: given[one])
        given[person] += 1
        shares.append((review, person))
    return shares


def share_by_counts(reviews: Sequence[int], counts: Mapping[int, int]) -> Shares:
    """So many to each, in turn; reviews beyond the counts stay where they are."""
    people = chain.from_iterable(repeat(person, number) for person, number in counts.items())
    return list(zip(reviews, people, strict=False))


def to_each(reviews: Sequence[int], people: Sequence[int]) -> Shares:
    return [(review, person) for review in reviews for person in people]


@dataclass(frozen=True, slots=True)
class Made:
    """An assignment of a run; `widened`, whether the review wanted one reviewer less before."""

    assignment: int
    widened: bool


@dataclass(frozen=True, slots=True)
class AssigningRun:
    """What a run came to: the assignments, and why the others were not given."""

    made: tuple[Made, ...]
    refused: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.made)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AssigningRun:
        return cls(
            tuple(Made(**one) for one in data["made"]),
            tuple(data["refused"]),
        )


@transaction.atomic
def assign_shares(shares: Shares, people: Mapping[int, User], by: User) -> AssigningRun:
    rows = Review.objects.select_related("case").in_bulk({review for review, _ in shares})
    made: list[Made] = []
    refused: list[str] = []
    for key, person in shares:
        if review := rows.get(key):
            try:
                made.append(assign_one(review, people[person], by))
            except ReviewError as problem:
                refused.append(str(problem))
    return AssigningRun(tuple(made), tuple(refused))


def assign_one(review: Review, reviewer: User, by: User) -> Made:
    with transaction.atomic():
        wanted = Review.objects.select_for_update().values_list("wanted", flat=True)
        before = wanted.get(pk=review.pk)
        assignment = workflow.assign_reviewer(review, reviewer, by)
        return Made(assignment.pk, widened=wanted.get(pk=review.pk) > before)


def not_begun() -> QuerySet[Assignment]:
    """Those of which nothing was saved."""
    return Assignment.objects.filter(version=1, submitted_at=None, review__closed_at=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a run: to whom how many, and how many of them nobody began."""

    given: tuple[tuple[str, int], ...]
    undoable: int

    @property
    def total(self) -> int:
        return sum(number for _, number in self.given)


def standing_of(run: AssigningRun) -> Standing:
    keys = [one.assignment for one in run.made]
    rows = Assignment.objects.filter(pk__in=keys).order_by("reviewer__username")
    given = Counter(rows.values_list("reviewer__username", flat=True))
    return Standing(tuple(given.items()), not_begun().filter(pk__in=keys).count())


@dataclass(frozen=True, slots=True)
class Undone:
    """How many were taken back, and whose work stands."""

    taken_back: int
    begun: tuple[str, ...]


@transaction.atomic
def undo_assigning(run: AssigningRun) -> Undone:
    """Takes back what nobody began; what was taken back before counts as neither."""
    keys = {one.assignment: one for one in run.made}
    rows = Assignment.objects.filter(pk__in=keys).select_related("review__case", "reviewer")
    taken_back, begun = 0, []
    for assignment in rows.order_by("pk"):
        if take_back(assignment, narrow=keys[assignment.pk].widened):
            taken_back += 1
        else:
            begun.append(f"{assignment.review.case} was begun by {assignment.reviewer}.")
    return Undone(taken_back, tuple(begun))


def take_back(assignment: Assignment, *, narrow: bool) -> bool:
    review = Review.objects.select_for_update().filter(pk=assignment.review_id)
    review.get()
    if not not_begun().filter(pk=assignment.pk).exists():
        return False
    workflow.unassign(assignment)
    if narrow:
        review.filter(wanted__gt=1, taken__lt=F("wanted")).update(wanted=F("wanted") - 1)
        workflow.update_state(assignment.review_id)
    return True


def assigned_already(reviews: Iterable[int]) -> set[tuple[int, int]]:
    """Which of the reviews are with whom."""
    rows = Assignment.objects.filter(review__in=list(reviews))
    return set(rows.values_list("review", "reviewer"))

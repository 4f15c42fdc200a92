"""How the team stands: who has how much, how far each batch is reviewed, and where leads decided
otherwise. Figures that link to a list of reviews are counted as that list counts them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone
from pyroaring import BitMap

from cases.index.current import current_index
from cases.index.rows import CASE
from cases.index.space import Space
from cases.models import Batch
from reviews.models import IssueVerdict, Opinion, Review, states_with_due_date
from reviews.names import name_from

BATCHES = 10
DECIDED = 10
State = Review.State


@dataclass(frozen=True, slots=True)
class Load:
    """Reviews of one person."""

    person: User
    open: int
    overdue: int
    submitted: int
    decided_otherwise: int

    @property
    def any(self) -> bool:
        return bool(self.open or self.submitted)

    @property
    def open_address(self) -> str:
        return reviews_address(waiting_for=self.person.username)

    @property
    def overdue_address(self) -> str:
        return reviews_address(waiting_for=self.person.username, overdue="true")

    @property
    def submitted_address(self) -> str:
        return reviews_address(submitted_by=self.person.username)

    @property
    def otherwise_address(self) -> str:
        return reviews_address(decided_otherwise=self.person.username)


def reviews_address(**query: str) -> str:
    return f"{reverse('reviews')}?{urlencode(query)}"


def loads_of(people: Iterable[User]) -> list[Load]:
    with current_index() as index:
        space = index.spaces[CASE]
        late = overdue_cases(space)
        return [load_of(one, space, late) for one in people]


def load_of(person: User, space: Space, late: BitMap) -> Load:
    waiting = space.holding("waiting_for", str(person.pk))
    return Load(
        person,
        len(waiting),
        waiting.intersection_cardinality(late),
        len(space.holding("submitted_by", str(person.pk))),
        len(space.holding("decided_otherwise", str(person.pk))),
    )


def overdue_cases(space: Space) -> BitMap:
    unread = BitMap.union(*(space.holding("review", one) for one in states_with_due_date()))
    return unread & space.between("due", None, timezone.localdate().toordinal() - 1)


def people_with_reviews() -> list[User]:
    """Whoever has or had a review, active or not."""
    return list(
        get_user_model().objects.filter(assignments__isnull=False).distinct().order_by("username")
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and the list of what it counts."""

    words: str
    number: int
    address: str


def figures() -> list[Figure]:
    """Of all reviews."""
    with current_index() as index:
        space = index.spaces[CASE]
        late = len(overdue_cases(space))
        states = {state: len(space.holding("review", state)) for state in State}
    found = [
        Figure(str(state.label), number, reviews_address(state=state))
        for state, number in states.items()
    ]
    return [Figure("Overdue", late, reviews_address(overdue="true")), *found]


# -- batches -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far the cases of an upload batch are: nobody has it, being read, read, closed."""

    batch: Batch
    unassigned: int
    in_review: int
    submitted: int
    closed: int

    @property
    def cases(self) -> int:
        return self.unassigned + self.in_review + self.submitted + self.closed

    @property
    def reviewed(self) -> int:
        """Read by all its reviewers."""
        return self.submitted + self.closed


def batch_progress() -> list[BatchProgress]:
    """The latest batches that brought cases."""
    batches = {
        one.pk: one
        for one in Batch.objects.filter(lines__document__cases__isnull=False)
        .select_related("uploader")
        .order_by("-pk")
        .distinct()[:BATCHES]
    }
    path = "case__document__batch_lines__batch"
    rows = Review.objects.filter(**{f"{path}__in": list(batches)}).order_by()
    states: dict[int, Counter[str]] = defaultdict(Counter)
    for batch, state, number in rows.values_list(path, "state").annotate(
        Count("pk", distinct=True)
    ):
        states[batch][state] = number
    return [progress_of(batch, states[pk]) for pk, batch in batches.items()]


def progress_of(batch: Batch, states: Counter[str]) -> BatchProgress:
    submitted = sum(states[one] for one in (State.SUBMITTED, State.AGREED, State.IN_DISPUTE))
    return BatchProgress(
        batch, states[State.UNASSIGNED], states[State.IN_REVIEW], submitted, states[State.CLOSED]
    )


# -- where leads decided otherwise -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecidedOtherwise:
    """A verdict of a reviewer, and what a lead decided in its place."""

    verdict: IssueVerdict
    decided: str
    reason: str
    by: str

    @property
    def said(self) -> str:
        return str(self.verdict.get_opinion_display())


def decided_otherwise() -> list[DecidedOtherwise]:
    """The latest, of closed reviews."""
    settled = "issue__settlements__"
    rows = (
        IssueVerdict.objects.filter(
            assignment__review__closed_at__isnull=False, issue__settlements__isnull=False
        )
        .exclude(opinion=F(f"{settled}opinion"))
        .annotate(
            decided=F(f"{settled}opinion"),
            why=F(f"{settled}reason"),
            first=F(f"{settled}settled_by__first_name"),
            last=F(f"{settled}settled_by__last_name"),
            username=F(f"{settled}settled_by__username"),
        )
        .select_related("assignment__reviewer", "issue__case")
        .defer("issue__rationale", "issue__provenance")
        .order_by(f"-{settled}settled_at", "-pk")
    )
    words = dict(Opinion.choices)
    return [
        DecidedOtherwise(
            one, str(words[one.decided]), one.why, name_from(one.first, one.last, one.username)
        )
        for one in rows[:DECIDED]
    ]

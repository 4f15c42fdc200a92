"""How far two reviewers of the same case agree: Krippendorff's alpha, with the counts behind it.

A unit is an issue of a case that two reviewers have submitted. For verdicts its value is the
opinion; for a label, whether the reviewer put it on that issue at all. The coefficient is NLTK's
(nominal data, nltk.metrics.agreement), after Krippendorff, Content Analysis, chapter on
reliability.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from reviews.models import Annotation, Assignment, Label, Opinion
from reviews.names import name_of

Pair = tuple[str, str]  # what the two reviewers said of one unit


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` is None where it is not defined: no units, or nobody ever said anything else."""

    name: str
    units: int
    same: int
    alpha: float | None
    both: int = 0
    one: int = 0

    @property
    def share(self) -> float | None:
        return self.same / self.units if self.units else None


def krippendorff_alpha(pairs: Iterable[Pair]) -> float | None:
    pairs = list(pairs)
    if len({value for pair in pairs for value in pair}) < 2:
        return None
    from nltk.metrics.agreement import AnnotationTask  # takes a moment: only this page needs it

    data = [
        (coder, unit, value)
        for unit, pair in enumerate(pairs)
        for coder, value in zip("ab", pair, strict=True)
    ]
    return float(AnnotationTask(data=data).alpha())


def measure_agreement(name: str, pairs: list[Pair], yes: str = "") -> Agreement:
    counts = Counter(pair.count(yes) for pair in pairs) if yes else Counter()
    return Agreement(
        name,
        units=len(pairs),
        same=sum(a == b for a, b in pairs),
        alpha=krippendorff_alpha(pairs),
        both=counts[2],
        one=counts[1],
    )


def double_reviews() -> list[tuple[Assignment, Assignment]]:
    """Every case that two reviewers have submitted."""
    submitted = (
        Assignment.objects.filter(submitted_at__isnull=False, review__taken=2)
        .select_related("review", "reviewer")
        .prefetch_related("verdicts")
        .order_by("review_id", "pk")
    )
    by_review: dict[int, list[Assignment]] = {}
    for one in submitted:
        by_review.setdefault(one.review_id, []).append(one)
    return [(pair[0], pair[1]) for pair in by_review.values() if len(pair) == 2]


def agreement_on_verdicts(pairs: list[tuple[Assignment, Assignment]]) -> list[Agreement]:
    """Of all verdicts, and of each opinion against the others."""
    said = [
        (ours[issue], theirs[issue])
        for first, second in pairs
        for ours, theirs in [(opinions_of(first), opinions_of(second))]
        for issue in ours
        if issue in theirs
    ]
    of_each = []
    for opinion in Opinion:
        held = [(yes_no(a == opinion), yes_no(b == opinion)) for a, b in said]
        of_each.append(measure_agreement(opinion.label, held, "yes"))
    return [measure_agreement("All verdicts", said), *of_each]


def agreement_by_person(pairs: list[tuple[Assignment, Assignment]]) -> list[Agreement]:
    """Of each reviewer with whoever else reviewed the same cases."""
    said: dict[User, list[Pair]] = defaultdict(list)
    for first, second in pairs:
        ours, theirs = opinions_of(first), opinions_of(second)
        both = [(ours[issue], theirs[issue]) for issue in ours if issue in theirs]
        said[first.reviewer] += both
        said[second.reviewer] += [(b, a) for a, b in both]
    return [measure_agreement(name_of(one), said[one]) for one in sorted(said, key=name_of)]


def agreement_on_labels(pairs: list[tuple[Assignment, Assignment]]) -> list[Agreement]:
    used = labels_used(pairs)
    units = [
        (first.reviewer_id, second.reviewer_id, issue)
        for first, second in pairs
        for issue in opinions_of(first)
    ]
    return [
        measure_agreement(
            label.name,
            [
                (yes_no((a, issue, label.pk) in used), yes_no((b, issue, label.pk) in used))
                for a, b, issue in units
            ],
            "yes",
        )
        for label in Label.objects.all()
    ]


def labels_used(pairs: list[tuple[Assignment, Assignment]]) -> set[tuple[int, int, int]]:
    """(author, issue, label) of every live annotation of these cases."""
    cases = [first.review.case_id for first, _ in pairs]
    notes = Annotation.objects.live().filter(case__in=cases, label__isnull=False)
    return set(notes.exclude(issue=None).values_list("author_id", "issue_id", "label_id"))


def opinions_of(assignment: Assignment) -> dict[int, str]:
    return {verdict.issue_id: verdict.opinion for verdict in assignment.verdicts.all()}


def yes_no(value: bool) -> str:
    return "yes" if value else "no"

"""What reviewers would have added to made-up cases (`manage.py synthesize`): annotations,
reviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.utils import timezone

from cases.corrections.refresh import CaseRows
from cases.models import ClaimFacts, Issue
from cases.models.bulk_insert import insert_rows
from cases.signals import cases_synthesized
from cases.synthetic.letters import PROSE
from cases.synthetic.phrases import capitalize_sentence
from reviews.annotating.anchors import anchor_for
from reviews.annotating.note_index import index_new_notes, sort_keys
from reviews.findings.making import as_verdict, cited_values
from reviews.models import (
    Annotation,
    Assignment,
    Finding,
    IssueVerdict,
    Label,
    MarkedText,
    Obligation,
    ObligationEvent,
    Review,
    Settlement,
    Target,
)
from reviews.obligations.duties import TURNED, DecidedIssue, duties_of
from reviews.obligations.opening import new_obligation
from reviews.obligations.rules import current_rules
from reviews.reviewing.due_dates import due_on

SHARE = 0.12  # of cases that somebody annotated
REVIEWED = 0.2  # of cases that are with reviewers
SUBMITTED = 0.7  # of those
CLOSED = 0.5  # of what is submitted, agreed or in dispute
REVIEWERS = 5
DONE = 0.95  # of what is to be done by a day


@receiver(cases_synthesized, dispatch_uid="annotations of made-up cases")
def annotate_synthetic(made: Sequence[CaseRows], seed: int, **_: object) -> None:
    people, labels = synthetic_reviewers(), list(Label.objects.filter(retired=False))
    added = [
        note
        for rows in made
        for note in make_notes(
            rows, Random(f"{seed}:{rows.case.case_number}:notes"), people, labels
        )
    ]
    insert_rows(added)
    index_new_notes(added)
    annotated = {note.issue_id: note.issue for note in added if note.issue}.values()
    insert_rows(
        [
            MarkedText(
                case_id=issue.case_id, issue=issue, target=Target.RATIONALE, text=issue.rationale
            )
            for issue in annotated
        ]
    )


@receiver(cases_synthesized, dispatch_uid="reviews of made-up cases")
def review_synthetic(made: Sequence[CaseRows], seed: int, **_: object) -> None:
    """Every case has its review; a share of them is assigned, submitted, agreed, in dispute or
    closed, some of the last as a lead settled them."""
    people, lead = synthetic_reviewers(), synthetic_person("made-up-lead")
    plans = [
        ReviewPlan.of(rows, Random(f"{seed}:{rows.case.case_number}:review"), people, lead)
        for rows in made
    ]
    insert_rows([plan.review for plan in plans])
    insert_rows([one for plan in plans for one in plan.assignments])
    insert_rows([one for plan in plans for one in plan.verdicts])
    insert_rows([one for plan in plans for one in plan.settlements])
    insert_rows(
        [one for plan, rows in zip(plans, made, strict=True) for one in make_findings(plan, rows)]
    )


@receiver(cases_synthesized, dispatch_uid="deadlines of made-up cases")
def oblige_synthetic(made: Sequence[CaseRows], seed: int, **_: object) -> None:
    """Of the cases of which deadlines are kept: most are done, in time or a little late."""
    cases = {rows.case.pk: rows for rows in made if rows.case.decision in TURNED}
    rules, obligations = current_rules(), []
    for facts in ClaimFacts.objects.filter(case__among=cases, with_obligations=True):
        rows = cases[facts.case_id]
        issues = [DecidedIssue(one.pk, one.decision, one.retrospective) for one in rows.issues]
        if facts.received_on is None:
            continue
        rng = Random(f"{seed}:{rows.case.case_number}:deadlines")
        for duty in duties_of(issues, facts.received_on, rows.case.decision_date, rules):
            one = new_obligation(rows.case, duty, rules)
            if not one.is_window and rng.random() < DONE:
                one.state = Obligation.State.DONE
                one.done_on = one.ended_on = one.due_on + timedelta(
                    days=rng.choice((-3, -2, -1, 0, 2))
                )
            obligations.append(one)
    insert_rows(obligations)
    opened = ObligationEvent.Kind.OPENED
    insert_rows(
        [ObligationEvent(obligation=one, kind=opened, due_on=one.due_on) for one in obligations]
    )


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """The rows of one case's review, not yet stored."""

    review: Review
    assignments: tuple[Assignment, ...] = ()
    verdicts: tuple[IssueVerdict, ...] = ()
    settlements: tuple[Settlement, ...] = ()

    @classmethod
    def of(cls, rows: CaseRows, rng: Random, people: Sequence, lead: User) -> ReviewPlan:
        review = Review(case=rows.case, due_on=due_on(rows.case))
        if rng.random() >= REVIEWED:
            return cls(review)
        chosen = rng.sample(people, rng.choice((1, 1, 2)))
        review.wanted = review.taken = len(chosen)
        submitted = timezone.now() if rng.random() < SUBMITTED else None
        assignments = tuple(
            Assignment(review=review, reviewer=one, assigned_by=one, submitted_at=submitted)
            for one in chosen
        )
        verdicts = tuple(
            IssueVerdict(
                assignment=one,
                issue=issue,
                opinion=rng.choice(("agree", "agree", "agree", "disagree", "unsure")),
                reason=capitalize_sentence(PROSE["comments"](rng)),
            )
            for one in assignments
            for issue in rows.issues
            if submitted
        )
        review.state = state_from(assignments, verdicts)
        settlements = close_some(review, verdicts, rng, lead)
        return cls(review, assignments, verdicts, settlements)


def make_findings(plan: ReviewPlan, rows: CaseRows) -> Iterator[Finding]:
    """Of the overturned issues of a closed review, as `reviews.findings.making` makes them."""
    if plan.review.closed_at is None:
        return
    for issue in rows.issues:
        if issue.decision not in TURNED:
            continue
        cited = [one for one in rows.citations if one.issue_id == issue.pk]
        said = plan.settlements or plan.verdicts
        yield Finding(
            issue=issue,
            review=plan.review,
            found_at=plan.review.closed_at,
            **cited_values(cited),
            verdicts=[as_verdict(who_said(one), one) for one in said if one.issue is issue],
        )


def who_said(one: IssueVerdict | Settlement) -> User:
    return one.settled_by if isinstance(one, Settlement) else one.assignment.reviewer


def state_from(assignments: Sequence[Assignment], verdicts: Sequence[IssueVerdict]) -> str:
    if not all(one.submitted_at for one in assignments):
        return Review.State.IN_REVIEW
    if len(assignments) == 1:
        return Review.State.SUBMITTED
    sides = [[v.opinion for v in verdicts if v.assignment is one] for one in assignments]
    return Review.State.AGREED if sides[0] == sides[1] else Review.State.IN_DISPUTE


def close_some(
    review: Review, verdicts: Sequence[IssueVerdict], rng: Random, lead: User
) -> tuple[Settlement, ...]:
    """Closes a share of those that can be, and settles what was in dispute: for the second
    reviewer, so that the first sees a lead decide otherwise."""
    if review.state == Review.State.IN_REVIEW or rng.random() >= CLOSED:
        return ()
    disputed = disputed_verdicts(verdicts) if review.state == Review.State.IN_DISPUTE else []
    review.state, review.closed_at, review.closed_by = Review.State.CLOSED, timezone.now(), lead
    return tuple(
        Settlement(
            review=review,
            issue=one.issue,
            opinion=one.opinion,
            reason=capitalize_sentence(PROSE["comments"](rng)),
            settled_by=lead,
        )
        for one in disputed
    )


def disputed_verdicts(verdicts: Sequence[IssueVerdict]) -> list[IssueVerdict]:
    """The second reviewer's verdicts on issues on which the first says otherwise."""
    first = {one.issue.position: one for one in reversed(verdicts)}
    return [
        one
        for one in verdicts
        if one.assignment is not first[one.issue.position].assignment
        and one.opinion != first[one.issue.position].opinion
    ]


def synthetic_reviewers() -> list[User]:
    return [synthetic_person(f"made-up-reviewer-{n}") for n in range(1, REVIEWERS + 1)]


def synthetic_person(name: str) -> User:
    """Somebody made up; nobody can sign in as one of them."""
    locked = {"is_active": False, "password": make_password(None)}
    return get_user_model().objects.get_or_create(username=name, defaults=locked)[0]


def make_notes(
    rows: CaseRows, rng: Random, people: Sequence, labels: Sequence[Label]
) -> Iterator[Annotation]:
    if rng.random() >= SHARE:
        return
    author = rng.choice(people)
    for _ in range(rng.choice((1, 1, 2, 3))):
        issue = rng.choice(rows.issues)
        start, end = pick_sentence(issue, rng)
        anchor = anchor_for(issue.rationale, start, end)
        note = Annotation(
            case=rows.case,
            issue=issue,
            target=Target.RATIONALE,
            start=anchor.start,
            end=anchor.end,
            quote=anchor.quote,
            prefix=anchor.prefix,
            suffix=anchor.suffix,
            comment=capitalize_sentence(PROSE["comments"](rng)),
            label=rng.choice([*labels, None]),
            author=author,
        )
        for name, value in sort_keys(note).items():
            setattr(note, name, value)
        yield note


def pick_sentence(issue: Issue, rng: Random) -> tuple[int, int]:
    sentences = issue.rationale.split(". ")
    chosen = rng.randrange(len(sentences))
    start = sum(len(one) + 2 for one in sentences[:chosen])
    return start, start + len(sentences[chosen])

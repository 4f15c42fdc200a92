"""What reviewers would have added to made-up cases (`manage.py synthesize`): annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.dispatch import receiver

from cases.derived import CaseRows
from cases.models import Issue
from cases.signals import cases_synthesized
from cases.synthetic.letters import PROSE
from cases.synthetic.phrases import polished
from reviews.anchors import anchor_for
from reviews.models import Annotation, Label, MarkedText, Target

SHARE = 0.12  # of cases that somebody annotated
REVIEWERS = 5


@receiver(cases_synthesized, dispatch_uid="annotations of made-up cases")
def annotate_made_up(made: Sequence[CaseRows], seed: int, **_: object) -> None:
    people, labels = reviewers(), list(Label.objects.filter(retired=False))
    added = [
        note
        for rows in made
        for note in notes(rows, Random(f"{seed}:{rows.case.case_number}:notes"), people, labels)
    ]
    Annotation.objects.bulk_create(added)
    annotated = {note.issue_id: note.issue for note in added}.values()
    MarkedText.objects.bulk_create(
        MarkedText(
            case_id=issue.case_id, issue=issue, target=Target.RATIONALE, text=issue.rationale
        )
        for issue in annotated
    )


def reviewers() -> list:
    """Made-up people; nobody can sign in as one of them."""
    users = get_user_model().objects
    names = [f"made-up-reviewer-{number}" for number in range(1, REVIEWERS + 1)]
    locked = {"is_active": False, "password": make_password(None)}
    return [users.get_or_create(username=name, defaults=locked)[0] for name in names]


def notes(
    rows: CaseRows, rng: Random, people: Sequence, labels: Sequence[Label]
) -> Iterator[Annotation]:
    if rng.random() >= SHARE:
        return
    author = rng.choice(people)
    for _ in range(rng.choice((1, 1, 2, 3))):
        issue = rng.choice(rows.issues)
        start, end = some_sentence(issue, rng)
        anchor = anchor_for(issue.rationale, start, end)
        yield Annotation(
            case=rows.case,
            issue=issue,
            target=Target.RATIONALE,
            start=anchor.start,
            end=anchor.end,
            quote=anchor.quote,
            prefix=anchor.prefix,
            suffix=anchor.suffix,
            comment=polished(PROSE["comments"](rng)),
            label=rng.choice([*labels, None]),
            author=author,
        )


def some_sentence(issue: Issue, rng: Random) -> tuple[int, int]:
    sentences = issue.rationale.split(". ")
    chosen = rng.randrange(len(sentences))
    start = sum(len(one) + 2 for one in sentences[:chosen])
    return start, start + len(sentences[chosen])

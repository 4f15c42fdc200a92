"""The case that became of a memo: joined when its letter arrives, by claim number, or by hand.

Runs in the transaction that wrote the case (`cases.signals.case_changed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from cases.analysis.precedents import request_features, request_of_text
from cases.analysis.similarity import Similarity, compute_similarity
from cases.corrections.claim_facts import facts_at_hand, facts_of
from cases.models import Case, Issue
from cases.signals import case_changed
from reviews.desk.keeping import forget_quoted
from reviews.models import Memo, MemoRequest


@dataclass(frozen=True, slots=True)
class Pair:
    """A request of a memo and an issue of a case that are alike."""

    request: MemoRequest
    issue: Issue
    score: float


class CannotJoin(Exception):
    """Why a memo can't be joined, and what to do."""


@receiver(case_changed, dispatch_uid="memos are joined to the case that became of them")
def join_memos(case: Case, created: bool = False, **_: object) -> None:
    """Those made before the letter arrived, of its claim, that ask for what it decides."""
    if not created:
        for memo in Memo.objects.filter(
            case=case, requests__issue=None, requests__left_out=False
        ).distinct():
            match_requests(memo, case)
    facts = facts_at_hand(case) if created else facts_of(case)
    if not (number := facts.claim_number):
        return
    waiting = Memo.objects.made().filter(case__isnull=True, claim_number__iexact=number)
    for memo in waiting.filter(made_at__lte=case.created_at).order_by("pk"):
        if pairs_of(memo, case):
            join(memo, case, None)


@receiver(post_delete, sender=Case, dispatch_uid="a deleted case is quoted by no memo")
def forget_in_memos(instance: Case, **_: object) -> None:
    forget_quoted(instance)


def join_by_number(memo: Memo, case_number: str, by: User) -> Case:
    """
    Raises:
        CannotJoin: there is no such case, or the memo is joined to another.
    """
    case = Case.objects.filter(case_number=case_number.strip().upper()).first()
    if case is None:
        raise CannotJoin(f"There is no case “{case_number.strip()}” on file.")
    if memo.made_at is None:
        raise CannotJoin("Make the memo first.")
    join(memo, case, by)
    return case


@transaction.atomic
def join(memo: Memo, case: Case, by: User | None) -> None:
    memo.case, memo.joined_by, memo.joined_at = case, by, timezone.now()
    memo.save(update_fields=["case", "joined_by", "joined_at"])
    memo.requests.update(issue=None)
    match_requests(memo, case)


@transaction.atomic
def separate(memo: Memo) -> None:
    memo.case = memo.joined_by = memo.joined_at = None
    memo.save(update_fields=["case", "joined_by", "joined_at"])
    memo.requests.update(issue=None)


def match_requests(memo: Memo, case: Case) -> None:
    """Each request gets the issue that is most like it, each issue goes to one request."""
    taken = set(memo.requests.exclude(issue=None).values_list("issue", flat=True))
    for pair in pairs_of(memo, case):
        if pair.issue.pk not in taken and pair.request.issue_id is None:
            pair.request.issue = pair.issue
            pair.request.save(update_fields=["issue"])
            taken.add(pair.issue.pk)


def pairs_of(memo: Memo, case: Case) -> list[Pair]:
    """What is alike, closest first."""
    requests: Sequence[MemoRequest] = list(
        memo.requests.filter(left_out=False).order_by("position")
    )
    issues: Sequence[Issue] = list(case.issues.order_by("position"))
    pairs = [
        Pair(request, issue, likeness.score)
        for request in requests
        for issue in issues
        if (likeness := likeness_of(request, issue)).alike
    ]
    return sorted(pairs, key=lambda one: (-one.score, one.request.position, one.issue.position))


def likeness_of(request: MemoRequest, issue: Issue) -> Similarity:
    return compute_similarity(request_of_text(request.text).asked, request_features(issue, ()))

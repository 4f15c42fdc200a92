"""What the panel of a case's review shows to one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict

from cases.models import Issue
from reviews.annotating.annotate import LEAD
from reviews.models import Assignment, Opinion, Review, Settlement
from reviews.reviewing import workflow
from reviews.reviewing.next_review import next_step
from reviews.reviewing.workflow import EditConflict

State = Review.State


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One issue in a form; `saved` is what stands in the database where that is something else
    than what was typed."""

    issue: Issue
    opinion: str
    reason: str
    saved: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ComparedFindings:
    """What each reviewer said of one issue, and what a lead decided."""

    issue: Issue
    said: tuple[Any, ...]
    differ: bool
    settlement: Any
    typed: FindingRow | None = None
    # Whether a lead decided otherwise than whoever looks at it.
    otherwise: bool = False


def panel_context(
    review: Review,
    user: User,
    *,
    typed_findings: QueryDict | None = None,
    typed_settlement: QueryDict | None = None,
    problem: Exception | None = None,
) -> dict[str, Any]:
    """`typed_…` is what the form that brought about the problem was sent with."""
    issues = sorted(review.case.issues.all(), key=lambda issue: issue.position)
    assignments = list(
        review.assignments.select_related("reviewer", "assigned_by")
        .prefetch_related("verdicts__issue")
        .order_by("pk")
    )
    mine = next((one for one in assignments if one.reviewer_id == user.pk), None)
    leads = user.has_perm(LEAD)
    sees_all = may_see_all(mine, review, leads)
    conflict = isinstance(problem, EditConflict)
    typed = typed_findings
    rows = form_rows(issues, mine, typed, conflict) if mine else []
    compared = (
        compare_findings(review, issues, assignments, typed_settlement, mine) if sees_all else []
    )
    return {
        "review": review,
        "case": review.case,
        "assignments": assignments,
        "mine": mine,
        "leads": leads,
        "opinions": Opinion.choices,
        "rows": rows,
        "given": sum(1 for row in rows if row.opinion),
        "notes": typed.get("notes", "") if typed and mine else mine.notes if mine else "",
        "saved_notes": mine.notes if mine and conflict else None,
        "typed_findings": typed_findings,
        "typed_settlement": typed_settlement,
        "compared": compared,
        "decided_otherwise": [row.issue for row in compared if row.otherwise],
        "next_step": next_step(user, review) if mine and mine.submitted_at else None,
        "may_take": not mine and may_take(review, user),
        "people": workflow.reviewers().only("username") if leads else [],
        "problem": problem,
        "conflict": conflict,
        "may_close": leads and review.state in (State.SUBMITTED, State.AGREED),
        "to_settle": leads and review.state == State.IN_DISPUTE,
    }


def may_take(review: Review, user: User) -> bool:
    free = review.state in Review.UNREAD and review.taken < review.wanted
    return free and user.has_perm(workflow.REVIEW)


def may_see_all(mine: Assignment | None, review: Review, leads: bool) -> bool:
    """Nobody sees the other's findings before having given their own."""
    if mine and not review.closed_at:
        return bool(mine.submitted_at)
    return leads or bool(review.closed_at)


def form_rows(
    issues: list[Issue], mine: Assignment, typed: QueryDict | None, conflict: bool
) -> list[FindingRow]:
    saved = {one.issue_id: (one.opinion, one.reason) for one in mine.verdicts.all()}
    rows = []
    for issue in issues:
        kept = saved.get(issue.pk, ("", ""))
        if (wanted := typed_for(issue, typed)) is None:
            rows.append(FindingRow(issue, *kept))
            continue
        differs = conflict and wanted != kept
        label = dict(Opinion.choices).get(kept[0], "no verdict")
        rows.append(FindingRow(issue, *wanted, saved=(label, kept[1]) if differs else None))
    return rows


def typed_for(issue: Issue, typed: QueryDict | None) -> tuple[str, str] | None:
    """Opinion and reason that a form was sent with, None where it lacks the issue."""
    if typed is None or str(issue.pk) not in typed.getlist("issues"):
        return None
    return typed.get(f"opinion-{issue.pk}", ""), typed.get(f"reason-{issue.pk}", "")


def compare_findings(
    review: Review,
    issues: list[Issue],
    assignments: list[Assignment],
    typed: QueryDict | None,
    mine: Assignment | None,
) -> list[ComparedFindings]:
    settled: dict[int, Settlement] = {}
    if assignments or review.version > 1:  # nobody has settled what nobody has touched
        settlements = review.settlements.select_related("settled_by").order_by("pk")
        settled = {one.issue_id: one for one in settlements}
    said = [
        {verdict.issue_id: verdict for verdict in one.verdicts.all()}
        for one in assignments
        if one.submitted_at
    ]
    ours = {one.issue_id: one.opinion for one in mine.verdicts.all()} if mine else {}

    def decided_otherwise(issue: Issue) -> bool:
        decided = settled.get(issue.pk) if review.closed_at else None
        return bool(decided and ours.get(issue.pk) not in (None, decided.opinion))

    return [
        ComparedFindings(
            issue,
            tuple(one.get(issue.pk) for one in said),
            len({one[issue.pk].opinion for one in said if issue.pk in one}) > 1,
            settled.get(issue.pk),
            FindingRow(issue, *wanted) if (wanted := typed_for(issue, typed)) else None,
            decided_otherwise(issue),
        )
        for issue in issues
    ]

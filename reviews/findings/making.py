"""A closed review makes a finding of each issue whose denial was overturned.

A finding that is in a packet that was sent stays as it was told, whatever becomes of its review.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from cases.index.rows import guideline_name
from cases.models import TURNED, Citation, Issue
from reviews.models import Annotation, Finding, IssueVerdict, Review, Settlement
from reviews.names import name_of
from reviews.signals import review_closed


@receiver(review_closed, dispatch_uid="overturned issues are findings")
def make_findings(review: Review, **_: object) -> None:
    """In the transaction that closed the review."""
    review.refresh_from_db(fields=["closed_at"])
    issues = review.case.issues.order_by("position")
    told = set(
        Finding.objects.filter(
            issue__case=review.case_id, packet__sent_at__isnull=False
        ).values_list("issue", flat=True)
    )
    for issue in issues:
        if issue.decision in TURNED and issue.pk not in told:
            values = finding_values(issue) | {"review": review, "found_at": review.closed_at}
            Finding.objects.update_or_create(issue=issue, defaults=values)
    gone = Finding.objects.filter(issue__case=review.case_id, packet=None)
    gone.exclude(issue__decision__in=TURNED).delete()


def finding_values(issue: Issue) -> dict[str, Any]:
    notes = Annotation.objects.filter(issue=issue, deleted_at=None).select_related("label")
    quotes = [
        {
            "words": note.quote,
            "label": note.label.name if note.label else "",
            "comment": note.comment,
        }
        for note in notes.order_by("pk")
    ]
    return cited_values(issue.citations.order_by("side", "position")) | {
        "labels": sorted({note.label.slug for note in notes if note.label}),
        "quotes": quotes,
        "verdicts": verdicts_of(issue),
    }


def cited_values(citations: Iterable[Citation]) -> dict[str, list[str]]:
    cited = list(citations)
    claims = [one for one in cited if one.side == Citation.Side.CLAIMS]
    return {
        "claims_citations": list(map(str, claims)),
        "maximus_citations": [str(one) for one in cited if one.side == Citation.Side.MAXIMUS],
        "guidelines": sorted({guideline_name(one.source, one.guideline) for one in claims}),
    }


def verdicts_of(issue: Issue) -> list[dict[str, str]]:
    settled = Settlement.objects.filter(issue=issue).select_related("settled_by").first()
    if settled:
        return [as_verdict(settled.settled_by, settled)]
    said = IssueVerdict.objects.filter(issue=issue, assignment__submitted_at__isnull=False)
    return [
        as_verdict(one.assignment.reviewer, one)
        for one in said.select_related("assignment__reviewer").order_by("pk")
    ]


def as_verdict(who: Any, said: Any) -> dict[str, str]:
    return {
        "who": name_of(who),
        "opinion": said.get_opinion_display(),
        "reason": said.reason,
    }

"""Notices of what people do, written in the transaction in which they do it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextField
from django.db.models.functions import Cast
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from cases.models import Case
from reviews.alerts.notices import Kind, add_notices, build_notice
from reviews.models import Assignment, Mention, Notice
from reviews.signals import people_were_mentioned


@receiver(people_were_mentioned, dispatch_uid="mentions are told by mail")
def on_mentions(mentions: Iterable[Mention], **_: object) -> None:
    now = timezone.now()
    add_notices(
        build_notice(
            one.user_id,
            Kind.MENTION,
            one.pk,
            words=f"You were mentioned in {one.annotation.case.case_number}",
            path=one.get_absolute_url(),
            now=now,
            case=one.annotation.case,
        )
        for one in mentions
    )


@receiver(post_save, sender=Assignment, dispatch_uid="assignments are told by mail")
def on_assignment(instance: Assignment, created: bool, raw: bool = False, **_: object) -> None:
    """Not of one that somebody took."""
    if not created or raw or instance.reviewer_id == instance.assigned_by_id:
        return
    review = instance.review
    add_notices(
        [
            build_notice(
                instance.reviewer_id,
                Kind.ASSIGNMENT,
                instance.pk,
                words=f"The review of {review.case.case_number} was assigned to you",
                path=review.get_absolute_url(),
                now=timezone.now(),
                case=review.case,
            )
        ]
    )


@receiver(post_delete, sender=Case, dispatch_uid="notices forget a case")
def on_case_deleted(instance: Case, **_: object) -> None:
    """Notices of saved views name several cases; of all others the row goes with its case."""
    of_views = Notice.objects.filter(kind=Kind.VIEW).annotate(text=Cast("facts", TextField()))
    for notice in of_views.filter(text__contains=instance.case_number):
        named = notice.facts.get("cases", [])
        notice.facts["cases"] = [one for one in named if one[0] != instance.case_number]
        notice.save(update_fields=["facts"])

"""Events, and what is told of them: numbers, links and counts, never a word of a letter.

A message is written in the transaction that its event is of: it is there if and only if the event
is, and a broker or a receiver that is down loses nothing.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Decision
from cases.signals import case_was_stored
from imrsite.models import Delivery, Webhook
from imrsite.webhooks.messages import ask_to_deliver
from reviews.models import Review
from reviews.signals import review_closed

CASE_READ = "case.read"
REVIEW_CLOSED = "review.closed"
TEST = "webhook.test"
EVENTS = {
    CASE_READ: "A case was read: its letter is new, or was read anew",
    REVIEW_CLOSED: "A review was closed",
}
KEEP_TRYING = timedelta(days=1)


@receiver(case_was_stored, dispatch_uid="webhooks are told of cases")
def on_case_stored(case: Case, again: bool, **_: object) -> None:
    if hooks := hooks_for(CASE_READ):
        add_messages(hooks, CASE_READ, case, again=again, document_id=case.document_id)


@receiver(review_closed, dispatch_uid="webhooks are told of reviews")
def on_review_closed(review: Review, **_: object) -> None:
    if hooks := hooks_for(REVIEW_CLOSED):
        add_messages(hooks, REVIEW_CLOSED, review.case, review_id=review.pk)


def hooks_for(event: str) -> list[Webhook]:
    return [hook for hook in Webhook.objects.all() if event in hook.events]


def add_messages(hooks: Iterable[Webhook], event: str, case: Case, **facts: Any) -> None:
    decided = Counter(case.issues.order_by().values_list("decision", flat=True))
    counts = {value: decided[value] for value in Decision.values} | {"none": decided[""]}
    facts |= {"case_id": case.pk, "case_number": case.case_number, "decisions": counts}
    for hook in hooks:
        links = links_to(hook, case, **facts)
        add_message(hook, event, facts | links, case_number=case.case_number)


def links_to(hook: Webhook, case: Case, **facts: Any) -> dict[str, str]:
    links = {"url": reverse("api-case", args=[case.case_number])}
    links["html_url"] = case.get_absolute_url()
    if "document_id" in facts:
        links["document_url"] = reverse("api-document", args=[facts["document_id"]])
    if "review_id" in facts:
        links["review_url"] = reverse("api-review", args=[facts["review_id"]])
    return {name: f"{hook.site}{path}" for name, path in links.items()}


def add_message(
    hook: Webhook, event: str, facts: dict[str, Any], *, case_number: str = ""
) -> Delivery:
    now = timezone.now()
    message = {"type": event, "timestamp": now.isoformat(), "data": facts}
    delivery = Delivery.objects.create(
        webhook=hook,
        message_id=f"msg_{uuid.uuid4().hex}",
        event=event,
        case_number=case_number,
        body=json.dumps(message),
        due_at=now,
        retry_until=now + KEEP_TRYING,
    )
    transaction.on_commit(lambda: ask_to_deliver(hook.pk))
    return delivery

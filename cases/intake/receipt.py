"""When a document's letters were received, as told at its upload."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.corrections.claim_facts import Receipt
from cases.models import BatchLine, Document


def receipt_of(document: Document) -> Receipt:
    """By the first upload that brought the file; the day of that upload where nobody told."""
    told = (
        BatchLine.objects.filter(document=document)
        .order_by("pk")
        .values_list(
            Coalesce("received_on", "batch__received_on"),
            "batch__without_obligations",
            F("batch__claim_facts"),
        )
        .first()
    )
    received_on, without_obligations, facts = told or (None, False, {})
    return Receipt(
        received_on or timezone.localdate(document.received_at),
        assumed=received_on is None,
        with_obligations=not without_obligations,
        facts=facts,
    )

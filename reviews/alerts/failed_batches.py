"""Uploads that have ended with failures, for who uploaded them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format

from cases.intake.batches import FAILED, REFUSED, UNPACKING, WAITING, batch_counts
from cases.models import Batch, BatchLine
from reviews.alerts.notices import Kind, add_notices, build_notice
from reviews.models import Notice

LOOKED_BACK = dt.timedelta(days=14)
MOST_AT_ONCE = 50


def look_at_batches(now: dt.datetime) -> None:
    """Each batch is told once; what is retried and fails again is not."""
    lines = BatchLine.objects.filter(batch=OuterRef("pk")).order_by()
    told = Notice.objects.filter(about=OuterRef("pk"), person=OuterRef("uploader"), kind=Kind.BATCH)
    ended = Batch.objects.filter(
        Exists(lines.filter(FAILED | REFUSED)),
        ~Exists(lines.filter(WAITING)),
        ~Exists(lines.filter(UNPACKING)),
        ~Exists(told),
        created_at__gt=now - LOOKED_BACK,
        uploader__is_active=True,
        cancelled_at=None,
    )
    add_notices([notice_of(batch, now) for batch in ended.order_by("pk")[:MOST_AT_ONCE]])


def notice_of(batch: Batch, now: dt.datetime) -> Notice:
    counts = batch_counts(batch)
    failed = counts.failed + counts.refused
    sent = date_format(timezone.localtime(batch.created_at), "DATETIME_FORMAT")
    assert batch.uploader_id
    return build_notice(
        batch.uploader_id,
        Kind.BATCH,
        batch.pk,
        words=f"{failed:,} of {counts.files:,} file{'s'[: counts.files != 1]} of your upload of"
        f" {sent} failed",
        path=batch.get_absolute_url(),
        now=now,
    )

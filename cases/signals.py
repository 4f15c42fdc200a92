"""Signals for other apps, which `cases` does not import."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Protocol

from django.dispatch import Signal
from django.utils import timezone

# Sent in the transaction that wrote the case, with `case`; its texts may have changed. `created` is
# True for a case that this transaction made, to which nobody can have added anything.
case_changed = Signal()

# Sent in the transaction that stored what a letter says, with `case`; `again` where the case was on
# file and follows a new reading. Not for corrections.
case_was_stored = Signal()

# Sent in the transaction that made a batch of cases up, with `made`
# (cases.corrections.refresh.CaseRows) and `seed`: other apps add what people would have added.
cases_synthesized = Signal()

# Sent when a worker has ended a document, with `document` as it was when the worker took it,
# `seconds` by stage (StageTimes) and `error`, the reason why it gave no letter, or None.
document_was_read = Signal()


class WaitingRow(Protocol):
    queued_at: datetime | None
    received_at: datetime


class StageTimes:
    """Seconds by stage of a document: "wait", "read", "ocr", "store"."""

    def __init__(self, document: WaitingRow) -> None:
        waited = timezone.now() - (document.queued_at or document.received_at)
        self.seconds = {"wait": max(0.0, waited.total_seconds())}
        self.last = time.monotonic()

    def end(self, stage: str) -> None:
        """The stage lasted since the one before it ended."""
        now = time.monotonic()
        self.seconds[stage] = now - self.last
        self.last = now

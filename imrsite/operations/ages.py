from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def seconds_since(moment: datetime | None) -> float:
    """0 without a moment, and for one to come."""
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0

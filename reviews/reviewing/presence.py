"""Who else has a case open. A page says every few seconds that it is still there."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from cases.models import Case
from reviews.models import Presence

PRESENT_FOR = timedelta(seconds=40)
KEPT_FOR = timedelta(days=1)


def note_presence(case: Case, user: User) -> list[Presence]:
    """Keeps that this person is here, and gives the others who are."""
    now = timezone.now()
    Presence.objects.filter(seen_at__lt=now - KEPT_FOR).delete()
    Presence.objects.update_or_create(case=case, user=user, defaults={"seen_at": now})
    return list(
        Presence.objects.filter(case=case, seen_at__gte=now - PRESENT_FOR)
        .exclude(user=user)
        .select_related("user")
        .order_by("user__username")
    )

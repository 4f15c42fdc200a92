"""Turns at a work that must not be done twice at once, by workers of any host."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cases.models import TaskTurn


@contextmanager
def turn_at(name: str, *, seconds: int) -> Iterator[bool]:
    """Yields whether this worker has the turn. One that dies loses it after these seconds."""
    token, now = secrets.token_hex(16), timezone.now()
    TaskTurn.objects.get_or_create(name=name)
    free = TaskTurn.objects.filter(Q(until=None) | Q(until__lte=now), name=name)
    if not free.update(token=token, until=now + timedelta(seconds=seconds)):
        yield False
        return
    try:
        yield True
    finally:
        TaskTurn.objects.filter(name=name, token=token).update(token="", until=None)


def note_end(name: str, problem: str = "") -> None:
    """How the turn went, to be shown."""
    TaskTurn.objects.filter(name=name).update(ended_at=timezone.now(), problem=problem[:300])


def last_turn(name: str) -> TaskTurn | None:
    return TaskTurn.objects.filter(name=name).first()

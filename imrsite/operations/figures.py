"""Figures that workers of all hosts add to, in one hash of the broker: what became of documents,
and how long each stage took. /metrics tells them. A broker that forgets them starts them anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import redis
from django.dispatch import receiver

from cases.letters.model import ReadError
from cases.models import Document
from cases.signals import document_was_read
from imrsite.running.heartbeat import as_text, broker

KEY = "imr:figures"
STAGES = ("wait", "read", "ocr", "store")
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
REST_SECONDS = 30.0  # after a broker that did not answer


class Rest:
    until = 0.0


@dataclass(slots=True)
class StageFigures:
    """How many documents took up to each of BOUNDS seconds, the last beyond all of them."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total_seconds: float = 0.0


@dataclass(slots=True)
class Figures:
    stages: dict[str, StageFigures] = field(
        default_factory=lambda: {stage: StageFigures() for stage in STAGES}
    )
    ended: dict[str, int] = field(default_factory=dict)  # by reason; "" where there is none


@receiver(document_was_read)
def add_document(
    document: Document, seconds: Mapping[str, float], error: ReadError | None, **_: Any
) -> None:
    if time.monotonic() < Rest.until:
        return
    try:
        with broker().pipeline(transaction=False) as pipe:
            for stage, taken in seconds.items():
                pipe.hincrby(KEY, f"{stage}:{bound_of(taken)}", 1)
                pipe.hincrbyfloat(KEY, f"{stage}:sum", round(taken, 4))
            pipe.hincrby(KEY, f"ended:{error.code if error else ''}", 1)
            pipe.execute()
    except redis.RedisError:
        Rest.until = time.monotonic() + REST_SECONDS


def bound_of(seconds: float) -> int:
    return next((i for i, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))


def current_figures() -> Figures:
    """Raises redis.RedisError where the broker does not answer."""
    figures = Figures()
    for name, value in broker().hgetall(KEY).items():
        kind, _, rest = as_text(name).partition(":")
        if kind == "ended":
            figures.ended[rest] = int(value)
        elif rest == "sum" and kind in figures.stages:
            figures.stages[kind].total_seconds = float(value)
        elif kind in figures.stages and rest.isdecimal() and int(rest) <= len(BOUNDS):
            figures.stages[kind].counts[int(rest)] = int(value)
    return figures

"""How many requests a minute one person's programs may make, counted for all web processes by the
broker's Redis. Where that does not answer, nothing is held back."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)
WINDOW = 60
WAIT_SECONDS = 0.25  # for Redis
PAUSE_SECONDS = 30.0  # without it, after it did not answer


class Pause:
    until = 0.0


@lru_cache(maxsize=1)
def client(address: str) -> redis.Redis:
    return redis.Redis.from_url(
        address, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS
    )


def count_request(person: int, window: int) -> int:
    """How many there were in this window, with this one; 0 where nobody counts."""
    if time.monotonic() < Pause.until:
        return 0
    key = f"imr:api:{person}:{window}"
    try:
        with client(settings.REDIS_URL).pipeline(transaction=False) as both:
            both.incr(key)
            both.expire(key, 2 * WINDOW)
            counted, _ = both.execute()
    except (redis.RedisError, OSError) as problem:
        log.warning("Requests to the API are not counted for a while: %s", problem)
        Pause.until = time.monotonic() + PAUSE_SECONDS
        return 0
    return counted


class RequestThrottle(BaseThrottle):
    seconds_left: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        window, gone = divmod(time.time(), WINDOW)
        if count_request(request.user.pk or 0, int(window)) <= settings.IMR_API_PER_MINUTE:
            return True
        self.seconds_left = max(1.0, WINDOW - gone)
        return False

    def wait(self) -> float | None:
        return self.seconds_left

"""Worker heartbeats, by which the web server knows that a worker is running.

Every two seconds, from the loop in which it talks to the broker, a worker renews a key there that
runs out by itself. Asking for that key costs one round trip, however often /readyz is polled; a
Celery ping would wake every worker and wait for replies. A worker whose processes are all busy
reading still beats: it is slow, not gone.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

import redis
from celery.signals import heartbeat_sent, worker_ready, worker_shutting_down
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

KEY = "imr:worker-alive"
SECONDS = 20  # ten heartbeats: a busy machine may delay some


def broker() -> redis.Redis:
    return client(settings.REDIS_URL)


@lru_cache(maxsize=4)
def client(url: str) -> redis.Redis:
    """A client that fails fast: no second try, no wait above two seconds."""
    return redis.Redis.from_url(
        url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def is_worker_alive() -> bool:
    return bool(broker().exists(KEY))


@worker_ready.connect
@heartbeat_sent.connect
def send_heartbeat(**_: object) -> None:
    with suppress(redis.RedisError):  # the worker itself reports that its broker is gone
        broker().set(KEY, "1", ex=SECONDS)


@worker_shutting_down.connect
def remove_heartbeat(**_: object) -> None:
    """A worker that goes says so; another that stays renews the key within two seconds."""
    with suppress(redis.RedisError):
        broker().delete(KEY)

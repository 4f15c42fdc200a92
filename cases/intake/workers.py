"""The broker and the workers behind it, as somebody asks who can do without them."""

from __future__ import annotations

import redis
from celery import current_app
from kombu.exceptions import ChannelError, OperationalError

NO_ANSWER = (OperationalError, redis.RedisError, OSError)
PING_SECONDS = 2.0
ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


def is_worker_running() -> bool:
    """Whether the broker answers, and a worker replies through it."""
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(**ONCE)
            ping = current_app.control.ping
            return bool(ping(timeout=PING_SECONDS, limit=1, connection=connection))
    except NO_ANSWER:
        return False


def queue_length(queue: str) -> int | None:
    """How many messages the queue holds; None where the broker does not answer."""
    try:
        with current_app.connection_for_read() as connection:
            connection.ensure_connection(**ONCE)
            return connection.default_channel.queue_declare(queue, passive=True).message_count
    except ChannelError:  # Redis knows no empty queue
        return 0
    except NO_ANSWER:
        return None

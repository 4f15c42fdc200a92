"""The broker and the workers behind it: whether they answer, and whether they are to stop."""

from __future__ import annotations

import mmap
import struct
import time

import redis
from celery import current_app
from kombu.exceptions import ChannelError, OperationalError

NO_ANSWER = (OperationalError, redis.RedisError, OSError)
PING_SECONDS = 2.0
ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
# How long a letter under way may take to its end when the worker is told to stop (SIGTERM), and
# when it is told to stop at once (SIGQUIT).
FINISH_SECONDS, FINISH_AT_ONCE_SECONDS = 6.0, 0.5


class WorkerStops(Exception):
    """What this process has under way goes back, for another worker."""


class StopOrder:
    """When this worker was told to stop; all of its processes see it, since they are forked."""

    def __init__(self) -> None:
        self.shared = mmap.mmap(-1, 16)  # the time by the clock of the machine, and the patience

    def give(self, patience: float) -> None:
        self.shared[:] = struct.pack("dd", time.monotonic(), patience)

    def withdraw(self) -> None:
        self.shared[:] = bytes(16)

    @property
    def is_given(self) -> bool:
        return any(self.shared[:8])

    def check(self, patience: float | None = None) -> None:
        """Raises WorkerStops when what is under way has had its time to end."""
        given_at, usual = struct.unpack("dd", self.shared[:])
        if given_at and time.monotonic() - given_at >= (usual if patience is None else patience):
            raise WorkerStops


stop_order = StopOrder()


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

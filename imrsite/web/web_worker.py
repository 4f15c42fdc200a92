"""gunicorn's threaded worker, of which no thread waits for a slow client.

gunicorn's own gives every connection to a thread at once: the thread waits for the first byte, for
the head and for the body, and drains a body that nobody read; the main loop waits while it closes.
Here the main loop waits, for all connections together, until the head of a request and a body of
up to WAITED_BODY bytes have arrived, and lets those go that take longer than REQUEST_SECONDS. A
longer body goes to a thread as it comes; `imrsite.security.limits` takes one from signed-in people
only.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

REQUEST_SECONDS = 10.0  # for the head and a waited-for body to arrive
STALL_SECONDS = 30.0  # for the next bytes of a longer body, or of an answer, to be taken
LINGER_SECONDS = 2.0  # after an answer, for the client to take it before the connection is cut
DRAIN_SECONDS = 0.05
LONGEST_HEAD = 64 * 1024
WAITED_BODY = 64 * 1024
MOST_DRAINED = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
EXPECT = re.compile(rb"\r\nexpect:", re.IGNORECASE)


def missing_bytes(data: bytes) -> int:
    """How many bytes, at the least, must follow these before a thread takes the request."""
    end = data.find(END_OF_HEAD)
    if end < 0:
        return 1
    head = data[: end + 2]
    length = CONTENT_LENGTH.search(head)
    body = int(length[1]) if length else 0
    if body > WAITED_BODY or EXPECT.search(head):  # the client waits for a word before its body
        return 0
    return max(0, end + len(END_OF_HEAD) + body - len(data))


class Connection(TConn):
    expected = 1  # bytes that will make the main loop look at it again
    left = MOST_DRAINED


class Worker(ThreadWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closing: deque[Connection] = deque()

    def accept(self, listener: socket.socket) -> None:
        if self.cfg.is_ssl or listener.family not in (socket.AF_INET, socket.AF_INET6):
            super().accept(listener)
            return
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.await_request(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request begins on a connection that was kept open."""
        if not isinstance(conn, Connection):
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.await_request(conn)

    def await_request(self, conn: Connection) -> None:
        conn.timeout = time.monotonic() + REQUEST_SECONDS
        conn.expected = 1
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Gives it to a thread if all of it is there that is waited for.

        SO_RCVLOWAT keeps the loop from being woken by every byte: the socket counts as readable
        when what was missing may be there, or when the client has closed it.
        """
        if isinstance(conn, Connection):
            try:
                data = client.recv(LONGEST_HEAD + WAITED_BODY, socket.MSG_PEEK)
            except BlockingIOError:
                return
            except OSError:
                self.drop(conn)
                return
            lacks = (
                missing_bytes(data) if len(data) >= conn.expected else 0
            )  # else no more will come
            if lacks and len(data) < LONGEST_HEAD + WAITED_BODY:
                conn.expected = len(data) + lacks
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, conn.expected)
                return
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        super().on_pending_socket_readable(conn, client)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        conn.sock.settimeout(STALL_SECONDS)
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: TConn, keepalive: Any) -> bool:
        """A body that nobody read is not worth a thread's time: the connection ends."""
        deadline = time.monotonic() + DRAIN_SECONDS
        return bool(keepalive) and bool(conn.parser.finish_body(deadline=deadline))

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        failed = fs.cancelled() or fs.exception() is not None
        if isinstance(conn, Connection) and not failed and fs.result() is False:
            self.close_later(conn)
        else:
            super().finish_request(conn, fs)

    def close_later(self, conn: Connection) -> None:
        """Says that no more comes, and cuts the connection when the client has taken that in."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.drain, conn))
        except (OSError, ValueError):
            self.nr_conns -= 1
            conn.close()
            return
        conn.timeout = time.monotonic() + LINGER_SECONDS
        conn.left = MOST_DRAINED
        self.closing.append(conn)

    def drain(self, conn: Connection, client: socket.socket) -> None:
        try:
            data = client.recv(MOST_DRAINED)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.left -= len(data)
        if not data or conn.left <= 0:
            self.drop(conn)

    def drop(self, conn: Connection) -> None:
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        for waiting in (self.pending_conns, self.closing):
            with suppress(ValueError):
                waiting.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Called every second: ends what was waited for long enough."""
        now = time.monotonic()
        for conn in [*self.pending_conns, *self.closing]:
            if conn.timeout <= now:
                self.drop(conn)

"""Claims the var folder and the port, so that one `make run` uses them at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
RELEASE_SECONDS = 5  # how long the parts of a run that was killed may hold on to its port


class CannotStart(Exception):
    """Says in words what stands in the way and what to do."""


def local_url(port: int) -> str:
    return f"http://{HOST}:{port}/"


@contextmanager
def claim_var_dir(var_dir: Path, port: int) -> Iterator[bool]:
    """Holds the var folder; yields whether the run before was killed and left parts behind.

    The claim is a lock on a file, which the kernel drops with its holder. The file also holds the
    address, and a run that ends in order empties it.
    """
    with (var_dir / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(already_running(file.read(), var_dir, port)) from None
        file.seek(0)
        was_killed = bool(file.read())
        write_claim(file.fileno(), local_url(port))
        try:
            yield was_killed
        finally:
            write_claim(file.fileno(), "")


def write_claim(file: int, text: str) -> None:
    os.ftruncate(file, 0)
    os.pwrite(file, text.encode(), 0)


def already_running(where: str, var_dir: Path, port: int) -> str:
    if where == local_url(port):
        return (
            f"Port {port} is taken: this program is already running there, at {where}\n"
            "Use that one, or stop it first with Ctrl-C in its window."
        )
    return (
        f"This program is already running at {where}, with its data in {var_dir}.\n"
        "Use that one, stop it first, or set IMR_VAR_DIR to another folder for a second one."
    )


def free_port_hint(port: int) -> str:
    free = port + 1 if port < 65535 else 8000
    return f"Stop that program, or choose another port: PORT={free} make run"


def open_port(port: int, *, patient: bool) -> socket.socket:
    """The open port, held from the first moment: the web server is handed it as it is.

    Args:
        patient: Try for some seconds, for the parts of a killed run still hold it that long.
    """
    deadline = time.monotonic() + (RELEASE_SECONDS if patient else 0)
    while True:
        try:
            return socket.create_server((HOST, port), backlog=128)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) != errno.EADDRINUSE:
                raise CannotStart(
                    f"Port {port} can't be used: {error}\nChoose another: PORT=8000 make run"
                ) from error
            if time.monotonic() >= deadline:
                told = f"Port {port} is taken by another program."
                raise CannotStart(f"{told}\n{free_port_hint(port)}") from error
        time.sleep(0.2)

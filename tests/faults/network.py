"""Hosts of a network of their own: Linux network namespaces, each on its cable to one switch.

Nothing of it touches the machine's own network, and nothing but these hosts is reachable there.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CLONE_NEWNET = 0x40000000
SWITCH = "switch"
MOUNTED = Path("/run/netns")
libc = ctypes.CDLL(None, use_errno=True)


def lack() -> str:
    """What this machine lacks to make such a network, in words; "" if nothing."""
    if os.geteuid() != 0:
        return "root, who may make network namespaces"
    if not shutil.which("ip"):
        return "ip (Debian package iproute2)"
    try:
        with Network("probe"):
            return ""
    except subprocess.CalledProcessError as error:
        return f"a kernel that lets root make network namespaces ({error.stderr.strip()})"


class Network:
    """`with Network("web", "database") as network:`. A host's name is also that of its port."""

    def __init__(self, *hosts: str) -> None:
        self.hosts = hosts
        self.mark = f"imr{os.getpid()}"

    def __enter__(self) -> Network:
        try:
            self.make(SWITCH)
            self.ip(SWITCH, "link", "add", "bridge", "type", "bridge")
            self.ip(SWITCH, "link", "set", "bridge", "up")
            for host in self.hosts:
                self.join(host)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for host in (*self.hosts, SWITCH):
            with suppress(subprocess.CalledProcessError):
                run("ip", "netns", "delete", self.namespace(host))

    def namespace(self, host: str) -> str:
        return f"{self.mark}-{host}"

    def address(self, host: str) -> str:
        return f"10.83.0.{1 + self.hosts.index(host)}"

    def make(self, host: str) -> None:
        run("ip", "netns", "add", self.namespace(host))
        self.ip(host, "link", "set", "lo", "up")

    def join(self, host: str) -> None:
        self.make(host)
        peer = ("peer", "name", host, "netns", self.namespace(SWITCH))
        self.ip(host, "link", "add", "cable", "type", "veth", *peer)
        self.ip(host, "address", "add", f"{self.address(host)}/24", "dev", "cable")
        self.ip(host, "link", "set", "cable", "up")
        self.ip(SWITCH, "link", "set", host, "master", "bridge", "up")

    def ip(self, host: str, *arguments: str) -> None:
        run("ip", "-n", self.namespace(host), *arguments)

    def cut(self, host: str) -> None:
        """Nothing comes to the host or from it any more, and nobody is told."""
        self.ip(SWITCH, "link", "set", host, "down")

    def mend(self, host: str) -> None:
        self.ip(SWITCH, "link", "set", host, "up")

    @contextmanager
    def inside(self, host: str) -> Iterator[None]:
        """Sockets that this thread makes, and processes that it starts, are on the host."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            with (MOUNTED / self.namespace(host)).open() as there:
                enter(there.fileno())
            try:
                yield
            finally:
                enter(own)
        finally:
            os.close(own)


def enter(namespace: int) -> None:
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)

"""What hostile code in the reading process might try, run there as code.

`python -m tests.cases.letters.attacks NEWEST_ABI PLACES [NAME…]` confines itself exactly as the
reading process does (with NEWEST_ABI `none`: not at all), makes the attacks and prints for each,
as JSON, how it went: "done", or the name of the error that refused it.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cases.letters.reading import child
from cases.letters.walls import raise_walls
from cases.letters.walls.syscalls import NUMBERS_HERE, libc

PTRACE_TRACEME, PTRACE_SEIZE = 0, 0x4206
CLONE_NEWUSER = 0x10000000
F_SETOWN = 8
IO_URING_SETUP = 425
O_CREAT_WRITE = os.O_CREAT | os.O_WRONLY


@dataclass(frozen=True, slots=True)
class Places:
    """Where the attacks find what they are after; each is planted by the tests."""

    secret_key: str
    letter: str
    database: str
    folder: str
    handed_over: str  # its open descriptor is on stdin
    unix_socket: str
    tcp_port: int
    udp_port: int


def call(name: str | int, *arguments: object) -> int:
    """A system call past everything that the C library or Python may check before it."""
    words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    number = name if isinstance(name, int) else NUMBERS_HERE[name]
    result = libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), str(name))
    return result


def read_first_byte(path: str) -> None:
    with Path(path).open("rb") as file:
        assert file.read(1)


def connect_tcp(at: Places) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.connect(("127.0.0.1", at.tcp_port))


def send_udp(at: Places) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("127.0.0.1", at.udp_port))


def connect_unix(at: Places) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.connect(at.unix_socket)


def fork(at: Places) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def clone3(at: Places) -> None:
    attributes = (ctypes.c_uint64 * 8)(0, 0, 0, 0, signal.SIGCHLD)
    pid = call("clone3", attributes, ctypes.sizeof(attributes))
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def execute(at: Places) -> None:
    """The program says what an attack says that was done."""
    os.execv("/bin/sh", ["sh", "-c", """echo '{"exec": "done"}'"""])


def overwrite(at: Places) -> None:
    with Path(at.letter).open("r+b") as file:
        file.write(b"changed")


def overwrite_by_mmap(at: Places) -> None:
    """Past RLIMIT_FSIZE: the file keeps its size."""
    descriptor = os.open(at.letter, os.O_RDWR)
    with mmap.mmap(descriptor, 0) as memory:
        memory[:1] = b"x"


def write_handed_over(at: Places) -> None:
    """The open descriptor of a file, opened once more to write."""
    os.close(os.open("/proc/self/fd/0", os.O_RDWR))


def truncate_by_reading(at: Places) -> None:
    """O_TRUNC without write access, which Landlock does not know before its version 3."""
    os.close(os.open(at.letter, os.O_RDONLY | os.O_TRUNC))


def create(path: str) -> None:
    os.close(os.open(path, O_CREAT_WRITE))


def unshare(at: Places) -> None:
    call("unshare", CLONE_NEWUSER)


def io_uring(at: Places) -> None:
    os.close(call(IO_URING_SETUP, 1, ctypes.create_string_buffer(120)))


def watch(at: Places) -> None:
    descriptor = call("inotify_init1", 0)
    call("inotify_add_watch", descriptor, at.folder.encode(), 0xFFF)


def let_descriptor_signal_parent(at: Places) -> None:
    fcntl.fcntl(0, F_SETOWN, os.getppid())


def limit_parent(at: Places) -> None:
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1000, 1000))


# The fourteen that must be refused, in the order of the decision (0003).
ATTACKS: dict[str, Callable[[Places], object]] = {
    "read the secret key": lambda at: read_first_byte(at.secret_key),
    "read another letter": lambda at: read_first_byte(at.letter),
    "read the database": lambda at: read_first_byte(at.database),
    "list a directory": lambda at: os.listdir(at.folder),
    "open a TCP socket": connect_tcp,
    "open a UDP socket": send_udp,
    "connect to a Unix socket": connect_unix,
    "fork": fork,
    "exec": execute,
    "delete a stored file": lambda at: os.unlink(at.letter),
    "overwrite a stored file": overwrite,
    "overwrite through mmap": overwrite_by_mmap,
    "signal the parent": lambda at: os.kill(os.getppid(), 0),
    "create a file in /tmp": lambda at: create(f"/tmp/imr-attack-{os.getpid()}"),
}
# Ways round them.
DETOURS: dict[str, Callable[[Places], object]] = {
    "clone3": clone3,
    "clone a process": lambda at: call("clone", signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0),
    "vfork": lambda at: os.posix_spawn("/bin/true", ["true"], {}),
    "be traced": lambda at: call("ptrace", PTRACE_TRACEME, 0, 0, 0),
    "trace the parent": lambda at: call("ptrace", PTRACE_SEIZE, os.getppid(), 0, 0),
    "truncate": lambda at: os.truncate(at.letter, 0),
    "truncate by reading": truncate_by_reading,
    "rename": lambda at: os.rename(at.letter, at.letter + ".moved"),
    "hard link": lambda at: os.link(at.letter, at.letter + ".linked"),
    "symbolic link": lambda at: os.symlink(at.letter, at.letter + ".symlinked"),
    "make a directory": lambda at: os.mkdir(f"{at.folder}/made"),
    "change the mode": lambda at: os.chmod(at.secret_key, 0o777),
    "change the mode of the file handed over": lambda at: os.fchmod(0, 0o777),
    "set the time": lambda at: os.utime(at.letter, (0, 0)),
    "set an attribute": lambda at: os.setxattr(at.letter, "user.x", b"x"),
    "write the file handed over": write_handed_over,
    "create in the folder": lambda at: create(f"{at.folder}/created"),
    "a pair of sockets": lambda at: socket.socketpair(),
    "io_uring": io_uring,
    "watch a directory": watch,
    "let a descriptor signal the parent": let_descriptor_signal_parent,
    "limit the parent": limit_parent,
    "signal the group": lambda at: os.killpg(os.getpgid(os.getppid()), 0),
    "read the environment of the parent": (
        lambda at: read_first_byte(f"/proc/{os.getppid()}/environ")
    ),
}


def outcome(attack: Callable[[], object]) -> str:
    try:
        attack()
    except OSError as refused:
        return errno.errorcode[refused.errno]
    return "done"


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


def main() -> None:
    newest_abi, places, *names = sys.argv[1:]
    at = Places(**json.loads(places))
    if os.environ.get("ATTACK_AS") == "nobody":
        become_nobody()
    if newest_abi != "none":
        child.raise_walls = partial(raise_walls, newest_abi=int(newest_abi))
        print(json.dumps({"walls": child.confine(1024).complete}), flush=True)
    known = ATTACKS | DETOURS
    for name in names or known:
        print(json.dumps({name: outcome(partial(known[name], at))}), flush=True)


if __name__ == "__main__":
    main()

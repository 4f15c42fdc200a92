"""`python guard.py PARENT COMMAND…`: runs a program, and ends whatever it leaves behind.

Linux gives the orphans of a program to this process (a "child subreaper"), in whatever session
and with whatever environment they run. So none outlives it: not when the program ends or is
killed, and not when the parent of this process is, of which the kernel then tells it.

Run as a file, without site-packages: it has to start fast and stay small.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
END_ALL = signal.SIGUSR1  # what the kernel sends at the parent's death, and the parent to be sure
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)


def signal_on_parent_death(parent: int, number: int) -> None:
    """This process gets the signal when its parent ends, even if that happened a moment ago."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)


def start(command: list[str]) -> int:
    guard = os.getpid()
    if pid := os.fork():
        return pid
    try:
        signal_on_parent_death(guard, signal.SIGKILL)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # which Python ignores
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {*FORWARDED, END_ALL})
        os.execvp(command[0], command)  # noqa: S606  (no shell is wanted)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def end_children() -> None:
    """Kills every child; theirs become ours, until there are none."""
    while True:
        for pid in children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children() -> list[int]:
    own, found = str(os.getpid()), []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
                if file.read().rpartition(")")[2].split()[1] == own:
                    found.append(int(name))
    return found


def end_all(*_: object) -> None:
    end_children()
    os._exit(1)


def wait_for(child: int) -> int:
    """The child's wait status. Orphans that end meanwhile are reaped."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            return status


def end_as(status: int) -> None:
    """The way the child ended, so that the parent sees it as if there were nobody between."""
    if os.WIFSIGNALED(status):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        number = os.WTERMSIG(status)
        with contextlib.suppress(OSError):  # SIGKILL and SIGSTOP have no handler to reset
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def main(parent: int, command: list[str]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    handled = {*FORWARDED, END_ALL}
    signal.pthread_sigmask(signal.SIG_BLOCK, handled)  # until there is a child to forward to
    signal.signal(END_ALL, end_all)
    signal_on_parent_death(parent, END_ALL)
    child = start(command)

    def forward(number: int, _: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)

    for number in FORWARDED:
        signal.signal(number, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, handled)
    status = wait_for(child)
    end_children()
    end_as(status)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

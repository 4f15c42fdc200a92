"""Stop signals of `manage.py run`."""

from __future__ import annotations

import os
import signal
from pathlib import Path


class Stop(BaseException):
    """Somebody asked to stop. Like KeyboardInterrupt, no `except Exception` swallows it."""


class StopSignals:
    """Ctrl-C, `kill` and a closed terminal raise Stop, and `came` remembers that one did.

    Remembered because an exception can get lost: raised while Python runs a callback of its own,
    such as the release of a lock around a fork, it is reported and dropped.
    """

    def __init__(self) -> None:
        self.came = False

    def listen(self) -> None:
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
            signal.signal(signal.SIGHUP, self.stop)

    def stop(self, *_: object) -> None:
        self.came = True
        raise Stop


def ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


class MakeProcess:
    """The `make` that runs us, if one does.

    Ctrl-C reaches both of us. But a SIGINT sent to make alone it keeps to itself and waits for us
    to end, and make killed outright leaves us behind. Both show in /proc: of an interrupted make
    SIGINT is blocked and no longer caught, and of a dead one we are no longer the child.
    """

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.is_there = read_proc_file(f"/proc/{self.pid}/comm").strip() in {"make", "gmake"}

    def wants_stop(self) -> bool:
        if not self.is_there:
            return False
        if os.getppid() != self.pid:
            return True
        masks = dict(
            line.split(":\t", 1)
            for line in read_proc_file(f"/proc/{self.pid}/status").splitlines()
            if line.startswith(("SigBlk", "SigCgt"))
        )
        return holds_sigint(masks, "SigBlk") and not holds_sigint(masks, "SigCgt")


def holds_sigint(masks: dict[str, str], name: str) -> bool:
    return bool(int(masks.get(name, "0"), 16) & 1 << (signal.SIGINT - 1))


def read_proc_file(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""

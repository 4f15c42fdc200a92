"""Runs programs side by side, each in a process group of its own, and ends them all together.

On Linux the parts also end when this process is killed outright, because the kernel then sends
each its stop signal.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 5.0
LINES_TO_SHOW = 20
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One program. `stop_signal` is the one that ends it at once but tidily."""

    name: str
    command: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    stdin: bytes = b""
    pass_fds: tuple[int, ...] = ()
    outlives_others: bool = False
    may_end: bool = False


class Crash(Exception):
    """A part ended by itself. The message says which, how, and what it said last."""


@dataclass
class Supervisor:
    """Starts parts, watches them, ends them. What a part prints goes to <log_dir>/<name>.log."""

    log_dir: Path
    cwd: Path
    env: dict[str, str]
    running: list[tuple[Part, subprocess.Popen[bytes]]] = field(default_factory=list)

    def start(self, part: Part) -> None:
        with self.log(part).open("wb") as log:
            process = subprocess.Popen(
                part.command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=part.pass_fds,
                cwd=self.cwd,
                env=self.env,
                start_new_session=True,
                preexec_fn=end_with_parent(part.stop_signal),
            )
        self.running.append((part, process))
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(part.stdin)

    def log(self, part: Part) -> Path:
        return self.log_dir / f"{part.name.replace(' ', '-')}.log"

    def check(self) -> list[str]:
        """Raises Crash if a part has ended; returns what went wrong with those that may end."""
        notices = []
        for pair in self.running.copy():
            part, process = pair
            if process.poll() is None:
                continue
            if not part.may_end:
                raise Crash(self.how_it_ended(part, process.returncode))
            self.running.remove(pair)
            if process.returncode:
                notices.append(self.how_it_ended(part, process.returncode))
        return notices

    def how_it_ended(self, part: Part, returncode: int) -> str:
        if returncode < 0:
            how = f"was killed by {signal.Signals(-returncode).name}"
        else:
            how = f"ended by itself with exit code {returncode}"
        last = self.log(part).read_text(errors="replace").splitlines()[-LINES_TO_SHOW:]
        lines = "\n".join(f"    {line}" for line in last) or "    (nothing)"
        return f"The {part.name} {how}. The last it said, in {self.log(part)}:\n\n{lines}"

    def stop(self) -> None:
        """Ends every part and all that it started, within seconds."""
        deadline = time.monotonic() + STOP_SECONDS
        for outlives in (False, True):
            wave = [(part, one) for part, one in self.running if part.outlives_others == outlives]
            for part, process in wave:
                process.send_signal(part.stop_signal)
            for _, process in wave:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.1, deadline - time.monotonic()))
        self.kill()

    def kill(self) -> None:
        for _, process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # whatever is left of its group
            process.wait()
        self.running.clear()


def end_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes its program, so that it never outlives this process."""
    if not sys.platform.startswith("linux"):
        return None
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return before_exec

"""Runs programs side by side, each in a process group of its own, and ends them all together.

A program that ends by itself is started again, a few times and after growing pauses. On Linux each
runs under a guard (`imrsite.running.guard`), which leaves nothing behind of it: not when it ends,
and not when this process is killed outright.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imrsite.running import guard, logs

STOP_SECONDS = 5.0
KILL_SECONDS = 2.0
LINES_TO_SHOW = 20
RESTART_DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0)  # before each start anew; after the last one all stops
HEALTHY_SECONDS = 60.0  # a part that ran so long has no deaths to its name
ROTATE_SECONDS = 10.0


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


@dataclass(slots=True)
class Running:
    """A part with its process; without one while it waits to be started again."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = 0
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts parts, watches them, ends them. What a part prints goes to <log_dir>/<name>.log."""

    log_dir: Path
    cwd: Path
    env: dict[str, str]
    most_log_bytes: int = logs.MOST_BYTES
    restarts: bool = False  # until then a part that ends is a start that failed
    running: list[Running] = field(default_factory=list)
    rotated_at: float = 0.0

    def start(self, part: Part) -> None:
        one = Running(part)
        self.running.append(one)
        self.launch(one)

    def launch(self, one: Running) -> None:
        part = one.part
        logs.rotate(self.log(part), self.most_log_bytes)
        log = logs.open_log(self.log(part))
        try:
            process = one.process = subprocess.Popen(
                with_guard(part.command),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=part.pass_fds,
                cwd=self.cwd,
                env=self.env,
                start_new_session=True,
            )
        finally:
            os.close(log)
        one.began = time.monotonic()
        assert process.stdin  # a pipe, as asked for
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(part.stdin)

    def log(self, part: Part) -> Path:
        return self.log_dir / f"{part.name.replace(' ', '-')}.log"

    def check(self) -> list[str]:
        """Starts again what is due; returns what there is to say.

        Raises:
            Crash: a part ended while the product was starting, or does so again and again.
        """
        self.rotate_logs()
        notices = []
        for one in self.running.copy():
            if one.process is None:
                if time.monotonic() >= one.due:
                    self.launch(one)
            elif one.process.poll() is not None:
                notices += self.ended(one, one.process)
        return notices

    def ended(self, one: Running, process: subprocess.Popen[bytes]) -> list[str]:
        told = self.how_it_ended(one.part, process.returncode)
        failed = process.returncode != 0
        kill_group(process)
        if one.part.may_end:
            self.running.remove(one)
            return [told] if failed else []
        healthy = time.monotonic() - one.began >= HEALTHY_SECONDS
        one.deaths = 1 if healthy else one.deaths + 1
        one.process = None
        if not self.restarts:
            raise Crash(told)
        if one.deaths > len(RESTART_DELAYS):
            raise Crash(
                f"{told}\n\nIt was started again {len(RESTART_DELAYS)} times. Everything stops."
            )
        pause = RESTART_DELAYS[one.deaths - 1]
        one.due = time.monotonic() + pause
        again = f"It is started again in {pause:g} s (try {one.deaths} of {len(RESTART_DELAYS)})."
        self.note(one.part, again)
        return [f"{told}\n\n{again}"]

    def note(self, part: Part, words: str) -> None:
        """Adds a line of our own to the part's log."""
        with suppress(OSError), self.log(part).open("a") as log:
            log.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} supervisor: {part.name}: {words}\n")

    def how_it_ended(self, part: Part, returncode: int) -> str:
        if returncode < 0:
            how = f"was killed by {signal.Signals(-returncode).name}"
        else:
            how = f"ended by itself with exit code {returncode}"
        last = logs.last_lines(self.log(part), LINES_TO_SHOW)
        self.note(part, f"it {how}.")
        lines = "\n".join(f"    {line}" for line in last) or "    (nothing)"
        return f"The {part.name} {how}. Its last output, in {self.log(part)}:\n\n{lines}"

    def rotate_logs(self) -> None:
        if time.monotonic() - self.rotated_at > ROTATE_SECONDS:
            self.rotated_at = time.monotonic()
            for one in self.running:
                logs.rotate(self.log(one.part), self.most_log_bytes)

    def stop(self) -> None:
        """Ends every part and all that it started, within seconds."""
        deadline = time.monotonic() + STOP_SECONDS
        living = [(one.part, one.process) for one in self.running if one.process]
        for outlives in (False, True):
            wave = [(part, one) for part, one in living if part.outlives_others == outlives]
            for part, process in wave:
                process.send_signal(part.stop_signal)
            for _, process in wave:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.1, deadline - time.monotonic()))
        self.kill()

    def kill(self) -> None:
        for one in self.running:
            if one.process:
                kill_group(one.process)
        self.running.clear()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Ends the part and whatever is left of it."""
    if is_guarded() and process.poll() is None:
        process.send_signal(guard.END_ALL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(KILL_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def is_guarded() -> bool:
    return sys.platform.startswith("linux")


def with_guard(command: tuple[str, ...]) -> tuple[str, ...]:
    if not is_guarded():
        return command
    return (sys.executable, "-I", "-S", guard.__file__, str(os.getpid()), *command)

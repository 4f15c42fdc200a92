"""`make soak`: thousands of uploads to `make run` while all that can die does; odd PDFs and bombs.

make soak            2,000 letters; worker, web server, broker, scheduler and supervisor are killed
                     in turn, and the disk fills up for a while
make soak N=200      the same, shorter
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from tests.faults.disk import small_disk
from tests.faults.files import read_bombs, read_odd_pdfs
from tests.faults.letters import number, small_letter
from tests.faults.plant import Visitor
from tests.product import Product

A_FORM = 10  # letters in one upload
PACE = 2.0  # between two, until each part was killed once
REST = (1.0, 3.0)  # between two blows
DISK_MB, RESERVE_MB = 384, 32
FULL_SECONDS = 6.0
SECONDS_A_LETTER = 2.0
PATIENCE = 120  # a busy machine takes its time to start a part
POLL = 0.5
PARTS = {
    "worker": "celery\0--app\0imrsite\0--quiet\0worker\0--concurrency=2",
    "web server": "gunicorn",
    "broker": "valkey-server",
    "scheduler": "celery\0--app\0imrsite\0--quiet\0beat",
}
UNFINISHED = ("received", "queued", "reading")


def main() -> None:
    count = int(os.environ.get("N") or 2000)
    with tempfile.TemporaryDirectory(prefix="imr-soak-") as folder:
        var_dir = Path(folder) / "var"
        var_dir.mkdir()
        with small_disk(var_dir, DISK_MB) as is_small:
            if not is_small:
                print("This user may not mount a small disk: it does not fill up this time.")
            good = soak(Run(var_dir), count, fills=is_small)
        good = read_odd_pdfs(Path(folder)) and good
        good = read_bombs(Path(folder)) and good
    sys.exit(0 if good else 1)


class Run(Product):
    """`make run`, with what a soak asks of it."""

    def __init__(self, var_dir: Path) -> None:
        limits = {"IMR_DISK_RESERVE_MB": RESERVE_MB, "IMR_LEASE_SECONDS": 4, "IMR_SWEEP_SECONDS": 1}
        super().__init__(var_dir, **{name: str(value) for name, value in limits.items()})
        self.output = var_dir.parent / "console.txt"
        self.env["IMR_DATABASE_WAIT_SECONDS"] = "5"

    def of(self, part: str) -> list[int]:
        """The part's processes, its guard left out, the oldest first."""
        return [pid for pid in self.pids(PARTS[part]) if not is_guard(pid)]

    def rows(self, query: str) -> list[tuple]:
        """Nothing while the database can't be read."""
        path = f"file:{self.var_dir / 'db.sqlite3'}?mode=ro"
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(path, uri=True, timeout=20)
            try:
                return connection.execute(query).fetchall()
            finally:
                connection.close()
        return []

    def states(self) -> dict[str, int]:
        """Of the letters of the soak; the sample letters are no part of it."""
        where = "WHERE name LIKE 'CM14-000%'"
        return dict(
            self.rows(f"SELECT status, count(*) FROM cases_document {where} GROUP BY status")
        )


def is_guard(pid: int) -> bool:
    with suppress(OSError):
        return b"guard.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return True


def soak(run: Run, count: int, *, fills: bool) -> bool:
    began = time.monotonic()
    try:
        run.start()
        killer = Killer(run, fills=fills)
        killer.start()
        uploader = Uploader(run)
        uploader.upload_all(count, killer)
        uploaded = time.monotonic() - began
        memory = wait_for_all(run, killer, count)
        killer.stop()
        took = time.monotonic() - began
        ended = run.end()
        left = [] if run.all_gone(10) else run.leftovers()
        print(
            f"{count} uploads in {uploaded:.0f} s (sent again after these answers:"
            f" {dict(uploader.refusals)}), all ended after {took:.0f} s ({count / took:.1f} a"
            f" second); {dict(killer.blows)}; {run.states()}; worker's largest process"
            f" {max(memory, default=0)} MB"
        )
        return report(run, count, killer, stopped=ended == 0 and not left)
    finally:
        run.clean_up()


class Uploader:
    """Sends letters until each form is acknowledged: who gets no answer sends again."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.visitor: Visitor | None = None
        self.refusals: Counter[int] = Counter()  # by status; 0 is no answer

    def upload_all(self, count: int, killer: Killer) -> None:
        for first in range(1, count + 1, A_FORM):
            several = range(first, min(first + A_FORM, count + 1))
            letters = {f"{number(n)}.pdf": small_letter(n) for n in several}
            deadline = time.monotonic() + PATIENCE
            while (status := self.upload(letters)) != 200:
                assert status in (0, 503), f"an upload was answered with {status}"
                assert time.monotonic() < deadline, f"still {status} after {PATIENCE} s"
                self.refusals[status] += 1
                time.sleep(POLL)
            if not killer.been_round:
                time.sleep(PACE)

    def upload(self, letters: dict[str, bytes]) -> int:
        try:
            if self.visitor is None:
                self.visitor = Visitor(self.run.url, self.run.user, self.run.password)
            return self.visitor.upload(letters)[0]
        except (OSError, HTTPException, AttributeError, StopIteration):
            self.visitor = None  # it signs in again
            return 0


class Killer(threading.Thread):
    """Kills one part after another, then fills the disk, then kills the supervisor; and anew."""

    def __init__(self, run: Run, *, fills: bool) -> None:
        super().__init__(daemon=True)
        self.run_, self.over = run, threading.Event()
        self.blows: Counter[str] = Counter()
        self.left: list[int] = []
        self.trouble = ""
        self.chance = random.Random(1)
        parts = [(name, lambda name=name: self.kill(name)) for name in PARTS]
        full = [("full disk", self.fill_disk)] if fills else []
        self.steps: list[tuple[str, Callable[[], None]]] = [
            *parts,
            *full,
            ("supervisor", self.kill_supervisor),
        ]

    @property
    def been_round(self) -> bool:
        return len(self.blows) == len(self.steps)

    def run(self) -> None:
        try:
            while True:
                for name, strike in self.steps:
                    if self.over.wait(self.chance.uniform(*REST)):
                        return
                    strike()
                    self.blows[name] += 1
        except Exception as problem:
            self.trouble = f"{type(problem).__name__}: {problem}"

    def kill(self, part: str) -> None:
        victim = self.run_.of(part)[0]
        os.kill(victim, signal.SIGKILL)
        self.run_.wait_until(
            lambda: any(pid != victim for pid in self.run_.of(part)) and self.is_ready(), PATIENCE
        )

    def is_ready(self) -> bool:
        with suppress(OSError, ValueError, HTTPException):
            return self.run_.readiness()["ready"]
        return False

    def fill_disk(self) -> None:
        """To the last byte, so that the database meets it too."""
        ballast = self.run_.var_dir / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1 << 16))
        self.over.wait(FULL_SECONDS)
        ballast.unlink()
        self.run_.wait_until(self.is_ready, PATIENCE)

    def kill_supervisor(self) -> None:
        self.run_.process.kill()
        self.run_.process.wait()
        if not self.run_.all_gone(10):
            self.left += self.run_.leftovers()
        self.run_.start()

    def stop(self) -> None:
        self.over.set()
        self.join()


def wait_for_all(run: Run, killer: Killer, count: int) -> list[int]:
    """Until every document has ended; the worker's memory in MB at each look."""
    deadline = time.monotonic() + 180 + count * SECONDS_A_LETTER
    memory, told = [], 0.0
    while not killer.trouble:
        states = run.states()
        done = sum(states.values()) == count and not any(states.get(one) for one in UNFINISHED)
        if done and killer.been_round:
            break
        if time.monotonic() > deadline:
            print("It took too long:", states)
            break
        if time.monotonic() - told > 15:
            told = time.monotonic()
            print(f"  {states}, {dict(killer.blows)}", flush=True)
        time.sleep(POLL)
        memory += [resident_mb(pid) for pid in run.of("worker")]
    return memory


def resident_mb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines.get("VmRSS", "0").split()[0]) // 1024


def report(run: Run, count: int, killer: Killer, *, stopped: bool) -> bool:
    states = run.states()
    unexplained = run.rows(
        "SELECT count(*) FROM cases_document WHERE status = 'failed' AND error_message = ''"
    )[0][0]
    cases = [one for (one,) in run.rows("SELECT case_number FROM cases_case")]
    ours = [one for one in cases if one.startswith("CM14-000")]
    wanted = {number(n) for n in range(1, count + 1)}
    named = {one for (one,) in run.rows("SELECT sha256 FROM cases_document")}
    media = run.var_dir / "media"
    stored = {one.stem for one in media.glob("documents/*/*/*.pdf")}
    checks = {
        "every upload is a document": sum(states.values()) == count,
        "every document has ended": set(states) <= {"parsed", "failed"},
        "every failure has a reason": not unexplained,
        "no case is doubled": len(cases) == len(set(cases)),
        "no case is lost": len(wanted - set(ours)) == states.get("failed", 0),
        "every document has its file": named <= stored,
        "no file is without a document": {one.removesuffix(".ocr") for one in stored} <= named,
        "nothing half written is left": not list(media.glob("incoming/*")),
        "nothing outlived a killed supervisor": not killer.left,
        "all was killed in turn": killer.been_round and not killer.trouble,
        "at its end it stopped, and left nothing running": stopped,
    }
    for words, good in checks.items():
        print(f"  {'ok  ' if good else 'FAIL'} {words}")
    if killer.trouble:
        print(f"  {killer.trouble}\n{run.said()[-3000:]}")
    return all(checks.values())


if __name__ == "__main__":
    main()

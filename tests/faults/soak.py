"""`make soak`: thousands of uploads while workers and brokers are killed; odd PDFs and bombs.

make soak            2,000 letters, a worker killed every few seconds, the broker twice
make soak N=200      the same, shorter
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.faults.files import read_bombs, read_odd_pdfs
from tests.faults.letters import number, small_letter
from tests.faults.plant import Plant

A_FORM = 50  # letters in one upload
KILL_EVERY = (2.0, 5.0)
BROKER_AWAY = 3.0
SECONDS_A_LETTER = 2.0
PATIENCE = 600  # a busy machine takes its time to start a worker
POLL = 0.5


def main() -> None:
    count = int(os.environ.get("N") or 2000)
    with tempfile.TemporaryDirectory(prefix="imr-soak-") as folder:
        good = soak(Plant(Path(folder) / "var"), count)
        good = read_odd_pdfs(Path(folder)) and good
        good = read_bombs(Path(folder)) and good
    sys.exit(0 if good else 1)


def soak(plant: Plant, count: int) -> bool:
    began = time.monotonic()
    try:
        plant.start()
        killer = Killer(plant, count)
        killer.start()
        upload_all(plant, count)
        uploaded = time.monotonic() - began
        memory = wait_for_all(plant, killer, count)
        killer.stop()
        return report(plant, count, killer, uploaded, time.monotonic() - began, memory)
    finally:
        plant.stop()


def upload_all(plant: Plant, count: int) -> None:
    visitor = plant.sign_in()
    for first in range(1, count + 1, A_FORM):
        several = range(first, min(first + A_FORM, count + 1))
        status, _ = visitor.upload({f"{number(n)}.pdf": small_letter(n) for n in several})
        assert status == 200, f"an upload was answered with {status}"


class Killer(threading.Thread):
    """Kills the worker again and again, the broker when a third and two thirds are read."""

    def __init__(self, plant: Plant, count: int) -> None:
        super().__init__(daemon=True)
        self.plant, self.count = plant, count
        self.workers = self.brokers = 0
        self.over = threading.Event()
        self.chance = random.Random(1)

    def run(self) -> None:
        while not self.over.wait(self.chance.uniform(*KILL_EVERY)):
            read = self.plant.states().get("parsed", 0)
            if self.brokers < 2 and read > (self.brokers + 1) * self.count / 3:
                self.plant.kill("broker")
                time.sleep(BROKER_AWAY)
                self.plant.start_broker()
                self.brokers += 1
            self.plant.kill("worker")
            self.plant.start_worker()
            self.workers += 1
            self.wait_for_work(read)

    def wait_for_work(self, read: int) -> None:
        """A worker takes its time to start: it gets to read something before it is killed, too."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.over.wait(0.2):
            if self.plant.states().get("parsed", 0) > read:
                return

    def stop(self) -> None:
        self.over.set()
        self.join()


def wait_for_all(plant: Plant, killer: Killer, count: int) -> list[int]:
    """Until every document has ended; the worker's memory in MB at each look."""
    deadline = time.monotonic() + 120 + count * SECONDS_A_LETTER
    memory, told = [], 0.0
    while plant.unfinished() or sum(plant.states().values()) < count:
        if time.monotonic() > deadline:
            print("It took too long:", plant.states())
            break
        if time.monotonic() - told > 15:
            told = time.monotonic()
            print(f"  {plant.states()}, workers killed {killer.workers}", flush=True)
        time.sleep(POLL)
        memory.append(pool_memory(plant))
    return memory


def pool_memory(plant: Plant) -> int:
    """The largest resident size among the worker's processes, in MB."""
    worker = plant.parts.get("worker")
    if worker is None:
        return 0
    sizes = [resident_mb(pid) for pid in [worker.pid, *children(worker.pid)]]
    return max(sizes, default=0)


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def resident_mb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines.get("VmRSS", "0").split()[0]) // 1024


def report(
    plant: Plant, count: int, killer: Killer, uploaded: float, took: float, memory: list[int]
) -> bool:
    states = plant.states()
    unexplained = plant.rows(
        "SELECT count(*) FROM cases_document WHERE status = 'failed' AND error_message = ''"
    )[0][0]
    numbers = {one for (one,) in plant.rows("SELECT case_number FROM cases_case")}
    cases = plant.rows("SELECT count(*) FROM cases_case")[0][0]
    wanted = {number(n) for n in range(1, count + 1)}
    failed = states.get("failed", 0)
    checks = {
        "every upload is a document": sum(states.values()) == count,
        "every document has ended": set(states) <= {"parsed", "failed"},
        "every failure has a reason": not unexplained,
        "no case is doubled": cases == len(numbers),
        "no case is lost": len(wanted - numbers) == failed and not numbers - wanted,
    }
    print(
        f"{count} uploads in {uploaded:.0f} s, all ended after {took:.0f} s"
        f" ({count / took:.1f} a second); worker killed {killer.workers} times, broker"
        f" {killer.brokers} times; {states}; {cases} cases; worker's largest process"
        f" {max(memory, default=0)} MB"
    )
    for words, good in checks.items():
        print(f"  {'ok  ' if good else 'FAIL'} {words}")
    return all(checks.values())


if __name__ == "__main__":
    main()

"""The supervisor: what dies is started again, and nothing outlives it. Small programs as parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imrsite.running import supervisor as module
from imrsite.running.supervisor import Crash, Part, Supervisor
from tests.product import ROOT


@pytest.fixture
def supervisor(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RESTART_DELAYS", (0.1, 0.2))
    one = Supervisor(tmp_path, tmp_path, dict(os.environ), restarts=True)
    yield one
    one.kill()


def watch(supervisor: Supervisor, until, seconds: float = 10) -> str:
    """Checks until something holds; what was said meanwhile."""
    deadline, said = time.monotonic() + seconds, []
    while not until():
        assert time.monotonic() < deadline, said
        said += supervisor.check()
        time.sleep(0.02)
    return "\n".join(said)


def part(command: str, **options) -> Part:
    return Part("thing", ("sh", "-c", command), **options)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def all_end(pids: list[int], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(lives, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(lives, pids))


def pids_in(path: Path, count: int, seconds: float = 10) -> list[int]:
    deadline = time.monotonic() + seconds
    while not path.exists() or len(path.read_text().split()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(one) for one in path.read_text().split()]


def test_a_part_that_ends_is_started_again_and_that_is_said(supervisor, tmp_path):
    runs = tmp_path / "runs"
    supervisor.start(part(f"echo again >> {runs}; [ $(wc -l < {runs}) = 3 ] && exec sleep 600"))
    said = watch(supervisor, lambda: runs.exists() and len(runs.read_text().split()) == 3)
    assert "The thing ended by itself with exit code 1." in said
    assert "started again in 0.1 s (try 1 of 2)" in said
    assert "started again in 0.2 s (try 2 of 2)" in said
    assert "try 2 of 2" in (tmp_path / "thing.log").read_text()


def test_a_part_that_is_killed_again_and_again_ends_it_all(supervisor):
    supervisor.start(part("echo last words; kill -9 $$"))
    with pytest.raises(Crash) as crash:
        watch(supervisor, lambda: False)
    assert "The thing was killed by SIGKILL." in str(crash.value)
    assert "started again 2 times. Everything stops." in str(crash.value)
    assert "last words" in str(crash.value)


def test_deaths_before_a_time_of_health_are_forgotten(supervisor, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "HEALTHY_SECONDS", 0.0)
    runs = tmp_path / "runs"
    supervisor.start(part(f"echo again >> {runs}"))
    said = watch(supervisor, lambda: runs.exists() and len(runs.read_text().split()) == 5)
    assert "try 2" not in said


def test_a_part_that_ends_during_the_start_ends_the_start(supervisor):
    supervisor.restarts = False
    supervisor.start(part("exit 3"))
    with pytest.raises(Crash, match="exit code 3"):
        watch(supervisor, lambda: False)


def test_a_part_that_may_end_is_not_started_again(supervisor, tmp_path):
    supervisor.start(part(f"echo once >> {tmp_path}/runs", may_end=True))
    watch(supervisor, lambda: not supervisor.running)
    assert (tmp_path / "runs").read_text() == "once\n"


def test_it_says_how_a_part_ended_as_if_there_were_no_guard(supervisor):
    supervisor.start(part("kill -SEGV $$"))
    assert "was killed by SIGSEGV" in watch(supervisor, lambda: supervisor.running[0].deaths)


def test_what_it_reads_first_it_reads_again(supervisor, tmp_path):
    """The broker has its configuration from standard input."""
    command = f"cat >> {tmp_path}/got; [ $(wc -l < {tmp_path}/got) = 2 ] && exec sleep 600"
    supervisor.start(part(command, stdin=b"a setting\n"))
    got = tmp_path / "got"
    watch(supervisor, lambda: got.exists() and got.read_text() == "a setting\n" * 2)


def test_a_part_that_dies_leaves_nothing_behind(supervisor, tmp_path):
    """Not even what runs in a session of its own, with nothing of its environment."""
    orphan = f"env -i /usr/bin/setsid sh -c 'echo $$ >> {tmp_path}/pids; exec sleep 600'"
    supervisor.start(part(f"{orphan} & echo $$ >> {tmp_path}/pids; exec sleep 600"))
    pids = pids_in(tmp_path / "pids", 2)
    os.kill(supervisor.running[0].process.pid, signal.SIGTERM)
    assert all_end(pids)


def test_stop_leaves_nothing_behind_of_a_part_that_does_not_listen(
    supervisor, tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "STOP_SECONDS", 0.2)
    deaf = (
        f"trap '' TERM; setsid sleep 600 & echo $! $$ > {tmp_path}/pids; while :; do sleep 1; done"
    )
    supervisor.start(part(deaf))
    pids = pids_in(tmp_path / "pids", 2)
    supervisor.stop()
    assert all_end(pids)


SUPERVISE = """
import os, sys, time
from pathlib import Path
from imrsite.running.supervisor import Part, Supervisor
folder = Path(sys.argv[1])
one = Supervisor(folder, folder, dict(os.environ), restarts=True)
write = f"echo $$ >> {folder}/pids;"
orphan = f"env -i /usr/bin/setsid sh -c '{write} exec sleep 600'"
one.start(Part("plain", ("sh", "-c", f"{write} exec sleep 600")))
one.start(Part("deaf", ("sh", "-c", f"trap '' TERM QUIT INT; {write} {orphan} & sleep 600; :")))
while True:
    one.check()
    time.sleep(0.05)
"""


@pytest.mark.parametrize("attempt", range(5))
def test_nothing_lives_on_after_a_supervisor_that_was_killed_outright(tmp_path, attempt):
    process = subprocess.Popen([sys.executable, "-c", SUPERVISE, tmp_path], cwd=ROOT)
    pids = pids_in(tmp_path / "pids", 3)
    process.kill()
    process.wait()
    assert all_end(pids)


def test_a_supervisor_that_dies_while_it_starts_parts_leaves_none(tmp_path):
    """The guard may be under way when its parent dies: it looks, and ends."""
    script = SUPERVISE.split("while True:")[0] + "os.kill(os.getpid(), 9)"
    for _ in range(5):
        subprocess.run([sys.executable, "-c", script, tmp_path], cwd=ROOT, check=False)
    time.sleep(0.5)
    pids = tmp_path / "pids"
    assert all_end([int(one) for one in pids.read_text().split()] if pids.exists() else [])

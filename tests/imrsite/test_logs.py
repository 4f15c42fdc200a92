"""Logs of the parts: kept over starts, rotated when they have grown."""

from __future__ import annotations

import os

import pytest

from imrsite.running import logs
from imrsite.running.supervisor import Part, Supervisor


@pytest.fixture
def log(tmp_path):
    return tmp_path / "part.log"


def test_a_log_that_has_grown_is_kept_beside_a_new_one(log):
    for number in range(1, 8):
        log.write_text(f"{number} " + "x" * 100)
        assert logs.rotate(log, most_bytes=100)
    assert log.read_text() == ""
    kept = sorted(one.name for one in log.parent.iterdir())
    assert kept == ["part.log", "part.log.1", "part.log.2", "part.log.3", "part.log.4"]
    firsts = [(log.parent / f"part.log.{n}").read_text()[0] for n in (1, 2, 3, 4)]
    assert firsts == ["7", "6", "5", "4"]


def test_a_small_log_stays(log):
    log.write_text("x" * 99)
    assert not logs.rotate(log, most_bytes=100)
    assert not logs.rotate(log.with_name("none.log"), most_bytes=100)
    assert log.read_text() == "x" * 99


def test_who_writes_goes_on_writing_in_the_new_one(log):
    file = logs.open_log(log)
    os.write(file, b"before\n")
    logs.rotate(log, most_bytes=1)
    os.write(file, b"after\n")
    os.close(file)
    assert log.read_text() == "after\n"
    assert logs.old_log(log, 1).read_text() == "before\n"


def test_the_log_of_an_earlier_start_is_kept(tmp_path):
    for word in ("first", "second"):
        one = Supervisor(tmp_path, tmp_path, dict(os.environ))
        one.start(Part("part", ("echo", word), may_end=True))
        one.running[0].process.wait(10)
        one.kill()
    assert (tmp_path / "part.log").read_text() == "first\nsecond\n"


def test_a_running_part_s_log_is_rotated(tmp_path):
    one = Supervisor(tmp_path, tmp_path, dict(os.environ), most_log_bytes=10)
    one.start(Part("part", ("sh", "-c", "echo a long enough line; exec sleep 60")))
    while not (tmp_path / "part.log").read_text():
        pass
    one.check()
    one.kill()
    assert (tmp_path / "part.log.1").read_text() == "a long enough line\n"


def test_the_last_lines_of_a_long_log_are_found(log):
    log.write_text("\n".join(str(n) for n in range(100_000)))
    assert logs.last_lines(log, 2) == ["99998", "99999"]
    assert logs.last_lines(log.with_name("none.log"), 2) == []

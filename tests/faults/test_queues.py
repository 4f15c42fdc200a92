"""A bulk load and a person's letter, with one worker process; how a worker stops."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile
from itertools import count as count_from
from pathlib import Path

import pytest
import redis

from tests.faults.letters import number, small_letter
from tests.faults.plant import Plant, wait_until

SECONDS = 6.0  # a person's upload waits for the letter or the group of files under way
LOAD = 2000
MANY_PAGES = 450  # a second or two of reading
numbers = count_from(100)
FILL = """
from pathlib import Path
from cases.intake import batches
from cases.intake.archives import Source
from tests.faults.letters import number, small_letter
batch = batches.start_batch("command")
files = (Source(f"{{number(n)}}.pdf", [small_letter(n)]) for n in range({first}, {end}))
print(sum(1 for line in batches.add_files(batch, files)))
"""


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    one = Plant(
        tmp_path_factory.mktemp("queues") / "var",
        IMR_PARSE_SECONDS="10",
        IMR_TASK_MARGIN_SECONDS="1",
    )
    one.processes = 1
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture(scope="module")
def visitor(plant):
    return plant.sign_in()


@pytest.fixture(autouse=True)
def whole(plant):
    plant.mend()


def depth(plant, queue: str) -> int:
    with redis.Redis.from_url(plant.broker_url) as broker:
        return broker.llen(queue)


def count(plant, where: str) -> int:
    return plant.rows(f"SELECT count(*) FROM cases_document WHERE {where}")[0][0]


def seconds_until_read(plant, visitor, name: str, data: bytes) -> float:
    assert visitor.upload({name: data})[0] == 200
    began = time.monotonic()
    plant.await_status(name, "parsed")
    return time.monotonic() - began


def stop(plant, number: signal.Signals, seconds: float) -> None:
    worker = plant.parts.pop("worker")
    os.kill(worker.pid, number)
    worker.wait(seconds)


def newest_child(pid: int) -> int:
    return max(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def start_endless_reading(plant, visitor) -> str:
    """Uploads a letter whose reading does not move on: the name of its file."""
    first, second = next(numbers), next(numbers)
    seconds_until_read(plant, visitor, f"{number(first)}.pdf", small_letter(first))
    os.kill(newest_child(newest_child(plant.parts["worker"].pid)), signal.SIGSTOP)
    name = f"{number(second)}.pdf"
    visitor.upload({name: small_letter(second)})
    plant.await_status(name, "reading")
    return name


def test_a_letter_under_way_is_finished(plant, visitor):
    name = f"{number(1)}.pdf"
    visitor.upload({name: small_letter(1, pages=MANY_PAGES)})
    plant.await_status(name, "reading")
    stop(plant, signal.SIGTERM, 15)
    assert plant.status(name) == "parsed"


@pytest.mark.parametrize(("number_", "seconds"), [(signal.SIGTERM, 25), (signal.SIGQUIT, 15)])
def test_one_that_takes_longer_goes_back_with_its_message(plant, visitor, number_, seconds):
    name = start_endless_reading(plant, visitor)
    plant.parts.pop("scheduler").kill()  # nobody sweeps
    stop(plant, number_, seconds)
    state = "SELECT status, attempts, lease_token FROM cases_document WHERE name = ?"
    assert plant.rows(state, name) == [("queued", 0, "")]
    assert depth(plant, "letters") == 1
    plant.start_worker()
    plant.await_status(name, "parsed")


def test_messages_in_the_queue_of_earlier_versions_are_taken(plant, visitor):
    stop(plant, signal.SIGTERM, 15)
    name = f"{number(3)}.pdf"
    visitor.upload({name: small_letter(3)})
    with redis.Redis.from_url(plant.broker_url) as broker:
        broker.rename("letters", "celery")
    plant.parts.pop("scheduler").kill()
    plant.start_worker()
    plant.await_status(name, "parsed")


def test_a_process_that_hangs_is_killed_and_its_letter_is_read_by_another(plant, visitor):
    name = start_endless_reading(plant, visitor)
    worker = plant.parts["worker"]
    hanging = newest_child(worker.pid)
    os.kill(hanging, signal.SIGSTOP)
    plant.await_status(name, "parsed", 60)
    assert worker.poll() is None
    assert not Path(f"/proc/{hanging}").exists()


def test_a_bulk_load_does_not_delay_a_person(plant, visitor):
    plant.manage("shell", "--command", FILL.format(first=1000, end=1000 + LOAD))
    assert depth(plant, "bulk") > LOAD / 2
    for n in (10, 11, 12):
        assert seconds_until_read(plant, visitor, f"{number(n)}.pdf", small_letter(n)) < SECONDS
    waiting = count(plant, "bulk AND status = 'queued'")
    assert waiting > LOAD / 3, "the load is still under way"

    # The broker loses all messages: the sweep sends each to the queue of its kind.
    with redis.Redis.from_url(plant.broker_url) as broker:
        broker.delete("bulk")
    queued = "UPDATE cases_document SET queued_at = '2014-01-01' WHERE status = 'queued'"
    plant.rows(queued)
    wait_until(lambda: depth(plant, "bulk") > 100, 30)
    assert depth(plant, "letters") <= 1
    assert seconds_until_read(plant, visitor, f"{number(13)}.pdf", small_letter(13)) < SECONDS


def test_an_archive_that_is_unpacked_does_not_delay_a_person(plant, visitor):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(5000, 5000 + LOAD):
            archive.writestr(f"{number(n)}.pdf", small_letter(n))
    assert visitor.upload({"all.zip": out.getvalue()})[0] == 200
    for n in (20, 21):
        assert seconds_until_read(plant, visitor, f"{number(n)}.pdf", small_letter(n)) < SECONDS

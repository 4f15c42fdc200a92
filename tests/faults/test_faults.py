"""What dies, fills up or jumps: an upload that was acknowledged ends read or with a reason.

Real processes, killed for real. `make soak` is the same at length.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count

import pytest

from tests.faults.disk import mount, small_disk
from tests.faults.letters import number, small_letter
from tests.faults.plant import Plant, wait_until

numbers = count(1)
SLOW_PAGES = 40  # some seconds of reading


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    one = Plant(tmp_path_factory.mktemp("faults") / "var")
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture(scope="module")
def visitor(plant):
    return plant.sign_in()


@pytest.fixture(autouse=True)
def whole(plant):
    """A test that failed halfway leaves nothing broken to the next."""
    plant.mend()


def new_letter(pages: int = 1) -> tuple[str, bytes]:
    n = next(numbers)
    return f"{number(n)}.pdf", small_letter(n, pages=pages)


def cases_of(plant, name: str) -> int:
    return plant.rows(
        "SELECT count(*) FROM cases_case WHERE case_number = ?", name.removesuffix(".pdf")
    )[0][0]


def test_a_worker_killed_while_it_reads_costs_a_moment(plant, visitor):
    name, data = new_letter(SLOW_PAGES)
    assert visitor.upload({name: data})[0] == 200
    plant.await_status(name, "reading")
    plant.kill("worker")
    plant.start_worker()
    plant.await_status(name, "parsed")
    assert cases_of(plant, name) == 1
    history = "SELECT kind FROM cases_documentevent JOIN cases_document d ON d.id = document_id"
    assert plant.rows(f"{history} WHERE d.name = ? ORDER BY 1", name) == [
        ("broke_off",),
        ("read",),
    ]


def test_what_waits_while_no_worker_lives_is_read_by_the_next(plant, visitor):
    plant.kill("worker")
    letters = dict(new_letter() for _ in range(5))
    visitor.upload(letters)
    assert {plant.status(name) for name in letters} <= {"received", "queued"}
    plant.start_worker()
    for name in letters:
        plant.await_status(name, "parsed")
        assert cases_of(plant, name) == 1


def test_a_broker_that_is_down_delays_and_loses_nothing(plant, visitor):
    plant.kill("broker")
    name, data = new_letter()
    status, page = visitor.upload({name: data})
    assert status == 200
    assert name in page
    assert plant.status(name) == "received"
    plant.start_broker()
    plant.await_status(name, "parsed")


def test_a_broker_that_dies_while_a_letter_is_read_takes_no_worker_along(plant, visitor):
    (slow, long_letter), (quick, short_letter) = new_letter(SLOW_PAGES), new_letter()
    visitor.upload({slow: long_letter})
    plant.await_status(slow, "reading")
    plant.kill("broker")
    plant.await_status(slow, "parsed")
    plant.start_broker()
    visitor.upload({quick: short_letter})
    plant.await_status(quick, "parsed")
    assert plant.parts["worker"].poll() is None


def test_hints_that_died_with_the_broker_are_given_anew(plant, visitor):
    plant.kill("worker")
    name, data = new_letter()
    visitor.upload({name: data})
    plant.kill("broker")  # it keeps nothing on disk: the hint is gone
    # A lost hint is told by an empty queue and some seconds of age; here it ages at once.
    queued = "UPDATE cases_document SET status = 'queued', queued_at = '2014-01-01'"
    plant.rows(f"{queued} WHERE name = ?", name)
    plant.start_broker()
    plant.start_worker()
    plant.await_status(name, "parsed")


def test_a_web_server_killed_right_after_its_answer_has_kept_its_word(plant, visitor):
    name, data = new_letter()
    assert visitor.upload({name: data})[0] == 200
    plant.kill("web")
    plant.await_status(name, "parsed")
    plant.start_web()


def test_the_same_bytes_at_once_are_one_document(plant):
    name, data = new_letter()
    visitors = [plant.sign_in() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.upload({name: data})[0], visitors))
    assert answers == [200] * 4
    plant.await_status(name, "parsed")
    assert plant.rows("SELECT count(*) FROM cases_document WHERE name = ?", name) == [(1,)]
    assert cases_of(plant, name) == 1


def test_a_task_delivered_many_times_at_once_reads_once(plant, visitor):
    plant.kill("worker")
    name, data = new_letter()
    visitor.upload({name: data})
    ((pk,),) = plant.rows("SELECT id FROM cases_document WHERE name = ?", name)
    send = "from cases.tasks import parse_document as p\nfor _ in range(8): p.delay(%d)"
    plant.manage("shell", "--command", send % pk)
    plant.start_worker()
    plant.await_status(name, "parsed")
    assert plant.rows("SELECT attempts FROM cases_document WHERE id = ?", pk) == [(1,)]
    assert cases_of(plant, name) == 1


@pytest.mark.parametrize("jump", ["-6 hours", "+6 hours"])
def test_a_clock_that_jumps_makes_no_document_unreadable_and_no_case_twice(plant, visitor, jump):
    """To the clock's eyes, the lease of a document that is being read jumps the other way."""
    name, data = new_letter(SLOW_PAGES)
    visitor.upload({name: data})
    plant.await_status(name, "reading")
    plant.rows(
        "UPDATE cases_document SET lease_until = datetime(lease_until, ?),"
        " queued_at = datetime(queued_at, ?), received_at = datetime(received_at, ?)"
        " WHERE name = ?",
        jump,
        jump,
        jump,
        name,
    )
    plant.kill("worker")
    plant.start_worker()
    plant.await_status(name, "parsed")
    assert cases_of(plant, name) == 1


def test_a_locked_database_is_waited_for(plant, visitor):
    name, data = new_letter()
    with closing(plant.connect()) as connection, ThreadPoolExecutor(1) as pool:
        connection.execute("BEGIN IMMEDIATE")
        answer = pool.submit(visitor.upload, {name: data})
        with pytest.raises(TimeoutError):
            answer.result(1.5)
        connection.execute("COMMIT")
        assert answer.result()[0] == 200
    plant.await_status(name, "parsed")


def test_a_database_that_stays_locked_is_answered_as_such(plant, visitor):
    with closing(plant.connect()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        status, page = visitor.post("/password/", old_password="a secret", new_password1="b")
        ready = plant.get_json("/readyz")
        connection.execute("ROLLBACK")
    assert status == 503
    assert "The database is locked" in page
    assert "a secret" not in page
    assert ready["database"] == "locked by another program"
    wait_until(lambda: plant.get_json("/readyz").get("ready"), 20)


@pytest.fixture
def disk(plant):
    """A disk of two megabytes where the documents lie."""
    media = plant.folder / "media"
    media.mkdir(exist_ok=True)
    with small_disk(media, 2) as is_small:
        if not is_small:
            pytest.skip("this user may not mount a small disk")
        yield media


def test_a_full_disk_is_told_by_file_and_what_fits_goes_on(plant, visitor, disk):
    big = b"%PDF-1.4 " + b"x" * (3 << 20)
    name, data = new_letter()
    status, page = visitor.upload({"big.pdf": big, name: data})
    assert status == 503
    assert "the disk is full" in page
    plant.await_status(name, "parsed")
    assert list((disk / "incoming").iterdir()) == []


def test_a_read_only_folder_is_told_and_nothing_is_acknowledged(plant, visitor, disk):
    mount("-o", "remount,ro", disk)
    name, data = new_letter()
    status, page = visitor.upload({name: data})
    mount("-o", "remount,rw", disk)
    assert status == 503
    assert "can&#x27;t be written to" in page
    assert plant.status(name) == ""
    assert visitor.upload({name: data})[0] == 200
    plant.await_status(name, "parsed")

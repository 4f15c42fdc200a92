"""Web server, broker, database, store of files and workers on hosts of their own, whose cables are
pulled: nothing is lost, nothing doubled, and whoever uploads learns how it went."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from itertools import count

import pytest

from tests.conftest import LETTERS, require
from tests.faults import network
from tests.faults.hosts import HOSTS, Hosts
from tests.faults.letters import number, small_letter
from tests.faults.network import Network
from tests.faults.plant import Visitor
from tests.postgres import programs

numbers = count(1)
SLOW_PAGES = 100  # some seconds of reading


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    lack = network.lack()
    require(not lack, lack)
    require(programs(), "PostgreSQL (Debian package postgresql)")
    folder = tmp_path_factory.mktemp("hosts")
    with Network(*HOSTS) as joined, Hosts(folder, joined, programs()) as started:
        yield started


@pytest.fixture(scope="module")
def visitor(hosts: Hosts) -> Visitor:
    return hosts.visit()


@pytest.fixture(scope="module")
def accepted() -> dict[str, bytes]:
    """All letters whose upload was answered with success, by name."""
    return {}


def new_letter(pages: int = 1) -> tuple[str, bytes]:
    n = next(numbers)
    return f"{number(n)}.pdf", small_letter(n, pages=pages)


def each_is_read_once(hosts: Hosts, letters: dict[str, bytes]) -> None:
    hosts.holds(
        "SELECT 1 FROM cases_document WHERE name = ANY(%s) AND status = 'parsed'"
        " HAVING count(*) = %s",
        list(letters),
        len(letters),
    )
    assert hosts.rows(
        "SELECT name FROM cases_document d WHERE 1 <> (SELECT count(*) FROM cases_documentevent"
        " WHERE document_id = d.id AND kind = 'read') AND name = ANY(%s)",
        list(letters),
    ) == []  # fmt: skip


def test_letters_of_a_worker_that_is_cut_off_are_read_by_another(hosts, visitor, accepted):
    letters = dict(new_letter(SLOW_PAGES) for _ in range(8))
    letters |= {path.name: path.read_bytes() for path in LETTERS.glob("facsimile-*.pdf")}
    for name, data in letters.items():
        assert hosts.upload(visitor, name, data)[0] == 200
    accepted |= letters
    hosts.holds("SELECT 1 FROM cases_document WHERE status = 'reading'")
    hosts.network.cut("two")
    hosts.start_worker("one")
    hosts.holds(
        "SELECT 1 FROM cases_documentevent lost JOIN cases_documentevent red USING (document_id)"
        " WHERE lost.kind = 'broke_off' AND red.kind = 'read'"
    )
    hosts.network.mend("two")
    each_is_read_once(hosts, letters)


def test_uploads_while_the_broker_is_cut_off_are_kept_and_read(hosts, visitor, accepted):
    letters = dict(new_letter() for _ in range(6))
    pulling = hosts.in_background.submit(hosts.cut, "broker", 6)
    time.sleep(0.2)
    for name, data in letters.items():
        assert hosts.upload(visitor, name, data)[0] == 200
    pulling.result()
    accepted |= letters
    each_is_read_once(hosts, letters)


def test_uploads_while_the_database_is_cut_off_get_a_true_answer(hosts, visitor, accepted):
    letters = dict(new_letter(SLOW_PAGES // 5) for _ in range(8))
    first, later = list(letters)[:4], list(letters)[4:]
    for name in first:
        assert hosts.upload(visitor, name, letters[name])[0] == 200
    hosts.network.cut("database")
    uploads = [
        hosts.in_background.submit(hosts.upload, visitor, name, letters[name]) for name in later
    ]
    for upload in uploads:
        status, page = upload.result(timeout=60)
        assert status == 503
        assert "The database does not answer" in page
    hosts.network.mend("database")
    for name in later:
        assert hosts.upload(visitor, name, letters[name])[0] == 200
    accepted |= letters
    each_is_read_once(hosts, letters)


HOLD = """
import time
from django.db import transaction
from cases.models import Document
with transaction.atomic():
    Document.objects.select_for_update().order_by("pk").first()
    time.sleep(600)
"""


def test_what_a_host_held_that_is_cut_off_is_free_within_a_minute(hosts, visitor, accepted):
    """Else the database waits for it for two hours, and others for what it held."""
    hosts.run("two", sys.executable, "manage.py", "shell", "--command", HOLD, name="holder")
    hosts.holds(
        "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'"
        " AND position('FOR UPDATE' IN query) > 0"
    )
    first = "SELECT 1 FROM cases_document WHERE id = (SELECT min(id) FROM cases_document)"
    assert hosts.rows(f"{first} FOR UPDATE SKIP LOCKED") == []
    hosts.network.cut("two")
    hosts.holds(f"{first} FOR UPDATE SKIP LOCKED", seconds=60)
    hosts.network.mend("two")


def test_nothing_is_lost_or_doubled_and_pages_work_again(hosts, visitor, accepted):
    for name in (letters := dict(new_letter() for _ in range(8))):
        assert hosts.upload(visitor, name, letters[name])[0] == 200
    accepted |= letters
    each_is_read_once(hosts, accepted)
    assert hosts.rows("SELECT count(*) FROM cases_document") == [(len(accepted),)]
    digests = sorted(hashlib.sha256(data).hexdigest() for data in accepted.values())
    kept = [f"documents/{one[:2]}/{one[2:4]}/{one}.pdf" for one in digests]
    assert sorted(hosts.stored()) == kept
    numbers_read = hosts.rows("SELECT case_number FROM cases_case")
    assert len(numbers_read) == len(set(numbers_read)) == len(accepted)
    assert "nothing" in hosts.manage("check_data").lower()
    assert hosts.get(visitor, "/cases/")[0] == 200
    for (pk,) in hosts.rows("SELECT id FROM cases_document LIMIT 3"):
        assert hosts.get(visitor, f"/documents/{pk}/file")[1].startswith(b"%PDF")

"""The file from which a process starts: as the index was, or not at all."""

from __future__ import annotations

import logging
import os
import shutil
import stat
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.data_checks.index import differences
from cases.index import snapshot
from cases.index.changes import set_database_identity
from cases.index.current import IndexKeeper, file_lock, snapshot_path
from cases.index.rows import CASE, new_spaces
from cases.index.snapshot import SnapshotState, load_snapshot, save_snapshot
from cases.index.space import Space
from cases.search.language import Fact
from tests.cases.index.conftest import Database, Process
from tests.cases.index.made_cases import correct, new_case
from tests.cases.index.small_databases import databases

STATE = SnapshotState(5, 77)
OVERTURNED = Fact("decision", "overturned")


def loaded(path: Path) -> tuple[SnapshotState | None, dict[str, Space]]:
    spaces = new_spaces()
    return load_snapshot(path, spaces), spaces


@given(database=databases())
def test_what_is_saved_is_loaded_as_it_was(tmp_path_factory, database):
    path = tmp_path_factory.mktemp("saved") / "snapshot"
    save_snapshot(path, STATE, database.index.spaces)
    state, spaces = loaded(path)
    assert state == STATE
    for name, space in database.index.spaces.items():
        assert [*differences(spaces[name], space)] == []
        assert spaces[name].columns.keys() == space.columns.keys()


def test_what_is_loaded_can_be_changed(saved):
    _, spaces = loaded(saved)
    space = spaces[CASE]
    space.remove(space.keys.copy())
    assert not space.keys
    assert not any(space.between(column, None, None) for column in space.columns)


@pytest.fixture
def saved(process, few_are_many) -> Path:
    """Of three cases."""
    with process:
        for _ in range(3):
            new_case()
    with process.look():
        pass
    return snapshot_path()


def test_it_is_for_nobody_elses_eyes(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_nothing_lies_beside_it(saved):
    assert sorted(path.name for path in saved.parent.iterdir()) == ["lock", "snapshot"]


def test_cut_off_at_any_byte_it_is_not_taken(saved):
    whole = saved.read_bytes()
    for length in [*range(0, len(whole), 97), len(whole) - 1]:
        saved.write_bytes(whole[:length])
        assert loaded(saved)[0] is None, length


def test_with_any_byte_changed_it_is_not_taken(saved):
    whole = saved.read_bytes()
    for place in [*range(200), *range(200, len(whole), 97)]:
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert loaded(saved)[0] is None, place


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"null\n",
        b"[1]\n",
        b"{}\n",
        b"[" * 99_999,
        bytes(range(256)),
        b'{"version": 1}\n',
    ],
)
def test_garbage_is_not_taken(tmp_path, content):
    path = tmp_path / "snapshot"
    path.write_bytes(content)
    assert loaded(path)[0] is None


@given(content=st.binary(max_size=300))
def test_nor_is_any_garbage(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("garbage") / "snapshot"
    path.write_bytes(content)
    assert loaded(path)[0] is None


def test_a_file_of_another_version_is_not_taken(saved, monkeypatch):
    assert loaded(saved)[0]
    monkeypatch.setattr(snapshot, "VERSION", snapshot.VERSION + 1)
    assert loaded(saved)[0] is None


def test_where_there_is_none_or_a_folder_none_is_taken(tmp_path):
    assert loaded(tmp_path / "none")[0] is None
    assert loaded(tmp_path)[0] is None


# How a process starts


def cases_of(process: Process, asked=None) -> set[int]:
    with process.look() as index:
        return set(index.matches(asked, CASE) if asked else index.spaces[CASE].keys)


@pytest.fixture
def no_reading(monkeypatch) -> None:
    def read_all(self) -> None:
        raise AssertionError("all rows were read")

    monkeypatch.setattr(IndexKeeper, "read_all", read_all)


def test_the_next_process_starts_from_the_file(saved, other, no_reading):
    assert len(cases_of(other)) == 3


def test_what_changed_since_the_file_was_written_is_seen(saved, process, other, monkeypatch):
    with process, transaction.atomic():
        case = new_case(decision="overturned")
    with monkeypatch.context() as patch:
        patch.setattr(IndexKeeper, "read_all", None)
        assert cases_of(other, OVERTURNED) == {case.pk}
    assert other.faults() == []


@pytest.mark.parametrize("damage", ["cut", "garbage", "folder"])
def test_a_damaged_file_is_made_anew(saved, other, damage):
    if damage == "cut":
        saved.write_bytes(saved.read_bytes()[:-9])
    elif damage == "garbage":
        saved.write_bytes(b"\x00" * 999)
    else:
        saved.unlink()
        saved.mkdir()
    assert len(cases_of(other)) == 3
    assert other.faults() == []
    assert (loaded(saved)[0] is None) == (damage == "folder")


def test_a_file_of_another_database_is_not_taken(saved, other):
    with other:
        set_database_identity(anew=True)
        case = new_case()
        case.delete()
    assert len(cases_of(other)) == 3
    assert other.faults() == []
    assert loaded(saved)[0].identity == other.keeper.state.identity


def test_a_database_put_in_place_of_another_is_read_anew(sqlite, few_are_many, tmp_path):
    process, elsewhere = sqlite.process(), moved_copy(sqlite, tmp_path)
    with process:
        new_case(), new_case()
    with elsewhere:
        set_database_identity(anew=True)
        there = [new_case(decision="overturned").pk for _ in range(5)]
    assert len(cases_of(process)) == 2
    process.connection = elsewhere.connection
    assert cases_of(process) == cases_of(process, OVERTURNED) == set(there)
    assert process.faults() == []


def moved_copy(database: Database, folder: Path) -> Process:
    """A process on a copy of the database as it is now."""
    path = folder / "copy.sqlite3"
    with database.process() as source:
        source.connection.ensure_connection()
        source.connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database.path, path)
    copy = Database(f"sqlite:///{path}", database.opened)
    return copy.process()


def test_an_older_copy_of_the_same_database_is_read_anew(sqlite, few_are_many, tmp_path):
    process = sqlite.process()
    with process:
        case, _ = new_case(decision="upheld"), new_case()
    older = moved_copy(sqlite, tmp_path)
    with process:
        correct(case, decision="overturned")
        new_case()
    assert len(cases_of(process)) == 3
    process.connection = older.connection
    assert len(cases_of(process)) == 2
    assert cases_of(process, OVERTURNED) == set()
    assert process.faults() == []


def test_a_file_that_is_ahead_of_an_older_copy_is_not_taken(sqlite, few_are_many, tmp_path):
    process = sqlite.process()
    with process:
        new_case()
    older = moved_copy(sqlite, tmp_path)
    with process:
        new_case(), new_case()
    assert len(cases_of(process)) == 3
    assert loaded(snapshot_path())[0]
    assert len(cases_of(older)) == 1
    assert older.faults() == []


def test_of_two_processes_that_start_at_once_one_reads_the_rows(
    database, process, few_are_many, monkeypatch
):
    with process:
        for _ in range(3):
            new_case()
    reads, gate, results = [], Barrier(4), []
    read_all = IndexKeeper.read_all
    monkeypatch.setattr(IndexKeeper, "read_all", lambda self: (reads.append(1), read_all(self)))

    def start() -> None:
        starting = database.process()
        gate.wait()
        results.append(len(cases_of(starting)))
        starting.connection.close()

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == [3] * 4
    assert len(reads) == 1


def test_a_process_waits_for_one_that_reads_and_then_finds_its_file(database, process):
    with process:
        new_case()
    found = []

    def start() -> None:
        starting = database.process()
        found.append(cases_of(starting))
        starting.connection.close()

    with file_lock():
        thread = Thread(target=start)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(30)
    assert len(found) == 1


# A disk that takes nothing


def test_a_full_disk_costs_a_warning_and_no_page(process, few_are_many, monkeypatch, caplog):
    with process:
        for _ in range(3):
            new_case()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", refuse)
    with caplog.at_level(logging.WARNING):
        assert len(cases_of(process)) == 3
    assert "No space left on device" in caplog.text
    assert not snapshot_path().exists()
    assert process.faults() == []


def test_a_write_that_breaks_off_leaves_the_file_that_was_there(saved, process, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setattr(Path, "replace", broken)
    with process, transaction.atomic():
        for _ in range(3):
            new_case()
    assert len(cases_of(process)) == 6
    assert saved.read_bytes() == before
    assert sorted(path.name for path in saved.parent.iterdir()) == ["lock", "snapshot"]


def broken(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_without_a_folder_to_write_to_pages_are_answered(process, own_var_dir, caplog):
    (own_var_dir / "index").write_text("a file where the folder should be")
    with process:
        new_case()
    with caplog.at_level(logging.WARNING):
        assert len(cases_of(process)) == 1
    assert "index was not saved" in caplog.text


def test_nothing_is_saved_of_what_is_not_committed(process, few_are_many):
    with process:
        case, _ = new_case(decision="upheld"), new_case()
    with process, transaction.atomic():
        correct(case, decision="overturned")
        new_case(), new_case()
        assert len(cases_of(process)) == 4
        transaction.set_rollback(True)
    assert not snapshot_path().exists()
    assert len(cases_of(process)) == 2
    _, spaces = loaded(snapshot_path())
    assert not spaces[CASE].holding("decision", "overturned")

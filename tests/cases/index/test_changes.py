"""What the database says has changed since a process last looked."""

from __future__ import annotations

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.index.changes import (
    BATCH,
    Changes,
    changes_since,
    record_changes,
    set_database_identity,
    settle_changes,
)
from cases.models import CaseChange
from tests.cases.index.conftest import Process


def looked(process: Process, horizon: int = 0) -> Changes:
    with process:
        return changes_since(horizon)


def changed(process: Process, *cases: int) -> None:
    with process:
        record_changes(cases)


def test_a_change_is_told_of_until_the_look_is_past_it(process, other):
    before = looked(process)
    assert before.numbers == {}
    changed(other, 7, 3)
    after = looked(process, before.horizon)
    assert after.numbers.keys() == {3, 7}
    assert after.horizon > before.horizon
    assert looked(process, after.horizon).numbers == {}
    assert looked(process, before.horizon) == after


def test_a_case_that_changes_again_has_another_number(process):
    changed(process, 7)
    first = looked(process)
    changed(process, 7)
    second = looked(process, first.horizon)
    assert second.numbers.keys() == {7}
    assert second.numbers[7] > first.numbers[7]


def test_changes_count_from_one_up_in_a_new_database(process):
    """So that a process which knows nothing is behind every file."""
    assert looked(process).horizon > 0
    changed(process, 7)
    assert looked(process).numbers[7] > 0


def test_more_changes_than_one_statement_takes_are_all_recorded(process):
    cases = range(1, 2 * BATCH + 2)
    changed(process, *cases, *cases)
    assert looked(process).numbers.keys() == set(cases)


def test_recording_nothing_is_no_change(process):
    before = looked(process)
    changed(process)
    assert looked(process).numbers == before.numbers


def test_only_the_one_who_makes_a_change_is_told_before_it_is_committed(process, other):
    start = looked(process).horizon
    with other, transaction.atomic():
        changed(other, 7)
        assert looked(other, start).numbers.keys() == {7}
        assert looked(process, start).numbers == {}
    assert looked(process, start).numbers.keys() == {7}


def test_the_horizon_stays_before_a_transaction_that_is_under_way(postgresql):
    process, early, late = (postgresql.process() for _ in range(3))
    start = looked(process).horizon
    with early, transaction.atomic():
        changed(early, 7)
        changed(late, 8)
        between = looked(process, start)
        assert between.numbers.keys() == {8}
    assert looked(process, between.horizon).numbers.keys() == {7, 8}


def test_a_transaction_is_told_which_number_its_own_changes_have(postgresql):
    process = postgresql.process()
    with process, transaction.atomic():
        assert looked(process).own is None
        changed(process, 7)
        now = looked(process)
        assert now.numbers == {7: now.own}
        assert now.told_apart == {}
    assert looked(process).told_apart == now.numbers


def test_every_database_has_an_identity_and_keeps_it(process):
    with process:
        set_database_identity()
    first = looked(process).identity
    assert first != 0
    with process:
        set_database_identity()
    assert looked(process).identity == first
    with process:
        set_database_identity(anew=True)
    assert looked(process).identity not in (0, first)


def test_the_identity_is_no_change(process):
    with process:
        set_database_identity(anew=True)
    assert looked(process).numbers == {}


def test_numbers_that_are_still_to_come_are_settled(postgresql):
    process = postgresql.process()
    with process:
        CaseChange.objects.create(case_id=7, number=2**40)
        assert changes_since(0).numbers == {7: 2**40}
        settle_changes()
        now = changes_since(0)
    assert now.numbers[7] < now.horizon
    changed(process, 7)
    assert looked(process, now.horizon).numbers.keys() == {7}


@given(st.dictionaries(st.integers(1, 99), st.integers(1, 99)), st.none() | st.integers(1, 99))
def test_numbers_of_others_are_told_apart(numbers, own):
    known = Changes(1, 5, numbers, own).told_apart
    assert known == {case: number for case, number in numbers.items() if number != own}


def test_a_change_that_is_taken_back_is_told_to_nobody(process, other):
    start = looked(process).horizon
    with process, transaction.atomic():
        changed(process, 7)
        transaction.set_rollback(True)
    assert looked(process, start).numbers == looked(other, start).numbers == {}

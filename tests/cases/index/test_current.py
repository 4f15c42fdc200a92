"""What a process answers is what the database says at that moment, whoever changed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from cases.corrections.refresh import refresh_case
from cases.index.current import IndexKeeper
from cases.index.rows import CASE, CITATION, ISSUE
from cases.models import Citation, Issue
from cases.search.language import EVERYTHING, Fact, Words
from tests.cases.index.conftest import Process
from tests.cases.index.made_cases import add_issue, cite, correct, new_case

UPHELD, OVERTURNED = Fact("decision", "upheld"), Fact("decision", "overturned")


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found(process: Process, asked=EVERYTHING, space=CASE) -> set[int]:
    with process.look() as index:
        return set(index.matches(asked, space))


def test_a_case_that_another_process_made_is_found_at_the_next_look(process, other):
    assert found(process) == set()
    with other:
        case = new_case()
    assert found(process) == {case.pk}
    assert process.faults() == []


def test_a_correction_by_another_process_is_seen_at_the_next_look(process, other):
    with process:
        case = new_case(decision="upheld")
    assert found(process, UPHELD) == {case.pk}
    with other:
        correct(case, decision="overturned")
    assert found(process, UPHELD) == set()
    assert found(process, OVERTURNED) == {case.pk}
    assert process.faults() == other.faults() == []


def test_what_is_not_committed_yet_is_seen_only_where_it_is_made(database, process, other):
    with process:
        case = new_case(decision="upheld")
    assert found(process, UPHELD) == {case.pk}
    with other, transaction.atomic():
        correct(case, decision="overturned")
        assert found(other, OVERTURNED) == {case.pk}
        assert found(process, UPHELD) == {case.pk}
        assert found(other, OVERTURNED) == {case.pk}
    assert found(process, OVERTURNED) == found(other, OVERTURNED) == {case.pk}
    assert process.faults() == other.faults() == []


def test_a_transaction_that_commits_late_is_seen_though_a_later_one_was_before(postgresql):
    process, early, late = (postgresql.process() for _ in range(3))
    with process:
        first, second = new_case(), new_case()
    with early, transaction.atomic():
        correct(first, decision="overturned")
        with late:
            correct(second, decision="overturned")
        assert found(process, OVERTURNED) == {second.pk}
        with late:
            third = new_case(decision="overturned")
        assert found(process, OVERTURNED) == {second.pk, third.pk}
    assert found(process, OVERTURNED) == {first.pk, second.pk, third.pk}
    assert process.faults() == []


def test_an_earlier_transaction_that_changes_the_same_case_last_is_seen(postgresql):
    """The case's change then has a lower number than it had."""
    process, early, late = (postgresql.process() for _ in range(3))
    with process:
        case, any_other = new_case(), new_case()
    with early, transaction.atomic():
        correct(any_other, decision="overturned")
        with late:
            correct(case, decision="overturned")
        assert found(process, OVERTURNED) == {case.pk}
        correct(case, decision="partially_overturned")
    assert found(process, OVERTURNED) == {any_other.pk}
    assert found(process, Fact("decision", "partially_overturned")) == {case.pk}
    assert process.faults() == []


@pytest.mark.parametrize("looks_inside", [True, False])
def test_what_is_taken_back_leaves_no_trace(process, other, looks_inside):
    with process:
        case = new_case(decision="upheld")
    assert found(process) == {case.pk}
    with process, taken_back():
        correct(case, decision="overturned")
        new_case()
        if looks_inside:
            assert found(process, OVERTURNED) == {case.pk}
            assert len(found(process)) == 2
    assert found(process, UPHELD) == found(process) == {case.pk}
    with other:
        correct(case, decision="overturned")
    assert found(process, OVERTURNED) == {case.pk}
    assert process.faults() == other.faults() == []


def test_a_first_look_inside_of_what_is_taken_back_leaves_no_trace(process):
    with process:
        case = new_case(decision="upheld")
    with process, taken_back():
        correct(case, decision="overturned")
        assert found(process, OVERTURNED) == {case.pk}
    assert found(process, UPHELD) == {case.pk}
    assert process.faults() == []


def test_changes_of_one_transaction_are_seen_one_after_another(process):
    with process:
        case = new_case(decision="upheld")
    assert found(process, UPHELD) == {case.pk}
    with process, transaction.atomic():
        for decision in ("overturned", "upheld", "partially_overturned", "overturned"):
            correct(case, decision=decision)
            assert found(process, Fact("decision", decision)) == {case.pk}
    assert found(process, OVERTURNED) == {case.pk}
    assert process.faults() == []


def test_a_savepoint_that_is_taken_back_takes_only_its_own_changes_with_it(process):
    with process:
        first, second = new_case(decision="upheld"), new_case(decision="upheld")
    assert found(process, UPHELD) == {first.pk, second.pk}
    with process, transaction.atomic():
        correct(first, decision="overturned")
        assert found(process, OVERTURNED) == {first.pk}
        with taken_back():
            correct(first, decision="partially_overturned")
            correct(second, decision="overturned")
            assert found(process, OVERTURNED) == {second.pk}
        assert found(process, OVERTURNED) == {first.pk}
        with transaction.atomic():
            correct(second, decision="overturned")
        assert found(process, OVERTURNED) == {first.pk, second.pk}
    assert found(process, OVERTURNED) == {first.pk, second.pk}
    assert process.faults() == []


def test_the_same_change_made_again_after_it_was_taken_back_is_seen(process):
    """Its number may be the same as before."""
    with process:
        case = new_case(decision="upheld")
    assert found(process, UPHELD) == {case.pk}
    for decision in ("overturned", "partially_overturned"):
        with process, taken_back():
            correct(case, decision=decision)
            assert found(process, Fact("decision", decision)) == {case.pk}
    with process:
        correct(case, decision="overturned")
    assert found(process, OVERTURNED) == {case.pk}


def test_two_connections_of_one_process_share_an_index(database, process, other):
    """As the threads of a server do: what one has not committed, the other is not shown."""
    other.keeper = process.keeper
    with process:
        case = new_case(decision="upheld")
    with process, transaction.atomic():
        correct(case, decision="overturned")
        for _ in range(2):
            assert found(process, OVERTURNED) == {case.pk}
            assert found(other, UPHELD) == {case.pk}
    assert found(other, OVERTURNED) == {case.pk}
    assert other.faults() == []


def test_two_transactions_at_once_in_one_process_see_each_their_own(postgresql):
    process, other = postgresql.process(), postgresql.process()
    other.keeper = process.keeper
    with process:
        first, second = new_case(), new_case()
    with process, transaction.atomic(), other, transaction.atomic(), process:
        correct(first, decision="overturned")
        for _ in range(2):
            assert found(process, OVERTURNED) == {first.pk}
            assert found(other, OVERTURNED) == set()
        with other:
            correct(second, decision="overturned")
        for _ in range(2):
            assert found(other, OVERTURNED) == {second.pk}
            assert found(process, OVERTURNED) == {first.pk}
    assert found(process, OVERTURNED) == {first.pk, second.pk}
    assert process.faults() == []


def test_a_deleted_case_is_gone_with_all_that_was_its(process, other):
    with process:
        kept, case = new_case(), new_case()
    assert len(found(process, space=CITATION)) == 2
    with other:
        case.delete()
    assert found(process) == {kept.pk}
    assert len(found(process, space=ISSUE)) == len(found(process, space=CITATION)) == 1
    assert found(process, Words(("request",), ("mri",))) == {kept.pk}
    assert process.faults() == []


def test_a_deleted_issue_and_a_deleted_citation_are_gone(process, other):
    with process, transaction.atomic():
        case = new_case()
        issue = add_issue(case, 2, "Norco", "No.", "overturned")
        cite(issue, "maximus", 1, "Opioids")
        refresh_case(case)
    opioids = Fact("guideline", "Opioids")
    assert found(process, opioids, ISSUE) == {issue.pk}
    with other, transaction.atomic():
        Citation.objects.get(guideline="Opioids").delete()
        refresh_case(case)
    assert found(process, opioids) == found(process, opioids, CITATION) == set()
    assert len(found(process, OVERTURNED, ISSUE)) == 1
    with other, transaction.atomic():
        Issue.objects.get(pk=issue.pk).delete()
        refresh_case(case)
    assert found(process, OVERTURNED, ISSUE) == set()
    assert found(process, Words(("request",), ("norco",))) == set()
    assert process.faults() == []


def test_many_changes_at_once_are_all_read(few_are_many, process, other):
    with process:
        cases = [new_case() for _ in range(7)]
    assert len(found(process)) == 7
    with other, transaction.atomic():
        for case in cases:
            correct(case, decision="overturned")
        new_case()
    assert found(process, OVERTURNED) == {case.pk for case in cases}
    assert len(found(process)) == 8
    assert process.faults() == []


def test_a_first_look_inside_a_transaction_is_followed_by_its_later_changes(process):
    with process:
        case = new_case(decision="upheld")
    with process, transaction.atomic():
        for decision in ("overturned", "partially_overturned"):
            correct(case, decision=decision)
            assert found(process, Fact("decision", decision)) == {case.pk}
    assert process.faults() == []


class Broken(Exception):
    """A connection that was lost, a query that took too long."""


def break_after_reading(monkeypatch) -> None:
    renew = IndexKeeper.renew

    def break_off(self: IndexKeeper, cases: list[int]) -> None:
        renew(self, cases)
        raise Broken

    monkeypatch.setattr(IndexKeeper, "renew", break_off)


def test_a_look_that_fails_inside_a_transaction_leaves_nothing_wrong(process, monkeypatch):
    with process:
        case = new_case(decision="upheld")
    assert found(process, UPHELD) == {case.pk}
    with process, taken_back():
        correct(case, decision="overturned")
        with monkeypatch.context() as patch:
            break_after_reading(patch)
            with pytest.raises(Broken):
                found(process)
    assert found(process, UPHELD) == {case.pk}
    assert process.faults() == []


def test_a_look_that_fails_after_a_transaction_leaves_nothing_wrong(process, monkeypatch):
    with process:
        case = new_case(decision="upheld")
    with process, taken_back():
        assert found(process) == {case.pk}
        correct(case, decision="overturned")
        assert found(process, OVERTURNED) == {case.pk}
    assert found(process, UPHELD) == {case.pk}
    with process, taken_back():
        correct(case, decision="overturned")
        assert found(process, OVERTURNED) == {case.pk}
    with monkeypatch.context() as patch:
        patch.setattr(IndexKeeper, "renew", refuse)
        with pytest.raises(Broken):
            found(process)
    assert found(process, UPHELD) == {case.pk}
    assert process.faults() == []


def refuse(*_: object) -> None:
    raise Broken


def test_questions_within_one_another_are_of_one_state(process, other):
    """Compare counts the issues that its filter finds: both in one state."""
    with process.look() as index:
        before = set(index.spaces[CASE].keys)
        with other:
            case = new_case()
        with process.look() as inner:
            assert set(inner.spaces[CASE].keys) == before
    assert found(process) == {*before, case.pk}

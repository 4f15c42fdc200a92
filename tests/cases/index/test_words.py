"""The rows of words that were searched for are kept, and follow every change."""

from __future__ import annotations

import pytest
from django.db import transaction

from cases.corrections.refresh import refresh_case
from cases.index import words
from cases.index.rows import CASE, ISSUE
from cases.index.texts import index_case
from cases.index.words import Phrase
from cases.models import Case, Issue
from cases.search.language import Words
from tests.cases.index.conftest import Process
from tests.cases.index.made_cases import add_issue, correct, new_case

LADDER = Words(("summary",), ("ladder",))


def in_rationale(*found: str, prefix: bool = False) -> Words:
    return Words(("rationale",), found, prefix)


def cases_with(process: Process, asked: Words) -> set[int]:
    with process.look() as index:
        return set(index.matches(asked, CASE))


def test_a_corrected_rationale_is_found_by_its_new_words_and_no_more_by_its_old(process, other):
    with process:
        case = new_case(rationale="Radiographs were normal.")
        same = new_case(rationale="Radiographs were lost.")
    assert cases_with(process, in_rationale("radiographs")) == {case.pk, same.pk}
    assert cases_with(process, in_rationale("tomography")) == set()
    with other:
        correct(case, rationale="Tomography was normal.")
    assert cases_with(process, in_rationale("radiographs")) == {same.pk}
    assert cases_with(process, in_rationale("tomography")) == {case.pk}
    assert process.faults() == []


def test_phrases_and_beginnings_of_words_follow_too(process, other):
    with process:
        case = new_case(rationale="Conservative care has failed.")
    phrase, beginning = in_rationale("conservative", "care"), in_rationale("conserv", prefix=True)
    assert cases_with(process, phrase) == cases_with(process, beginning) == {case.pk}
    with other:
        correct(case, rationale="Care that is conservative was not tried.")
    assert cases_with(process, phrase) == set()
    assert cases_with(process, beginning) == {case.pk}
    with other:
        correct(case, rationale="Nothing.")
    assert cases_with(process, beginning) == set()
    assert process.faults() == []


def test_a_new_case_is_found_by_words_that_were_searched_before(process, other):
    assert cases_with(process, LADDER) == set()
    with other:
        case = new_case()
    assert cases_with(process, LADDER) == {case.pk}
    with other:
        case.delete()
    assert cases_with(process, LADDER) == set()
    assert process.faults() == []


def test_an_issue_that_is_added_or_taken_away_is_found_or_not(process, other):
    with process:
        case = new_case(rationale="First.")
    assert cases_with(process, in_rationale("second")) == set()
    with other, transaction.atomic():
        issue = add_issue(case, 2, "Norco", "Second.", "upheld")
        refresh_case(case)
    assert cases_with(process, in_rationale("second")) == {case.pk}
    with other, transaction.atomic():
        Issue.objects.filter(pk=issue.pk).delete()
        refresh_case(case)
    assert cases_with(process, in_rationale("second")) == set()
    assert process.faults() == []


def test_words_of_a_change_that_is_taken_back_are_not_kept(process):
    with process:
        case = new_case(rationale="Radiographs were normal.")
    assert cases_with(process, in_rationale("radiographs")) == {case.pk}
    with process, transaction.atomic():
        correct(case, rationale="Tomography was normal.")
        assert cases_with(process, in_rationale("tomography")) == {case.pk}
        assert cases_with(process, in_rationale("radiographs")) == set()
        transaction.set_rollback(True)
    assert cases_with(process, in_rationale("tomography")) == set()
    assert cases_with(process, in_rationale("radiographs")) == {case.pk}
    assert process.faults() == []


def test_what_is_first_searched_inside_a_transaction_is_not_kept_if_it_is_taken_back(process):
    with process:
        case = new_case(rationale="Radiographs were normal.")
    with process, transaction.atomic():
        correct(case, rationale="Tomography was normal.")
        assert cases_with(process, in_rationale("tomography")) == {case.pk}
        transaction.set_rollback(True)
    assert cases_with(process, in_rationale("tomography")) == set()
    assert process.faults() == []


def test_a_case_that_is_indexed_again_as_it_was_is_found_as_it_was(process, other):
    with process:
        case = new_case()
    assert cases_with(process, LADDER) == {case.pk}
    with other:
        index_case(Case.objects.get(pk=case.pk))
    assert cases_with(process, LADDER) == {case.pk}


def test_a_summary_is_no_text_of_the_cases_issues(process):
    with process:
        new_case()
    with process.look() as index:
        assert not index.matches(LADDER, ISSUE)
        assert index.matches(Words(("reviewer",), ("neurology",)), ISSUE)


def test_only_as_many_sets_are_kept_as_were_asked_for_last(process, monkeypatch):
    monkeypatch.setattr(words, "MOST_KEPT", 2)
    first, second, third = (Phrase(ISSUE, "rationale", (one,)) for one in ("a", "b", "c"))
    with process.look() as index:
        for phrase in (first, second, first, third):
            index.rows_with(phrase)
        assert list(index.words.kept) == [first, third]


@pytest.mark.parametrize("word", ["l'échelle", "Ladder", "LADDER"])
def test_words_are_compared_without_case_and_accents(process, word):
    with process:
        case = new_case(rationale=f"He fell from {word}.")
    plain = in_rationale("echelle") if "é" in word else in_rationale("ladder")
    assert cases_with(process, plain) == {case.pk}


def test_an_issue_that_came_and_went_between_two_looks_is_not_kept(process, other):
    """The words are asked for later in a look than what changed, and may be newer."""
    with process:
        case = new_case(rationale="First.")
    with process.look() as index:
        with other, transaction.atomic():
            issue = add_issue(case, 2, "Norco", "Second.", "upheld")
            refresh_case(case)
        with process:
            index.matches(in_rationale("second"), CASE)
        with other, transaction.atomic():
            Issue.objects.filter(pk=issue.pk).delete()
            refresh_case(case)
    assert cases_with(process, in_rationale("second")) == set()
    assert process.faults() == []


def test_an_issue_that_came_during_a_look_is_found_by_the_next(process, other):
    with process:
        case = new_case(rationale="First.")
    with process.look() as index:
        with other, transaction.atomic():
            add_issue(case, 2, "Norco", "Second.", "upheld")
            refresh_case(case)
        with process:
            index.matches(in_rationale("second"), CASE)
    assert cases_with(process, in_rationale("second")) == {case.pk}
    assert process.faults() == []

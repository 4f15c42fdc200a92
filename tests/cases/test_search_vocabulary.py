"""The vocabulary holds every word of the texts, whoever wrote it."""

from __future__ import annotations

import pytest
from django.db import connection

from cases.models import SearchWord
from cases.search import vocabulary
from cases.search.vocabulary import known_words, record_words, unknown_words
from tests.vocabulary import forget_words


@pytest.fixture(autouse=True)
def database(either_database):
    assert connection.vendor == either_database
    forget_words()
    yield
    forget_words()


@pytest.fixture
def recorded(django_capture_on_commit_callbacks):
    """Records words and commits."""

    def record(*words: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            record_words(words)

    return record


def stored() -> list[str]:
    return sorted(SearchWord.objects.values_list("word", flat=True))


def test_words_are_stored_once_committed(recorded):
    recorded("lumbar", "epidural", "lumbar")
    recorded("lumbar", "steroid")
    assert stored() == ["epidural", "lumbar", "steroid"]


def test_nothing_is_written_before_the_commit(django_assert_num_queries):
    with django_assert_num_queries(0):
        record_words(["lumbar"])


def test_many_records_in_one_transaction_are_one_insert(
    django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    with (
        django_assert_max_num_queries(3),
        django_capture_on_commit_callbacks(execute=True),
    ):
        for word in ("lumbar", "cervical", "thoracic"):
            record_words([word])
    assert stored() == ["cervical", "lumbar", "thoracic"]


def test_words_already_stored_by_another_process_do_no_harm(recorded):
    SearchWord.objects.create(word="lumbar")
    recorded("lumbar", "epidural")
    assert stored() == ["epidural", "lumbar"]


def test_known_words_cost_nothing(recorded, django_assert_num_queries):
    recorded("lumbar", "epidural")
    with django_assert_num_queries(0):
        recorded("lumbar", "epidural")


def test_only_words_of_letters_are_kept(recorded):
    recorded("l4", "mri", "10325mg", "x" * 41, "y" * 40, "café", "cm14")
    assert stored() == ["café", "y" * 40]


def test_words_of_a_transaction_that_failed_are_stored_with_the_next(recorded):
    record_words(["lumbar"])  # never committed
    recorded("lumbar")
    assert stored() == ["lumbar"]


def test_a_failure_keeps_the_words_for_the_next_commit(recorded, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as failing:
        failing.setattr(SearchWord.objects, "bulk_create", fail)
        recorded("lumbar")
    recorded("epidural")
    assert stored() == ["epidural", "lumbar"]


def test_known_words_are_read_once_and_again_when_stale(recorded, monkeypatch):
    recorded("lumbar")
    assert known_words() == ("lumbar",)
    SearchWord.objects.create(word="epidural")
    assert known_words() == ("lumbar",)
    monkeypatch.setattr(vocabulary, "STALE_SECONDS", -1.0)
    assert known_words() == ("epidural", "lumbar")


def test_a_word_from_another_process_is_not_unknown(recorded):
    known_words()
    SearchWord.objects.create(word="lumbar")
    assert unknown_words(["lumbar", "lumbr", "l4", "mri", "lumbr"]) == ["lumbr"]

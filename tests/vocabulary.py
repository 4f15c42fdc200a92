"""The vocabulary that a process keeps, which outlives the database of one test."""

from __future__ import annotations

from cases.search.vocabulary import PENDING_WORDS, VOCABULARY


def forget_words() -> None:
    VOCABULARY.seen, VOCABULARY.reading = set(), None
    PENDING_WORDS.words.clear()

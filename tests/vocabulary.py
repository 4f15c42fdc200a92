"""The vocabulary that a process keeps, which outlives the database of one test."""

from __future__ import annotations

from cases.search.vocabulary import VOCABULARY, WAITING


def forget_words() -> None:
    VOCABULARY.seen, VOCABULARY.reading = set(), None
    WAITING.words.clear()

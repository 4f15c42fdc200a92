"""The words that occur in the texts that are searched: what a misspelt word may have meant.

Words are only ever added. A word whose last text was deleted stays; a suggestion is made only when
its search finds something (cases.search.suggestions), so such a word is not shown.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from cases.models import SearchWord

SHORTEST, LONGEST = 4, 40
STALE_SECONDS = 60.0
BATCH = 1000


@dataclass(frozen=True, slots=True)
class CachedWords:
    """The stored words, sorted, as this process read them last."""

    words: tuple[str, ...]
    read_at: float

    @property
    def stale(self) -> bool:
        return time.monotonic() - self.read_at > STALE_SECONDS


class PendingWords(threading.local):
    """Words of the thread's transaction, which are stored when it commits."""

    def __init__(self) -> None:
        self.words: set[str] = set()


class Vocabulary:
    """What this process knows to be stored. Replaced as a whole, so threads need no lock."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.reading: CachedWords | None = None


PENDING_WORDS = PendingWords()
VOCABULARY = Vocabulary()


def is_word(token: str) -> bool:
    return SHORTEST <= len(token) <= LONGEST and token.isalpha()


def record_words(words: Iterable[str]) -> None:
    """Stores words (as `tokens` gives them) that are not known yet, once the transaction commits.

    After the commit, because two writers of one word would wait for each other until then. An
    error is logged: it must not undo what was committed, and the words are stored with the next.
    """
    new = set(words) - VOCABULARY.seen
    PENDING_WORDS.words |= set(filter(is_word, new))
    if PENDING_WORDS.words:
        transaction.on_commit(store_pending_words, robust=True)


def store_pending_words() -> None:
    """In one order in every process, so that no two wait for each other in a circle."""
    words = sorted(PENDING_WORDS.words)
    if not words:
        return
    rows = [SearchWord(word=word) for word in words]
    SearchWord.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    VOCABULARY.seen.update(words)
    PENDING_WORDS.words.clear()


def known_words() -> tuple[str, ...]:
    """All stored words, sorted; what other processes added in the last minute may be missing."""
    reading = VOCABULARY.reading
    if reading is None or reading.stale:
        reading = read_words()
    return reading.words


def read_words() -> CachedWords:
    words = SearchWord.objects.order_by().values_list("word", flat=True)
    reading = CachedWords(tuple(sorted(words)), time.monotonic())
    VOCABULARY.seen = set(reading.words)
    VOCABULARY.reading = reading
    return reading


def unknown_words(tokens: Iterable[str]) -> list[str]:
    """The words among the tokens that no text holds, each once, in their order."""
    asked = list(dict.fromkeys(filter(is_word, tokens)))
    if not asked:
        return []
    stored = SearchWord.objects.filter(word__in=asked).values_list("word", flat=True)
    known = set(stored)
    return [word for word in asked if word not in known]

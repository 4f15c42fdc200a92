"""Close spellings: an unknown long word → the one known word that it is a slip of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 7  # letters; shorter words have too many neighbors
LOOSE = 11  # from this length on two slips are forgiven
LONGEST = 24


class CloseSpelling:
    """Known words by first letter and length."""

    def __init__(self, words: Iterable[str] = (), never: frozenset[str] = frozenset()) -> None:
        self.never = never
        self.known: dict[tuple[str, int], list[str]] = {}
        for word in words:
            if SHORTEST <= len(word) <= LONGEST and is_plain(word):
                self.known.setdefault((word[0], len(word)), []).append(word)

    def nearest(self, word: str) -> str | None:
        """The closest known word with the same first letter; None if none or several are."""
        if not SHORTEST <= len(word) <= LONGEST or not is_plain(word) or word in self.never:
            return None
        ranked = sorted((distance(word, one), one) for one in self.candidates(word))
        if not ranked or ranked[0][0] > min(slips(word), slips(ranked[0][1])):
            return None
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            return None
        return ranked[0][1]

    def candidates(self, word: str) -> list[str]:
        """Words of about the same length and the same letters: a slip changes two at most."""
        mask, most = letters(word), slips(word)
        return [
            one
            for length in range(len(word) - most, len(word) + most + 1)
            for one in self.known.get((word[0], length), ())
            if (mask ^ letters(one)).bit_count() <= 2 * most
        ]


def is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()


@lru_cache(maxsize=8192)
def letters(word: str) -> int:
    """The set of a word's letters, one bit each."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask


def slips(word: str) -> int:
    return 2 if len(word) >= LOOSE else 1


def distance(one: str, other: str) -> int:
    """Letters inserted, deleted, replaced or swapped with the next to turn one into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]

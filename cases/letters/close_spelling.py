"""Close spellings: an unknown long word → the one known word that it is a slip of."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 7  # letters; shorter words have too many neighbors
LOOSE = 11  # from this length on two slips are forgiven
LONGEST = 24


class CloseSpelling:
    """Known words by what is left of them when one letter (two of a long word) is deleted."""

    def __init__(self, words: Iterable[str] = (), never: frozenset[str] = frozenset()) -> None:
        self.never = never
        self.known: dict[str, set[str]] = {}
        for word in words:
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                for rest in rests(word, slips(word)):
                    self.known.setdefault(rest, set()).add(word)

    def nearest(self, word: str) -> str | None:
        """The closest known word with the same first letter; None if none or several are."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or word in self.never:
            return None
        near = {one for rest in rests(word, slips(word)) for one in self.known.get(rest, ())}
        ranked = sorted((distance(word, one), one) for one in near if one[0] == word[0])
        if not ranked or ranked[0][0] > min(slips(word), slips(ranked[0][1])):
            return None
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            return None
        return ranked[0][1]


def slips(word: str) -> int:
    return 2 if len(word) >= LOOSE else 1


def rests(word: str, deletions: int) -> set[str]:
    """The word and all that is left of it when up to `deletions` letters are deleted."""
    found = last = {word}
    for _ in range(deletions):
        last = {one[:at] + one[at + 1 :] for one in last for at in range(len(one))}
        found = found | last
    return found


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

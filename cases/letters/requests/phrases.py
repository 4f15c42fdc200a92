"""An index of phrases that finds all of them in a text in one pass, word by word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

from cases.letters.reading.close_spelling import CloseSpelling

WORD = re.compile(r"[a-z0-9]+|#")
LONGEST = 40  # letters of a word that can be known
KEPT_PLURALS = ("ss", "us", "is")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase in text[start:end], with what was stored under it."""

    start: int
    end: int
    value: T


def singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(KEPT_PLURALS):
        return word[:-1]
    return word


@dataclass(slots=True)
class PhraseIndex(Generic[T]):
    """Phrases by their words; a phrase's last word may end in "-", which stands for any ending.

    Words of the text match in singular and plural; an unknown long word matches the only close
    spelling among the phrases' words.
    """

    root: dict[str, Any] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    spelling: CloseSpelling = field(default_factory=CloseSpelling)
    forms: Callable[[str], tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.forms = lru_cache(maxsize=20_000)(self.forms_of)

    def add(self, phrase: str, value: T) -> None:
        """Store a value under a phrase; several may be stored under one."""
        phrase = phrase.lower()
        parts = WORD.findall(phrase)
        node = self.root
        for part in parts[:-1]:
            self.words.add(part)
            node = node.setdefault(part, {})
        last = parts[-1]
        if phrase.endswith("-"):
            self.stems.add(last)
            last += "-"
        else:
            self.words.add(last)
        node.setdefault(last, {}).setdefault("", []).append(value)

    def learn_spellings(self, never: frozenset[str]) -> None:
        """Build the table of close spellings; the words of `never` are left as they are."""
        self.spelling = CloseSpelling(self.words | self.stems, never)

    def forms_of(self, word: str) -> tuple[str, ...]:
        """The forms under which a word of a text may stand in the index."""
        found = self.known_forms(word)
        if not found and (close := self.spelling.nearest(word)):
            found = self.known_forms(close)
        return found

    def known_forms(self, word: str) -> tuple[str, ...]:
        if len(word) > LONGEST:
            return ()
        exact = [one for one in dict.fromkeys((word, singular(word))) if one in self.words]
        stems = [f"{word[:end]}-" for end in range(len(word), 1, -1) if word[:end] in self.stems]
        return (*exact, *stems)

    def find(self, text: str, accept: Callable[[T], bool]) -> list[Match[T]]:
        """The accepted phrases of a lower-case text: the longest at each place, no overlaps."""
        words = [
            (match.start(), match.end(), self.forms(match[0])) for match in WORD.finditer(text)
        ]
        found: list[Match[T]] = []
        at = 0
        while at < len(words):
            if not words[at][2]:
                at += 1
                continue
            best = next(
                (
                    (last, value)
                    for last, values in sorted(
                        self.at(words, at, self.root), reverse=True, key=size
                    )
                    for value in values
                    if accept(value)
                ),
                None,
            )
            if best is None:
                at += 1
                continue
            last, value = best
            found.append(Match(words[at][0], words[last][1], value))
            at = last + 1
        return found

    def at(
        self, words: list[tuple[int, int, tuple[str, ...]]], at: int, node: dict[str, Any]
    ) -> Iterator[tuple[int, list[T]]]:
        """All phrases that begin with word number `at`: the number of the last word, the values."""
        if at == len(words):
            return
        for form in words[at][2]:
            after = node.get(form)
            if after is None:
                continue
            if "" in after:
                yield at, after[""]
            yield from self.at(words, at + 1, after)


def size(found: tuple[int, list[Any]]) -> int:
    return found[0]

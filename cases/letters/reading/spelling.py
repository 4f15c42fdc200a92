"""Misspelt words of guideline names, set right for the search alone: "Chonic Pain Treament".

A word counts as misspelt when it is not one of the names' words but one letter off one of them
(two for a long word). The letter's own spelling stays in everything that is stored; a name found
this way must be of several words (`is_credible`).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cases.letters.reading.close_spelling import distance, letters

# Words that guideline names are made of. Short ones are left out: too much is one letter off them.
WORDS = frozenset(
    [
        "acupuncture",
        "approaches",
        "american",
        "ankle",
        "chapter",
        "chronic",
        "citation",
        "college",
        "complaints",
        "compensation",
        "conditions",
        "disability",
        "disorders",
        "elbow",
        "environmental",
        "evidence",
        "forearm",
        "formulary",
        "general",
        "guideline",
        "guidelines",
        "initial",
        "medical",
        "medicine",
        "occupational",
        "official",
        "opioid",
        "opioids",
        "postsurgical",
        "practice",
        "related",
        "schedule",
        "section",
        "sections",
        "shoulder",
        "stress",
        "treatment",
        "utilization",
        "workers",
        "upper",
    ]
)
# English words that are one letter off one of them, and other names' own.
OTHER_WORDS = frozenset(
    [
        "medial",
        "medically",
        "medicines",
        "general",
        "generals",
        "relate",
        "relates",
        "relation",
        "elated",
        "actions",
        "section",
        "citations",
        "guided",
        "practices",
        "practise",
        "treatments",
        "officials",
        "initials",
        "complaint",
        "compliant",
        "disorder",
        "condition",
        "evidenced",
        "shoulders",
        "elbows",
        "ankles",
        "stressed",
        "uppers",
        "supper",
        "opiate",
        "opiates",
        "chapters",
        "colleges",
        "stresses",
        "treated",
        "schedules",
        "forearms",
        "worker",
        "compensations",
        "disabilities",
        "should",
        "stressor",
        "official",
        "medic",
    ]
)
WORD = re.compile(r"[A-Za-z]{5,}")
COUNTED = re.compile(r"[A-Za-z]{3,}")
LONG = 9  # letters from which two may be wrong
LONGEST = 20
# By first letter, each with the set of its letters.
BY_LETTER: dict[str, list[tuple[str, int]]] = {}
for known in WORDS:
    BY_LETTER.setdefault(known[0], []).append((known, letters(known)))


@dataclass(frozen=True, slots=True)
class Respelled:
    """`text` with misspelt words set right; `spots` are those words' ranges in the original."""

    text: str
    start: int
    spots: tuple[tuple[int, int], ...] = ()
    edges: tuple[int, ...] = ()  # in `text`, where each corrected word ends
    shifts: tuple[int, ...] = ()  # from there on: place in the original less place in `text`

    def original(self, offset: int) -> int:
        """The place in the original of an offset that is not inside a corrected word."""
        place = bisect.bisect_right(self.edges, offset) - 1
        return offset + (self.shifts[place] if place >= 0 else self.start)


def respell(text: str, start: int, end: int) -> Respelled:
    """The text between the offsets; all places are counted from the text's beginning."""
    if not any(correction(word.lower()) for word in set(WORD.findall(text, start, end))):
        return Respelled(text[start:end], start)
    parts: list[str] = []
    spots: list[tuple[int, int]] = []
    edges: list[int] = []
    shifts: list[int] = []
    at = start
    length = 0
    for match in WORD.finditer(text, start, end):
        right = correction(match[0].lower())
        if right is None:
            continue
        parts += (text[at : match.start()], right)
        length += match.start() - at + len(right)
        at = match.end()
        spots.append(match.span())
        edges.append(length)
        shifts.append(at - length)
    parts.append(text[at:end])
    return Respelled("".join(parts), start, tuple(spots), tuple(edges), tuple(shifts))


def is_credible(text: str, start: int, end: int, spots: Sequence[tuple[int, int]]) -> bool:
    """Is the name at text[start:end] of the original spelt right, or more than one word? A single
    word that is a letter off may well be another."""
    first = bisect.bisect_left(spots, (start, start))
    if first == len(spots) or spots[first][0] >= end:
        return True
    return sum(1 for _ in COUNTED.finditer(text, start, end)) > 1


@lru_cache(maxsize=20_000)
def correction(word: str) -> str | None:
    """The guideline word that is meant by a misspelt one, in small letters."""
    if word in WORDS or word in OTHER_WORDS or len(word) > LONGEST:
        return None
    mask, found = letters(word), []
    for right, other in BY_LETTER.get(word[0], ()):
        most = 2 if min(len(word), len(right)) >= LONG else 1
        # A letter too many, too few or in another's place changes two of the set at most.
        if abs(len(right) - len(word)) <= most and (mask ^ other).bit_count() <= 2 * most:
            apart = distance(word, right)
            if apart <= most:
                found.append((apart, right[-1] != word[-1], right))
    return min(found)[2] if found else None

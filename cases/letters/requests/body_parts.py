"""Treatment request → the parts of the body that it names, by treatments/body_parts.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from cases.letters.requests.phrases import PhraseIndex
from cases.letters.requests.treatment_rules import read_toml, split_names

# A level of the spine: C5-6, L4/L5, "L5 S1", T8. A thoracic level alone could be a thyroid test
# (T4) or a drug (T3), so it needs a second level or a word of the spine before or behind it.
LEVEL = re.compile(
    r"(?<![\w#])[ctls]\d{1,2}\s*(?:[-/]|to|through)\s*[ctls]?\d{1,2}(?![\w.%/])"
    r"|(?<![\w#])[cls]\d(?!\w|\.\d|\s+joint)"
    r"|(?<![\w#])t\d{1,2}(?=\s+(?:level|vertebra|compression|fracture|lesion|disc|rib|selective"
    r"|transforaminal|epidural|nerve))"
    r"|(?<=at )t\d{1,2}(?!\w)"
)
LEVELS = {"c": ("neck", 8), "t": ("upper_back", 12), "l": ("low_back", 6), "s": ("low_back", 5)}


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of the body named by text[start:end]; `name` is one of CONTRACT's."""

    name: str
    start: int
    end: int


def build_index() -> PhraseIndex[tuple[str, ...]]:
    """Phrases with the parts that they name; those of [none] with no part."""
    tables = read_toml("body_parts.toml")
    index: PhraseIndex[tuple[str, ...]] = PhraseIndex()
    for phrase in split_names(tables.pop("none")["words"]):
        index.add(phrase, ())
    for phrase, parts in tables.pop("several").items():
        index.add(phrase, tuple(parts))
    for part, phrases in tables.items():
        for phrase in split_names(phrases):
            index.add(phrase, (part,))
    return index


INDEX = build_index()


@lru_cache(maxsize=64)  # the summary is asked for each issue
def find_body_parts(text: str) -> tuple[BodyPart, ...]:
    """The parts of the body that these words name, each once, in the order of the text."""
    lower = lower_case(text)
    found: dict[str, BodyPart] = {}
    for part in sorted((*named(lower), *levels(lower)), key=lambda one: one.start):
        found.setdefault(part.name, part)
    return tuple(found.values())


def lower_case(text: str) -> str:
    """The text in lower case with every character in its place ("İ" has a longer lower case)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def named(text: str) -> Iterator[BodyPart]:
    for match in INDEX.find(text, lambda _: True):
        for name in match.value:
            yield BodyPart(name, match.start, match.end)


def levels(text: str) -> Iterator[BodyPart]:
    for match in LEVEL.finditer(text):
        name, highest = LEVELS[match[0][0]]
        number = int("".join(takewhile(str.isdecimal, match[0][1:])))
        if 1 <= number <= highest:
            yield BodyPart(name, match.start(), match.end())

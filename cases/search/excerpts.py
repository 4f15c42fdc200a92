"""Where the words of a question stand: excerpts with the words marked.

Pure. Texts are those on the page, so the offsets are right whatever the index made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cases.search.language import Words, fold, normalize

AROUND = 90  # characters on either side of the first word found
LONGEST = 240
NOT_IN_WORD = r"(?<![^\W_])"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a row: the index's column, and what the page calls it."""

    column: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text; `parts` are its runs, with whether each is a word that was sought."""

    label: str
    parts: tuple[tuple[str, bool], ...]


def words_pattern(words: Words) -> re.Pattern[str]:
    joined = r"[\W_]+".join(map(re.escape, words.tokens))
    end = r"[^\W_]*" if words.prefix else r"(?![^\W_])"
    return re.compile(NOT_IN_WORD + joined + end)


def build_excerpts(texts: Iterable[Text], sought: Sequence[Words], most: int = 2) -> list[Excerpt]:
    """From the texts that hold most of the words, the first ones first."""
    found = []
    patterns = [(words.columns, words_pattern(words)) for words in sought]
    for at, text in enumerate(texts):
        own = [one for columns, one in patterns if text.column in columns]
        shown = normalize(text.text)
        spans = sorted(match.span() for one in own for match in one.finditer(fold(shown)))
        if spans:
            kinds = sum(1 for one in own if one.search(fold(shown)))
            found.append((-kinds, at, text.label, shown, spans))
    found.sort(key=lambda one: one[:2])
    return [Excerpt(label, cut_excerpt(text, spans)) for _, _, label, text, spans in found[:most]]


def cut_excerpt(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """The neighbourhood of the first span, at whole words, with every span in it marked."""
    start = max(0, spans[0][0] - AROUND)
    end = min(len(text), max(start + LONGEST, spans[0][1]))
    if start and (space := text.find(" ", start, spans[0][0])) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", spans[0][1], end)) >= 0:
        end = space
    parts, at = [("… ", False)] if start else [], start
    for first, last in spans:
        if first < at or last > end:
            continue
        parts += [(text[at:first], False), (text[first:last], True)]
        at = last
    parts.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple((part, marked) for part, marked in parts if part)

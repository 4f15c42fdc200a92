""" "Did you mean" suggestions: similar words for search words that no text contains.

A suggestion is the search as typed with the words replaced, and is made only if it finds more than
the search itself does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from cases.search.language import (
    WORD,
    Lexeme,
    Node,
    QueryError,
    Scopes,
    fold,
    lexemes,
    normalize,
    parse,
    required_words,
)
from cases.search.vocabulary import known_words, unknown_words

MOST_UNKNOWN = 3  # of a search with more unknown words nothing can be guessed
MOST_NEAR = 3
MOST_TRIED = 4  # searches that are counted
MOST_SUGGESTIONS = 2
NEAREST_TAKEN = 20  # by letters, of which the most alike are kept
NOT_CORRECTED = frozenset({"number", "name"})

Count = Callable[[Node], int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`words` are those put in; `query` is the whole search line; `found` is how many it finds."""

    words: tuple[str, ...]
    query: str
    found: int

    @property
    def label(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class NearWord:
    """A known word and how many letters it differs by."""

    word: str
    slips: int
    likeness: float


def suggest(query: str, scopes: Scopes, matches: Count) -> tuple[Suggestion, ...]:
    """The searches that may have been meant, the one that finds most first.

    Args:
        query: the search as typed.
        scopes: the fields that it may name, as for `parse`.
        matches: how many rows a search finds, beside the list's other filters.
    """
    node = parsed(query, scopes)
    near = near_words(node) if node else {}
    if not node or not near:
        return ()
    least = matches(node)
    found = [
        one for one in try_replacements(query, scopes, near, matches) if one and one.found > least
    ]
    return tuple(sorted(found, key=lambda one: -one.found)[:MOST_SUGGESTIONS])


def parsed(query: str, scopes: Scopes) -> Node | None:
    try:
        return parse(query, scopes)
    except QueryError:
        return None


def near_words(node: Node) -> dict[str, list[NearWord]]:
    """For each unknown word that has some, the known words nearest to it."""
    unknown = unknown_words(words_of(node))
    if len(unknown) > MOST_UNKNOWN:
        return {}
    found = {word: nearest(word, known_words()) for word in unknown}
    return {word: near for word, near in found.items() if near}


def words_of(node: Node) -> list[str]:
    """The words that a match has; one that may go on (inject*) is no whole word."""
    return [
        token
        for words in required_words(node)
        if not NOT_CORRECTED.issuperset(words.columns)
        for token in (words.tokens[:-1] if words.prefix else words.tokens)
    ]


def nearest(word: str, known: Sequence[str]) -> list[NearWord]:
    """Words that differ by as few slips as any does, those that begin and read alike first.

    A slip is a letter too many, too few, wrong, or swapped with the next.
    """
    close = process.extract(
        word, known, scorer=OSA.distance, score_cutoff=max_slips(word), limit=NEAREST_TAKEN
    )
    found = [
        NearWord(one, int(slips), JaroWinkler.similarity(word, one))
        for one, slips, _ in close
        if slips == 1 or one[0] == word[0]
    ]
    fewest = min((one.slips for one in found), default=0)
    found = [one for one in found if one.slips == fewest]
    return sorted(found, key=lambda one: (-one.likeness, one.word))[:MOST_NEAR]


def max_slips(word: str) -> int:
    """More letters may hold more slips; of a short word every other is near."""
    if len(word) < 7:
        return 1
    return 2 if len(word) < 12 else 3


def try_replacements(
    query: str, scopes: Scopes, near: Mapping[str, Sequence[NearWord]], matches: Count
) -> Iterator[Suggestion | None]:
    """The likeliest replacements of all unknown words together, counted."""
    for chosen in islice(sorted(product(*near.values()), key=distance_of), MOST_TRIED):
        words = tuple(one.word for one in chosen)
        line = replace_words(query, scopes, dict(zip(near, words, strict=True)))
        node = parsed(line, scopes)
        yield Suggestion(words, line, matches(node)) if node else None


def distance_of(chosen: Sequence[NearWord]) -> float:
    return -sum(one.likeness for one in chosen)


def replace_words(query: str, scopes: Scopes, words: Mapping[str, str]) -> str:
    """The search line with words replaced, all else as it was typed. Values of facts
    (decision:upheld) are no words."""
    parts, at = [], 0
    for lexeme in text_lexemes(query, scopes):
        typed = query[lexeme.start : lexeme.end]
        parts += [query[at : lexeme.start], replace_in_lexeme(typed, words)]
        at = lexeme.end
    return "".join([*parts, query[at:]])


def replace_in_lexeme(typed: str, words: Mapping[str, str]) -> str:
    text = normalize(typed)
    found = [match for match in WORD.finditer(fold(text)) if match[0] in words]
    for match in reversed(found):
        text = text[: match.start()] + words[match[0]] + text[match.end() :]
    return text if found else typed


def text_lexemes(query: str, scopes: Scopes) -> Iterator[Lexeme]:
    before: Lexeme | None = None
    for lexeme in lexemes(query):
        of_fact = before and before.kind == "scope" and before.text.lower() in scopes.facts
        if lexeme.kind in ("word", "phrase") and not of_fact:
            yield lexeme
        before = lexeme

"""How alike two requests are, and in which words. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cases.letters.requests.request_words import word_weight

# Of a request with guidelines, this share of the score is whether the same are cited.
CITED = 0.25
LEAST_WORDS = 1 / 3
LEAST = 0.35


@dataclass(frozen=True, slots=True)
class RequestFeatures:
    """What is compared: the words of the request and the guidelines cited about it. Body parts
    and subcategory change no score; that they are shared is said beside it."""

    words: frozenset[str]
    guidelines: frozenset[str] = frozenset()
    body_parts: frozenset[str] = frozenset()
    subcategory: str = ""


@dataclass(frozen=True, slots=True)
class Similarity:
    """From 0 to 1, with what the two have in common."""

    score: float
    words: tuple[str, ...]
    guidelines: tuple[str, ...]
    alike: bool
    body_parts: tuple[str, ...] = ()
    subcategory: str = ""


def compute_similarity(one: RequestFeatures, other: RequestFeatures) -> Similarity:
    """Shared words by weight, and shared guidelines where both sides know some."""
    by_words = shared_weight(one.words, other.words)
    score = by_words
    if one.guidelines and other.guidelines:
        by_guidelines = len(one.guidelines & other.guidelines) / len(
            one.guidelines | other.guidelines
        )
        score = (1 - CITED) * by_words + CITED * by_guidelines
    common = sorted(one.words & other.words, key=lambda word: (-word_weight(word), word))
    return Similarity(
        score=round(score, 6),
        words=tuple(common),
        guidelines=tuple(sorted(one.guidelines & other.guidelines)),
        alike=by_words >= LEAST_WORDS and score >= LEAST,
        body_parts=tuple(sorted(one.body_parts & other.body_parts)),
        subcategory=one.subcategory if one.subcategory == other.subcategory else "",
    )


def shared_weight(one: Collection[str], other: Collection[str]) -> float:
    """The weight of the common words in that of all."""
    every, common = total_weight(one) + total_weight(other), total_weight(set(one) & set(other))
    return common / (every - common) if every else 0.0


def total_weight(words: Collection[str]) -> float:
    return sum(map(word_weight, words))

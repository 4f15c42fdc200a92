"""The issues nearest to a request, whatever their category: what is asked for counts most, then the
part of the body, then the kind of treatment.

Unlike the similar issues, whose rate is told (`cases.analysis.precedents`), the nearest are a
ranking: there are always some, and their score says how near they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from cases.analysis.precedents import (
    Request,
    issues_of_case,
    request_features,
    request_word,
    weighted_sums,
)
from cases.index.current import current_index
from cases.index.index import Index
from cases.index.rows import ISSUE, SILENT, WEIGHT_UNIT
from cases.index.space import Space, array
from cases.letters.requests.request_words import MINOR_WEIGHT, word_importance, word_weight
from cases.models import Issue
from cases.models.taxonomy import Subcategory, body_parts_in_words
from cases.search.language import Or

# A word that the request has and the other lacks counts in full, one that only the other has less.
EXTRA = 0.3
SAME_PLACE, NO_PLACE, OTHER_PLACE = 1.0, 0.75, 0.4
# "Upper extremity" is no part of the body of its own, but no other limb either.
LIMBS = {
    "upper": ("shoulder", "elbow", "wrist_hand"),
    "lower": ("hip_pelvis", "knee", "ankle_foot"),
}
SAME_KIND, SAME_CATEGORY, OTHER_CATEGORY = 1.0, 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Near:
    """An issue, how near it is (0 to 1) and in what."""

    issue: Issue
    score: float
    words: tuple[str, ...]
    body_parts: tuple[str, ...]
    subcategory: str

    @property
    def why(self) -> list[str]:
        """In words: "mri", "lumbar", "body part: low back", "subcategory: imaging"."""
        words = list(self.words)
        if self.body_parts:
            words.append(f"body part: {body_parts_in_words(self.body_parts).lower()}")
        if self.subcategory:
            words.append(f"subcategory: {str(Subcategory(self.subcategory).label).lower()}")
        return words


def nearest_issues(
    request: Request,
    limit: int,
    *,
    decisions: Iterable[str] = (),
    own_case: int | None = None,
) -> list[Near]:
    """The nearest first, the newer one of equals; only those with one of these decisions, if any
    are given, and none of the case itself."""
    with current_index() as index:
        rows = candidates(index, request, limit, decisions, own_case)
        keys, scores = scored_issues(index, request, rows)
        best = np.lexsort((-keys.astype(np.int64), -scores))[:limit]
    return load_near(request, keys[best].tolist(), scores[best].tolist())


def candidates(
    index: Index, request: Request, limit: int, decisions: Iterable[str], own_case: int | None
) -> BitMap:
    """The issues that share a word which says what is asked for; where these are too few, those
    that share any word."""
    others = index.spaces[ISSUE].keys
    if decided := list(decisions):
        space = index.spaces[ISSUE]
        others = BitMap.union(*(space.holding("decision", one) for one in decided))
    others = others - issues_of_case(index, own_case)
    found = BitMap()
    for least in (1.0, MINOR_WEIGHT, 0.0):
        words = [word for word in request.words if word_importance(word) > least]
        if words:
            found = index.matches(Or(tuple(map(request_word, words))), ISSUE) & others
        if len(found) >= limit:
            break
    return found


def scored_issues(index: Index, request: Request, rows: BitMap) -> tuple[np.ndarray, np.ndarray]:
    """Their keys, and for each how near it is."""
    space, keys = index.spaces[ISSUE], array(rows)
    found = [(word, index.matches(request_word(word), ISSUE)) for word in request.words]
    shared = weighted_sums(keys, [(some, word_importance(word)) for word, some in found])
    known = weighted_sums(keys, [(some, word_weight(word)) for word, some in found])
    missing = sum(map(word_importance, request.words)) - shared
    extra = np.maximum(space.column("weight", keys) / WEIGHT_UNIT - known, 0)
    by_words = shared / np.maximum(shared + missing + EXTRA * extra, 1e-9)
    scores = by_words * place_factor(index, request, keys) * kind_factor(space, request, keys)
    return keys, scores.round(6)


def place_factor(index: Index, request: Request, keys: np.ndarray) -> np.ndarray:
    """Whether it is for the same part of the body, for one that is not named, or for another."""
    space = index.spaces[ISSUE]
    nowhere = space.holding("body", SILENT)
    if request.body_parts:
        same = BitMap.union(*(space.holding("body", part) for part in request.body_parts))
        return levels(keys, OTHER_PLACE, [(nowhere, NO_PLACE), (same, SAME_PLACE)])
    limb = next((name for name in LIMBS if {name, "extremity"} <= set(request.words)), "")
    if not limb:
        return np.full(len(keys), SAME_PLACE)
    of_limb = BitMap.union(*(space.holding("body", part) for part in LIMBS[limb]))
    limbs = index.matches(request_word("extremity"), ISSUE)
    same = limbs & index.matches(request_word(limb), ISSUE)
    return levels(
        keys,
        OTHER_PLACE,
        [(nowhere | of_limb, NO_PLACE), (limbs, OTHER_PLACE), (same, SAME_PLACE)],
    )


def kind_factor(space: Space, request: Request, keys: np.ndarray) -> np.ndarray:
    category = space.holding("category", request.category)
    same = category
    if request.subcategory:
        same = category & space.holding("subcategory", request.subcategory)
    return levels(keys, OTHER_CATEGORY, [(category, SAME_CATEGORY), (same, SAME_KIND)])


def levels(keys: np.ndarray, least: float, sets: Sequence[tuple[BitMap, float]]) -> np.ndarray:
    """For each key, the value of the last set that holds it, `least` where none does."""
    values = np.full(len(keys), least)
    rows = BitMap(keys)
    for some, value in sets:
        values[np.searchsorted(keys, array(some & rows))] = value
    return values


def load_near(request: Request, keys: Sequence[int], scores: Sequence[float]) -> list[Near]:
    issues = (
        Issue.objects.select_related("case")
        .defer("case__clinical_summary", "case__provenance")
        .in_bulk(keys)
    )
    asked = request.asked
    near = []
    for key, score in zip(keys, scores, strict=True):
        if key not in issues:
            continue  # gone meanwhile
        other = request_features(issues[key], ())
        words = sorted(asked.words & other.words, key=lambda word: (-word_importance(word), word))
        same = asked.subcategory if asked.subcategory == other.subcategory else ""
        parts = tuple(sorted(asked.body_parts & other.body_parts))
        near.append(Near(issues[key], score, tuple(words), parts, same))
    return near

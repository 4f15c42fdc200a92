"""How IMR decided requests similar to this one, among all issues of its category.

The index gives the issues that share a word with the request. Their similarity is computed for all
of them at once, as `similarity.compute_similarity` does for one pair. Where the request names a
body part, only issues for the same part count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from cases.analysis.rates import Interval, wilson_interval
from cases.analysis.similarity import (
    CITED,
    LEAST,
    LEAST_WORDS,
    RequestFeatures,
    Similarity,
    compute_similarity,
)
from cases.index.counts import NONE, Count, DecidedRows
from cases.index.current import current_index
from cases.index.index import Index
from cases.index.rows import CASE, ISSUE, WEIGHT_UNIT, guideline_name
from cases.index.space import array, bitmap
from cases.index.texts import as_token
from cases.letters.requests.coding import code_request, disputed_part
from cases.letters.requests.request_words import request_words, word_weight
from cases.models import Citation, Issue
from cases.search.language import And, Fact, Node, OneOf, Or, Words

MAX_SHOWN = 8
LONGEST_REQUEST = 2000  # characters of a request that somebody types in


@dataclass(frozen=True, slots=True)
class Precedent:
    issue: Issue
    likeness: Similarity


@dataclass(frozen=True, slots=True)
class Request:
    """What precedents are looked for: the words of what is in dispute, and its coding."""

    words: tuple[str, ...]
    category: str
    subcategory: str = ""
    body_parts: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ()
    rule: str = ""

    @property
    def asked(self) -> RequestFeatures:
        return RequestFeatures(
            frozenset(self.words),
            frozenset(self.guidelines),
            frozenset(self.body_parts),
            self.subcategory,
        )


@dataclass(frozen=True, slots=True)
class Precedents:
    """The issues that are alike, how many and how they were decided; `examined` ones share a
    word with the request."""

    request: Request
    shown: tuple[Precedent, ...] = ()
    count: Count = NONE
    examined: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        return self.request.words

    @property
    def category(self) -> str:
        return self.request.category

    @property
    def similar(self) -> int:
        return self.count.total

    @property
    def decided(self) -> int:
        return self.count.decided

    @property
    def overturned(self) -> int:
        """In whole or in part."""
        return self.count.turned

    @property
    def rate(self) -> float | None:
        return self.count.rate

    @property
    def interval(self) -> Interval | None:
        return wilson_interval(self.overturned, self.decided)


def precedents_of_issue(issue: Issue) -> Precedents:
    """Those of an issue on file; its own case is no precedent for it."""
    request = Request(
        words=request_words(issue.disputed),
        category=issue.category,
        subcategory=issue.subcategory,
        body_parts=tuple(issue.body_parts),
        guidelines=guidelines_of([issue])[issue.pk],
        rule=issue.category_rule,
    )
    return find_precedents(request, own_case=issue.case_id)


def precedents_of_request(
    text: str, category: str = "", guidelines: Iterable[str] = ()
) -> Precedents:
    """Those of any request; without a category, the one that the rules give it."""
    return find_precedents(request_of_text(text, category, guidelines))


def request_of_text(text: str, category: str = "", guidelines: Iterable[str] = ()) -> Request:
    coding = code_request(text)
    guessed = category in ("", coding.category)
    return Request(
        words=request_words(disputed_part(text)),
        category=category or coding.category,
        subcategory=coding.subcategory if guessed else "",
        body_parts=coding.body_parts,
        guidelines=tuple(guidelines),
        rule=coding.rule if guessed else "",
    )


def find_precedents(request: Request, *, own_case: int | None = None) -> Precedents:
    with current_index() as index:
        examined = index.matches(build_query(request), ISSUE) - issues_of_case(index, own_case)
        keys, scores = similar_issues(index, request, examined)
        nearest = np.lexsort((-keys.astype(np.int64), -scores))[:MAX_SHOWN]
        count = DecidedRows(index.spaces[ISSUE], bitmap(keys)).count
    return Precedents(
        request, load_precedents(request, keys[nearest].tolist()), count, len(examined)
    )


def issues_of_case(index: Index, case: int | None) -> BitMap:
    """None without a case."""
    if case is None:
        return BitMap()
    return index.moved(index.matches(OneOf(frozenset({case})), CASE), CASE, ISSUE)


def build_query(request: Request) -> Node:
    """Issues that share a word, and the part of the body if the request names one."""
    parts: list[Node] = [
        Fact("category", request.category),
        Or(tuple(request_word(word) for word in request.words)),
    ]
    if request.body_parts:
        parts.append(Or(tuple(Fact("body", part) for part in request.body_parts)))
    return And(tuple(parts))


def request_word(word: str) -> Words:
    return Words(("asked",), (as_token(word),))


def similar_issues(index: Index, request: Request, rows: BitMap) -> tuple[np.ndarray, np.ndarray]:
    """The similar issues with their scores, as `similarity.compute_similarity` gives them."""
    space, keys = index.spaces[ISSUE], array(rows)
    shared = weighted_sums(keys, [
        (index.matches(request_word(word), ISSUE), word_weight(word))
        for word in request.words
    ])  # fmt: skip
    every = sum(map(word_weight, request.words)) + space.column("weight", keys) / WEIGHT_UNIT
    by_words = shared / np.maximum(every - shared, 1e-9)
    cited = space.column("cited", keys)
    common = weighted_sums(keys, [
        (space.holding("guideline", name), 1.0) for name in set(request.guidelines)
    ])  # fmt: skip
    both = len(set(request.guidelines)) + cited - common
    by_guidelines = common / np.maximum(both, 1)
    known = (cited > 0) & bool(request.guidelines)
    scores = np.where(known, (1 - CITED) * by_words + CITED * by_guidelines, by_words).round(6)
    chosen = (by_words >= LEAST_WORDS) & (scores >= LEAST)
    return keys[chosen], scores[chosen]


def weighted_sums(keys: np.ndarray, parts: Sequence[tuple[BitMap, float]]) -> np.ndarray:
    """For each key, what the sets that hold it count together."""
    total = np.zeros(len(keys))
    rows = bitmap(keys)
    for some, value in parts:
        total[np.searchsorted(keys, array(some & rows))] += value
    return total


def load_precedents(request: Request, keys: Sequence[int]) -> tuple[Precedent, ...]:
    issues = (
        Issue.objects.select_related("case")
        .defer("provenance", "rationale", "case__clinical_summary", "case__provenance")
        .in_bulk(keys)
    )
    cited = guidelines_of(list(issues.values()))
    return tuple(
        Precedent(
            issues[key],
            compute_similarity(request.asked, request_features(issues[key], cited[key])),
        )
        for key in keys
        if key in issues
    )


def request_features(issue: Issue, guidelines: Iterable[str]) -> RequestFeatures:
    return RequestFeatures(
        frozenset(issue.asked.split()),
        frozenset(guidelines),
        frozenset(issue.body_parts),
        issue.subcategory,
    )


def guidelines_of(issues: Sequence[Issue]) -> dict[int, tuple[str, ...]]:
    """The guidelines that either side of these issues cites."""
    found: dict[int, set[str]] = {issue.pk: set() for issue in issues}
    rows = Citation.objects.filter(issue__in=found).exclude(side=Citation.Side.RATIONALE)
    for issue, source, guideline in rows.order_by().values_list("issue", "source", "guideline"):
        found[issue].add(guideline_name(source, guideline))
    return {key: tuple(sorted(names)) for key, names in found.items()}

"""How IMR decided requests like this one: candidates by index, likeness by `cases.similarity`.

However many issues there are, a bounded number is looked at: the newest that share the request's
rarest words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum

from cases.letters.categories import categorise
from cases.models import Decision, Issue, PastRequest, RequestWord, Tally
from cases.rates import Interval, wilson
from cases.requests import request_words
from cases.similarity import Asked, Likeness, likeness

MOST_CANDIDATES = 250
MOST_PROBED = 1000  # entries of the rarest word that are looked up under the next rarest
MOST_SHOWN = 8
OVERTURNED = {Decision.OVERTURNED, Decision.PARTIALLY_OVERTURNED}


@dataclass(frozen=True, slots=True)
class Precedent:
    issue: Issue
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Precedents:
    """`similar` of `examined` issues are alike; of the `decided` ones `overturned` were, in whole
    or in part. `capped`: more issues share a word than were examined."""

    words: tuple[str, ...]
    category: str
    rule: str
    shown: tuple[Precedent, ...] = ()
    similar: int = 0
    examined: int = 0
    decided: int = 0
    overturned: int = 0
    capped: bool = False

    @property
    def rate(self) -> float | None:
        return self.overturned / self.decided if self.decided else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.overturned, self.decided)


def of_issue(issue: Issue) -> Precedents:
    """Those of an issue on file; its own case is no precedent for it."""
    row = PastRequest.objects.filter(issue=issue).first()
    guidelines = row.guidelines if row else ()
    return find(
        request_words(issue.treatment_request),
        issue.category,
        guidelines,
        rule=issue.category_rule,
        own_case=issue.case_id,
    )


def of_request(request: str, category: str = "", guidelines: Iterable[str] = ()) -> Precedents:
    """Those of any request; without a category, the one that the rules give it."""
    guess = categorise(request)
    rule = guess.rule if category in ("", guess.name) else ""
    return find(request_words(request), category or guess.name, guidelines, rule=rule)


def find(
    words: Sequence[str],
    category: str,
    guidelines: Iterable[str] = (),
    *,
    rule: str = "",
    own_case: int | None = None,
) -> Precedents:
    asked = Asked(frozenset(words), frozenset(guidelines))
    ids, capped = candidates(words, category)
    alike = [(likeness(asked, row.asked), row) for row in past_requests(ids, own_case)]
    alike = [(like, row) for like, row in alike if like.alike]
    alike.sort(key=lambda one: (-one[0].score, -one[1].issue))
    decisions = [row.decision for _, row in alike if row.decision]
    return Precedents(
        words=tuple(words),
        category=category,
        rule=rule,
        shown=shown(alike[:MOST_SHOWN]),
        similar=len(alike),
        examined=len(ids),
        decided=len(decisions),
        overturned=sum(decision in OVERTURNED for decision in decisions),
        capped=capped,
    )


@dataclass(frozen=True, slots=True)
class Past:
    issue: int
    decision: str
    asked: Asked


def past_requests(ids: Sequence[int], own_case: int | None) -> list[Past]:
    rows = PastRequest.objects.filter(issue__among=ids).exclude(issue__case=own_case)
    return [
        Past(issue, decision, Asked(frozenset(words.split()), frozenset(guidelines)))
        for issue, decision, words, guidelines in rows.values_list(
            "issue_id", "decision", "words", "guidelines"
        )
    ]


def shown(alike: Sequence[tuple[Likeness, Past]]) -> tuple[Precedent, ...]:
    issues = (
        Issue.objects.select_related("case")
        .defer("provenance", "rationale", "case__clinical_summary", "case__provenance")
        .in_bulk([row.issue for _, row in alike])
    )
    return tuple(Precedent(issues[row.issue], like) for like, row in alike)


def candidates(words: Sequence[str], category: str) -> tuple[list[int], bool]:
    """The newest issues that share the rarest words, those that share two of them first."""
    ranked = by_rarity(words, category)
    found: dict[int, None] = {}
    if len(ranked) > 1:
        found |= dict.fromkeys(sharing_both(ranked[0][0], ranked[1][0], category))
    for word, _ in ranked:
        if len(found) >= MOST_CANDIDATES:
            break
        newest = posted(word, category)[:MOST_CANDIDATES]
        found |= dict.fromkeys(newest.values_list("issue_id", flat=True))
    capped = bool(ranked) and ranked[0][1] > MOST_CANDIDATES
    return list(found)[:MOST_CANDIDATES], capped


def by_rarity(words: Sequence[str], category: str) -> list[tuple[str, int]]:
    """The words that past requests of the category hold, with how many do; the rarest first."""
    counts = (
        Tally.objects.filter(scope="", dimension="word", first=category, second__in=words)
        .values_list("second")
        .annotate(issues=Sum("total"))
        .order_by()
    )
    return sorted(((word, n) for word, n in counts if n), key=lambda one: (one[1], one[0]))


def posted(word: str, category: str) -> QuerySet[RequestWord]:
    return RequestWord.objects.filter(category=category, word=word).order_by("-issue_id")


def sharing_both(rarest: str, other: str, category: str) -> list[int]:
    probed = posted(rarest, category).values("issue")[:MOST_PROBED]
    also = RequestWord.objects.filter(category=category, word=other, issue=OuterRef("issue"))
    both = RequestWord.objects.filter(category=category, word=rarest, issue__in=probed)
    found = both.filter(Exists(also)).order_by("-issue_id")[:MOST_CANDIDATES]
    return list(found.values_list("issue_id", flat=True))

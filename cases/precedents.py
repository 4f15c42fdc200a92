"""How IMR decided requests like this one: candidates by index, likeness by `cases.similarity`.

However many issues there are, a bounded number is looked at: the newest that share the request's
rarest words. Where the request names a part of the body, only issues for the same part count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum

from cases.coding import code_request, disputed_part
from cases.models import Decision, Issue, PastRequest, RequestWord, Tally
from cases.past_requests import part_word
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
class Request:
    """What precedents are looked for: the words of what is in dispute, and its coding."""

    words: tuple[str, ...]
    category: str
    subcategory: str = ""
    body_parts: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ()
    rule: str = ""

    @property
    def asked(self) -> Asked:
        return Asked(
            frozenset(self.words),
            frozenset(self.guidelines),
            frozenset(self.body_parts),
            self.subcategory,
        )


@dataclass(frozen=True, slots=True)
class Precedents:
    """`similar` of `examined` issues are alike; of the `decided` ones `overturned` were, in whole
    or in part. `capped`: more issues share a word than were examined."""

    request: Request
    shown: tuple[Precedent, ...] = ()
    similar: int = 0
    examined: int = 0
    decided: int = 0
    overturned: int = 0
    capped: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return self.request.words

    @property
    def category(self) -> str:
        return self.request.category

    @property
    def rate(self) -> float | None:
        return self.overturned / self.decided if self.decided else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.overturned, self.decided)


def of_issue(issue: Issue) -> Precedents:
    """Those of an issue on file; its own case is no precedent for it."""
    row = PastRequest.objects.filter(issue=issue).first()
    request = Request(
        words=request_words(issue.disputed),
        category=issue.category,
        subcategory=issue.subcategory,
        body_parts=tuple(issue.body_parts),
        guidelines=tuple(row.guidelines if row else ()),
        rule=issue.category_rule,
    )
    return find(request, own_case=issue.case_id)


def of_request(text: str, category: str = "", guidelines: Iterable[str] = ()) -> Precedents:
    """Those of any request; without a category, the one that the rules give it."""
    coding = code_request(text)
    guessed = category in ("", coding.category)
    request = Request(
        words=request_words(disputed_part(text)),
        category=category or coding.category,
        subcategory=coding.subcategory if guessed else "",
        body_parts=coding.body_parts,
        guidelines=tuple(guidelines),
        rule=coding.rule if guessed else "",
    )
    return find(request)


def find(request: Request, *, own_case: int | None = None) -> Precedents:
    asked = request.asked
    ids, capped = candidates(request)
    past = [row for row in past_requests(ids, own_case) if for_same_part(asked, row.asked)]
    alike = [(likeness(asked, row.asked), row) for row in past]
    alike = [(like, row) for like, row in alike if like.alike]
    alike.sort(key=lambda one: (-one[0].score, -one[1].issue))
    decisions = [row.decision for _, row in alike if row.decision]
    return Precedents(
        request,
        shown=shown(alike[:MOST_SHOWN]),
        similar=len(alike),
        examined=len(ids),
        decided=len(decisions),
        overturned=sum(decision in OVERTURNED for decision in decisions),
        capped=capped,
    )


def for_same_part(asked: Asked, past: Asked) -> bool:
    """A request that names no part of the body is like those for any."""
    return not asked.body_parts or bool(asked.body_parts & past.body_parts)


@dataclass(frozen=True, slots=True)
class Past:
    issue: int
    decision: str
    asked: Asked


def past_requests(ids: Sequence[int], own_case: int | None) -> list[Past]:
    rows = PastRequest.objects.filter(issue__among=ids).exclude(issue__case=own_case)
    names = ("issue_id", "decision", "words", "guidelines", "body_parts", "subcategory")
    return [
        Past(issue, decision, Asked(frozenset(words.split()), *map(frozenset, lists), subcategory))
        for issue, decision, words, *lists, subcategory in rows.values_list(*names)
    ]


def shown(alike: Sequence[tuple[Likeness, Past]]) -> tuple[Precedent, ...]:
    issues = (
        Issue.objects.select_related("case")
        .defer("provenance", "rationale", "case__clinical_summary", "case__provenance")
        .in_bulk([row.issue for _, row in alike])
    )
    return tuple(Precedent(issues[row.issue], like) for like, row in alike)


def candidates(request: Request) -> tuple[list[int], bool]:
    """The newest issues that share the rarest words: first those for the same part of the body,
    then those that share two of the words."""
    category = request.category
    ranked = by_rarity(request.words, category)
    found: dict[int, None] = {}
    if ranked and request.body_parts:
        parts = [part_word(part) for part in request.body_parts]
        found |= dict.fromkeys(sharing_both(ranked[0][0], parts, category))
    if len(ranked) > 1:
        found |= dict.fromkeys(sharing_both(ranked[0][0], [ranked[1][0]], category))
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


def sharing_both(rarest: str, others: Sequence[str], category: str) -> list[int]:
    """The newest issues with the rarest word and any of the others."""
    probed = posted(rarest, category).values("issue")[:MOST_PROBED]
    also = RequestWord.objects.filter(category=category, word__in=others, issue=OuterRef("issue"))
    both = RequestWord.objects.filter(category=category, word=rarest, issue__in=probed)
    found = both.filter(Exists(also)).order_by("-issue_id")[:MOST_CANDIDATES]
    return list(found.values_list("issue_id", flat=True))

"""A new reading meets a stored case: three ways, so that nothing a person did is lost.

`base` is the reading that the case was made from, `mine` the case as it stands, `theirs` the new
reading. Where mine differs from base, a person changed it, and it stays; everything else follows
the new reading. Issues and citations are matched by what they say, so that they keep their rows.
Pure: knows neither the database nor Django.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, Protocol, TypeVar

from cases.letters.citations.locators import ranges_in_words
from cases.models.field_names import CITATION_FIELDS

ChangeKind = Literal["changed", "kept", "added", "removed", "left_out", "stays"]
T = TypeVar("T")

CODING = ("category", "subcategory")  # one answer in two fields: who corrects one means both
NO_VALUE: tuple[object, ...] = (None, "", [], False)
LEAST_LIKENESS = 0.5  # less of a resemblance makes no pair


@dataclass(frozen=True, slots=True)
class CitationData:
    """One citation. `key` names its row, where it has one; `spans` only follow the letter."""

    source: str
    guideline: str
    edition: str
    section: str
    pages: tuple[tuple[int, int], ...]
    raw: str
    spans: tuple = field(default=(), compare=False)
    key: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        pages = ranges_in_words(self.pages)
        parts = (self.source, self.guideline, self.edition, self.section, pages)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class IssueData:
    """One issue. `rest` is what is neither corrected nor compared, and follows the letter."""

    values: Mapping[str, Any]
    citations: Mapping[str, tuple[CitationData, ...]]
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)
    key: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CaseData:
    """The values of a case, stored or read."""

    values: Mapping[str, Any]
    issues: tuple[IssueData, ...]
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which the new reading and the case differ.

    changed, added, removed: the case follows the letter. kept: a person corrected the value, so
    `was` stays and `now` is only reported. left_out: a person removed it, so it stays away. stays:
    the letter has it no more, but a person has worked on it.
    """

    what: ChangeKind
    field: str
    was: Any = None
    now: Any = None
    issue: int | None = None  # position, from 1


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged case. `lost` are the keys of issues that it no longer contains."""

    data: CaseData
    changes: tuple[Change, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Triple(Generic[T]):
    base: T | None
    mine: T | None
    theirs: T | None


@dataclass(frozen=True, slots=True)
class Indices:
    """Indices of a triple in the three lists."""

    base: int | None
    mine: int | None
    theirs: int | None


class LikenessFunction(Protocol):
    def __call__(self, one: Any, other: Any) -> tuple[float, float]: ...


EMPTY_CASE = CaseData({}, ())


def merge(
    base: CaseData | None,
    mine: CaseData,
    theirs: CaseData,
    *,
    worked_on: frozenset[int] = frozenset(),
) -> Merged:
    """
    Args:
        base: None where the case was typed in: then all it says is a person's.
        worked_on: keys of issues that may not go, whatever the letter says.
    """
    base = base or EMPTY_CASE
    values, changes = merge_values(base.values, mine.values, theirs.values)
    issues: list[IssueData] = []
    lost: list[int] = []
    for triple in align(base.issues, mine.issues, theirs.issues, issue_likeness):
        merged, more = merge_issue(triple, len(issues) + 1, worked_on)
        changes += more
        if merged:
            issues.append(merged)
        elif triple.mine and triple.mine.key is not None:
            lost.append(triple.mine.key)
    data = CaseData(values, tuple(issues), theirs.rest)
    return Merged(data, tuple(changes), tuple(lost))


def merge_values(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    issue: int | None = None,
) -> tuple[dict[str, Any], list[Change]]:
    values, changes = {}, []
    for name, now in theirs.items():
        was = mine[name]
        # What the base doesn't know is a person's, if there is a value at all.
        corrected = was != base[name] if name in base else was not in NO_VALUE
        values[name] = was if corrected else now
        if was != now:
            what: ChangeKind = "kept" if corrected else "changed"
            changes.append(Change(what, name, was, now, issue))
    return values, changes


def merge_issue(
    triple: Triple[IssueData], position: int, worked_on: frozenset
) -> tuple[IssueData | None, list[Change]]:
    base, mine, theirs = triple.base, triple.mine, triple.theirs
    if mine is None:
        if theirs is None:
            return None, []
        request = theirs.values["treatment_request"]
        if base is not None:
            return None, [Change("left_out", "issue", now=request)]
        return theirs, [Change("added", "issue", now=request, issue=position)]
    if theirs is None:
        request = mine.values["treatment_request"]
        if base is not None and mine == base and mine.key not in worked_on:
            return None, [Change("removed", "issue", was=request)]
        changes = [Change("stays", "issue", was=request, issue=position)] if base else []
        return mine, changes
    values, changes = merge_values(
        base.values if base else {}, mine.values, theirs.values, position
    )
    if any(one.what == "kept" and one.field in CODING for one in changes):
        values |= {name: mine.values[name] for name in CODING if name in values}
        changes = [replace(one, what="kept") if one.field in CODING else one for one in changes]
    citations = {}
    for side, new in theirs.citations.items():
        citations[side], more = merge_citations(
            base.citations[side] if base else (), mine.citations[side], new, side, position
        )
        changes += more
    rest = theirs.rest
    if values["category"] != theirs.values["category"]:
        rest = {**rest, "category_rule": mine.rest.get("category_rule", "")}
    return IssueData(values, citations, rest, mine.key), changes


def merge_citations(
    base: Sequence[CitationData],
    mine: Sequence[CitationData],
    theirs: Sequence[CitationData],
    side: str,
    issue: int,
) -> tuple[tuple[CitationData, ...], list[Change]]:
    merged: list[CitationData] = []
    changes: list[Change] = []
    for triple in align(base, mine, theirs, citation_likeness):
        one, what = merge_citation(triple)
        if one:
            merged.append(one)
        if what:
            was, now = (str(each) if each else None for each in (triple.mine, triple.theirs))
            changes.append(Change(what, f"{side}_citations", was, now, issue))
    return tuple(merged), changes


def merge_citation(triple: Triple[CitationData]) -> tuple[CitationData | None, ChangeKind | None]:
    base, mine, theirs = triple.base, triple.mine, triple.theirs
    if mine is None:
        if theirs is None:
            return None, None
        return (None, "left_out") if base else (theirs, "added")
    if theirs is None:
        if base is not None and mine == base:
            return None, "removed"
        return mine, "stays" if base else None
    if base is None:
        return replace(mine, spans=theirs.spans), None if mine == theirs else "kept"
    settled = {
        name: getattr(mine if getattr(mine, name) != getattr(base, name) else theirs, name)
        for name in CITATION_FIELDS
    }
    one = CitationData(**settled, spans=theirs.spans, key=mine.key)
    if one == theirs:
        return one, None if mine == theirs else "changed"
    return one, "kept"


# -- matching ----------------------------------------------------------------------------------


def align(
    base: Sequence[T], mine: Sequence[T], theirs: Sequence[T], likeness: LikenessFunction
) -> list[Triple[T]]:
    """Who is who in the three lists, in theirs' order; mine alone follow their predecessor."""
    to_mine = best_pairs(base, mine, likeness)
    for i in range(min(len(base), len(mine))):  # mended beyond likeness, but in its place
        if i not in to_mine and i not in to_mine.values():
            to_mine[i] = i
    to_theirs = best_pairs(base, theirs, likeness)
    left_mine = [j for j in range(len(mine)) if j not in to_mine.values()]
    left_theirs = [k for k in range(len(theirs)) if k not in to_theirs.values()]
    new = best_pairs([mine[j] for j in left_mine], [theirs[k] for k in left_theirs], likeness)
    places = [Indices(i, to_mine.get(i), to_theirs.get(i)) for i in range(len(base))]
    places += [
        Indices(None, j, left_theirs[new[n]] if n in new else None) for n, j in enumerate(left_mine)
    ]
    places += [Indices(None, None, k) for n, k in enumerate(left_theirs) if n not in new.values()]
    return [
        Triple(item_at(base, one.base), item_at(mine, one.mine), item_at(theirs, one.theirs))
        for one in in_order_of_theirs(places, len(theirs))
    ]


def in_order_of_theirs(places: list[Indices], end: int) -> list[Indices]:
    partners = {one.mine: one.theirs for one in places if one.mine is not None}
    followed: dict[int, float] = {}  # index in mine → where it stands among theirs
    last = -1.0
    for j, k in sorted(partners.items()):
        last = float(k) if k is not None else last
        followed[j] = last if k is not None else last + 0.5

    def where(place: Indices) -> tuple[float, int]:
        if place.theirs is not None:
            return float(place.theirs), -1
        if place.mine is not None:
            return followed[place.mine], place.mine
        return float(end), place.base or 0

    return sorted(places, key=where)


def item_at(items: Sequence[T], index: int | None) -> T | None:
    return None if index is None else items[index]


def best_pairs(one: Sequence[T], other: Sequence[T], likeness: LikenessFunction) -> dict[int, int]:
    """Index in one → index in other: the likest first, the nearest of equals, each once."""
    scored = []
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            best, all_in_all = likeness(a, b)
            if best >= LEAST_LIKENESS:
                scored.append((-best, -all_in_all, abs(i - j), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def issue_likeness(one: IssueData, other: IssueData) -> tuple[float, float]:
    """By the request or by the rationale, whichever is liker: a person may have mended either."""
    request, rationale = (
        word_overlap(one.values[name], other.values[name])
        for name in ("treatment_request", "rationale")
    )
    return max(request, rationale), request + rationale


def citation_likeness(one: CitationData, other: CitationData) -> tuple[float, float]:
    if one == other:
        return 3.0, 3.0
    raw = word_overlap(one.raw, other.raw)
    same = (one.source, one.guideline) == (other.source, other.guideline)
    alike = same + (one.section == other.section) + (one.edition == other.edition)
    return max(raw, 0.75 if same else 0.0), raw + alike


def word_overlap(one: str, other: str) -> float:
    """Dice's coefficient of the two bags of words: 1 for the same words, 0 for none in common."""
    a, b = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0

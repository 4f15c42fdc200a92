"""What a case adds to the summaries: its facts, and the counts that follow from them. Pure.

A count stands under (scope, dimension, first, second). The scope is "" for everything, or one
filter of issues ("category=surgery") or of cases ("case.category=surgery"); the dimension is what
is counted ("matrix"), first and second are its values. A case's counts follow from its facts alone,
so a change is new counts less old ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cases.models import Case, Citation, Flag, Issue, Source
from cases.requests import request_words
from cases.sides import compare_rows

OTHER = "other"  # evidence that is no guideline of the catalogue, under one name
SILENT = ""


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """`claims` and `maximus` are the guidelines that each side cites, sorted; () is silence.
    `words` are those of the part in dispute (cases.requests), `editions` are cited by either side,
    `other_edition` names the guidelines that they cite by different ones."""

    position: int
    category: str
    decision: str
    verdict: str
    claims: tuple[str, ...]
    maximus: tuple[str, ...]
    words: tuple[str, ...] = ()
    subcategory: str = ""
    editions: tuple[str, ...] = ()
    other_edition: tuple[str, ...] = ()


ISSUE_LISTS = ("claims", "maximus", "words", "editions", "other_edition")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    decision: str
    priority: str
    format: str
    year: str
    needs_correction: bool
    specialties: tuple[str, ...]
    flags: tuple[str, ...]
    sources: tuple[str, ...]
    issues: tuple[IssueFacts, ...]

    def as_json(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.__slots__}
        issues = [{name: getattr(issue, name) for name in issue.__slots__} for issue in self.issues]
        return given | {"issues": issues}

    @classmethod
    def of_json(cls, data: dict[str, Any], position: int | None = None) -> CaseFacts:
        """With a position, of that issue alone."""
        issues = tuple(
            IssueFacts(**one | {name: tuple(one[name]) for name in ISSUE_LISTS})
            for one in data["issues"]
            if position is None or one["position"] == position
        )
        lists = {name: tuple(data[name]) for name in ("specialties", "flags", "sources")}
        return cls(**data | lists | {"issues": issues})


class Key(NamedTuple):
    scope: str
    dimension: str
    first: str = ""
    second: str = ""


class Count(NamedTuple):
    """How many, and how they were decided; what has no decision is in `total` alone."""

    total: int = 0
    upheld: int = 0
    overturned: int = 0
    partially: int = 0

    def plus(self, decision: str, times: int) -> Count:
        name = COLUMNS.get(decision)
        count = self._replace(total=self.total + times)
        return count._replace(**{name: getattr(self, name) + times}) if name else count

    def only(self, decisions: Iterable[str]) -> Count:
        """Of these, the ones decided so."""
        kept = {name: getattr(self, name) for one in set(decisions) if (name := COLUMNS.get(one))}
        return Count(total=sum(kept.values()), **kept)

    @property
    def decided(self) -> int:
        return self.upheld + self.overturned + self.partially

    @property
    def turned(self) -> int:
        """Overturned in whole or in part."""
        return self.overturned + self.partially

    @property
    def rate(self) -> float | None:
        return self.turned / self.decided if self.decided else None


COLUMNS = {"upheld": "upheld", "overturned": "overturned", "partially_overturned": "partially"}
Counts = dict[Key, Count]
# What is counted of cases under one value of a filter, and which filters these are.
FACETED = ("case.decision", "case.category", "case.subcategory", "case.verdict", "case.source")
CASE_SCOPES = (*FACETED, "case.priority", "case.format", "case.flag", "case.needs_correction")


def facts_of(
    case: Case, issues: Iterable[Issue], citations: Iterable[Citation], flags: Iterable[Flag]
) -> CaseFacts:
    cited: dict[int, list[Citation]] = {}
    for row in citations:
        if row.side != Citation.Side.RATIONALE:
            cited.setdefault(row.issue_id, []).append(row)
    return CaseFacts(
        decision=case.decision,
        priority=case.priority,
        format=case.format,
        year=str(case.decision_date.year) if case.decision_date else "",
        needs_correction=case.needs_correction,
        specialties=tuple(sorted({name[:200] for name in case.specialties})),
        flags=tuple(sorted({flag.code for flag in flags})),
        sources=tuple(sorted({row.source for rows in cited.values() for row in rows})),
        issues=tuple(issue_facts(issue, cited.get(issue.pk, ())) for issue in issues),
    )


def issue_facts(issue: Issue, cited: Sequence[Citation]) -> IssueFacts:
    def by(side: str) -> tuple[str, ...]:
        return tuple(sorted({guideline_name(row) for row in cited if row.side == side}))

    return IssueFacts(
        position=issue.position,
        category=issue.category,
        decision=issue.decision,
        verdict=issue.verdict,
        claims=by(Citation.Side.CLAIMS),
        maximus=by(Citation.Side.MAXIMUS),
        words=request_words(issue.disputed),
        subcategory=issue.subcategory,
        editions=tuple(sorted({row.edition for row in cited if row.edition})),
        other_edition=other_editions(cited) if issue.other_edition else (),
    )


def other_editions(cited: Sequence[Citation]) -> tuple[str, ...]:
    rows = compare_rows(cited).rows
    return tuple(
        sorted({row.claims.guideline[:200] for row in rows if row.relation == "other_edition"})
    )


def guideline_name(row: Citation) -> str:
    """What a citation is counted under. An ACOEM chapter is one guideline, whether it is cited as
    a part of the MTUS or outside it."""
    return OTHER if row.source == Source.OTHER else row.guideline[:200]


Mark = tuple[str, str, str, str, str]  # a key and the decision to count there


def marks_of(facts: CaseFacts) -> Iterator[Mark]:
    """Everything that one case adds, one mark for each time that it counts."""
    for issue in facts.issues:
        values = [*issue_values(facts, issue)]
        for scope in scopes(facts, issue):
            for dimension, first, second in values:
                yield scope, dimension, first, second, issue.decision
        for word in issue.words:
            yield "", "word", issue.category, word, issue.decision
        for edition in issue.editions:
            yield "", "edition", edition, "", issue.decision
    of_case = [(f"case.{name}", value) for name, value in case_values(facts)]
    for dimension, value in of_case:
        yield "", dimension, value, "", facts.decision
    faceted = [(name, value) for name, value in of_case if name in FACETED]
    for name, scope_value in of_case:
        if name in CASE_SCOPES:
            for dimension, value in faceted:
                yield f"{name}={scope_value}", dimension, value, "", facts.decision


def tallied(marks: Counter[Mark]) -> Counts:
    """Marks, with how often each was made, as counts. What comes to nothing is left out."""
    counts: Counts = {}
    for (*key, decision), times in marks.items():
        if times:
            place = Key(*key)
            counts[place] = counts.get(place, Count()).plus(decision, times)
    return counts


def counts_of(facts: CaseFacts) -> Counts:
    return tallied(Counter(marks_of(facts)))


def change(old: CaseFacts | None, new: CaseFacts | None) -> Counts:
    """What to add to the summaries when a case's facts become others; None is no case."""
    marks = Counter(marks_of(new) if new else ())
    marks.subtract(marks_of(old) if old else ())
    return tallied(marks)


def scopes(facts: CaseFacts, issue: IssueFacts) -> tuple[str, ...]:
    return (
        "",
        f"category={issue.category}",
        f"verdict={issue.verdict}",
        f"year={facts.year}",
    )


def issue_values(facts: CaseFacts, issue: IssueFacts) -> Iterator[tuple[str, str, str]]:
    yield "issues", "", ""
    yield "category", issue.category, ""
    yield "subcategory", issue.subcategory, ""
    yield "verdict", issue.verdict, ""
    yield "year", facts.year, ""
    for specialty in facts.specialties or ("",):
        yield "specialty", specialty, ""
    claims, maximus = issue.claims or (SILENT,), issue.maximus or (SILENT,)
    for guideline in claims:
        yield "claims", guideline, ""
    for guideline in maximus:
        yield "maximus", guideline, ""
    for ours in claims:
        for theirs in maximus:
            yield "matrix", ours, theirs
    for guideline in issue.other_edition:
        yield "other_edition", guideline, ""


def case_values(facts: CaseFacts) -> Iterator[tuple[str, str]]:
    """What the case list can be narrowed by; each value counts once a case."""
    yield "all", ""
    yield "decision", facts.decision
    yield "priority", facts.priority
    yield "format", facts.format
    yield "year", facts.year
    yield "needs_correction", "true" if facts.needs_correction else "false"
    for name, values in (
        ("specialty", facts.specialties),
        ("flag", facts.flags),
        ("source", facts.sources),
        ("category", {issue.category for issue in facts.issues}),
        ("subcategory", {issue.subcategory for issue in facts.issues}),
        ("verdict", {issue.verdict for issue in facts.issues}),
    ):
        for value in values:
            yield name, value

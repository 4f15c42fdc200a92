"""Rows of the database as facts and columns of the index.

Facts of issues and of both sides' citations are facts of their case as well ("any issue of it"),
those of an issue's citations are facts of the issue. Other apps add what they know in `sources`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.db.models import TextField
from django.db.models.functions import Cast

from cases.index.space import Batch, Space
from cases.letters.requests.request_words import word_weight
from cases.models import Case, Citation, Flag, Issue, Source
from cases.models.sides import other_editions

CASE, ISSUE, CITATION = "case", "issue", "citation"
OTHER = "other"  # evidence that is no guideline of the catalogue, under one name
SILENT = ""  # the value of a fact where a row has none
ASSUMED, CONFIRMED = "assumed", "confirmed"  # the day on which a determination was received
SIDES = ("claims", "maximus")
# Names of "other" evidence are many: they are looked up among those of one of so many groups.
NAME_GROUPS = 1024
LONG_RANGE = 50  # pages; a longer range is kept as such
WEIGHT_UNIT = 100  # of a request's words, as integers

# Told by staff (ClaimFacts); "" where nobody did.
CLAIM = ("claims_administrator", "claims_unit", "requesting_physician", "ur_vendor")
CITED = tuple(f"{prefix}{name}" for prefix in ("", "claims_", "maximus_")
              for name in ("source", "guideline", "edition"))  # fmt: skip
OF_ISSUES = (
    "decision", "category", "subcategory", "verdict", "body", "retrospective", "partial",
    "other_edition", "annotated",
)  # fmt: skip
FAMILIES: dict[str, tuple[str, ...]] = {
    CASE: (
        *OF_ISSUES, *CITED, "priority", "format", "year", "needs_correction", "flag", "specialty",
        *CLAIM, "receipt", "review", "reviewer", "waiting_for", "submitted_by", "decided_otherwise",
    ),
    ISSUE: (*OF_ISSUES, *CITED, *CLAIM, "year", "specialty", "other_edition_of"),
    CITATION: ("side", "source", "guideline", "edition", "name_group", "page", "long_range"),
}  # fmt: skip
DATES = (
    "decision_date", "date_of_injury", "ur_denial_date", "application_received", "date_assigned",
)  # fmt: skip
CLAIM_FACTS = (
    "claim_facts__claims_administrator", "claim_facts__claims_unit",
    "claim_facts__requesting_physician", "claim_facts__ur_vendor", "claim_facts__received_on",
    "claim_facts__received_assumed",
)  # fmt: skip
PARENTS = {ISSUE: CASE, CITATION: ISSUE}
Batches = dict[str, Batch]


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Which cases are meant: those of these keys, or those of a range of keys."""

    keys: tuple[int, ...] = ()
    first: int = 0
    last: int = 0

    def __call__(self, path: str) -> dict[str, Any]:
        """The lookup of rows whose case is at this path."""
        if self.keys:
            return {f"{path}__among": self.keys}
        return {f"{path}__gte": self.first, f"{path}__lte": self.last}


# Each adds the facts and columns that another app knows of cases and their issues.
sources: list[Callable[[CaseSelection, Batches], None]] = []


def new_spaces() -> dict[str, Space]:
    return {
        name: Space(name, families, PARENTS.get(name, "")) for name, families in FAMILIES.items()
    }


def read_rows(within: CaseSelection) -> Batches:
    """The batches of the cases that are meant and of their issues and citations."""
    reader = RowReader(within)
    reader.read_cases()
    reader.read_flags()
    reader.read_issues()
    reader.read_citations()
    for source in sources:
        source(within, reader.batches)
    return reader.batches


class RowReader:
    """Reads each kind of row once; what rows share with those that they belong to is kept."""

    def __init__(self, within: CaseSelection) -> None:
        self.within = within
        self.batches: Batches = {name: Batch() for name in FAMILIES}
        # By case, facts that its issues are counted by as well.
        self.shared: dict[int, list[tuple[str, str]]] = {}
        self.case_of: dict[int, int] = {}  # by issue
        self.issue_of: dict[int, int] = {}  # by citation

    def read_cases(self) -> None:
        batch = self.batches[CASE]
        names = ("pk", "decision", "priority", "format", "case_number", as_text("specialties"),
                 "needs_correction", *CLAIM_FACTS, *DATES)  # fmt: skip
        rows = Case.objects.filter(**self.within("pk")).order_by().values_list(*names)
        for key, decision, priority, form, number, specialties, wrong, *rest in rows:
            claim, receipt = rest[: len(CLAIM)], rest[len(CLAIM) : -len(DATES)]
            days = rest[-len(DATES) :]
            batch.keys.append(key)
            batch.fact("decision", decision, key)
            batch.fact("priority", priority, key)
            batch.fact("format", form, key)
            batch.fact("needs_correction", "true" if wrong else "false", key)
            batch.value("number", key, number_key(number))
            for name, day in zip(DATES, days, strict=True):
                batch.value(name, key, ordinal(day))
            batch.value("received_on", key, ordinal(receipt[0]))
            batch.fact("receipt", receipt_state(*receipt), key)
            self.shared[key] = shared_facts(days[0], decoded(specialties), claim)
            for name, value in self.shared[key]:
                batch.fact(name, value, key)

    def read_flags(self) -> None:
        rows = Flag.objects.filter(**self.within("case")).order_by()
        for case, code in rows.values_list("case", "code"):
            self.batches[CASE].fact("flag", code, case)

    def read_issues(self) -> None:
        batch, differing = self.batches[ISSUE], []
        names = ("pk", "case", "position", "decision", "asked", "other_edition", "category",
                 "subcategory", "verdict", as_text("body_parts"), "retrospective",
                 "in_dispute")  # fmt: skip
        rows = Issue.objects.filter(**self.within("case")).order_by().values_list(*names)
        for key, case, position, decision, asked, other_edition, *coded in rows:
            if case not in self.shared:
                continue  # made while its case was being read: the next look finds it
            self.case_of[key] = case
            batch.keys.append(key)
            batch.value(CASE, key, case)
            batch.value("position", key, position)
            batch.value("weight", key, words_weight(asked))
            batch.fact("decision", decision, key)
            for name, value in self.shared[case]:
                batch.fact(name, value, key)
            for name, value in issue_facts(*coded, other_edition):
                batch.fact(name, value, key)
                self.batches[CASE].fact(name, value, case)
            if other_edition:
                differing.append(key)
        for key, guideline in editions_of(differing):
            batch.fact("other_edition_of", guideline, key)

    def read_citations(self) -> None:
        batch = self.batches[CITATION]
        alike: dict[Kind, list[int]] = defaultdict(list)
        names = ("pk", "issue", "side", "source", "guideline", "edition", as_text("pages"))
        rows = Citation.objects.filter(**self.within("issue__case")).order_by()
        for key, issue, *kind, pages in rows.values_list(*names):
            if issue not in self.case_of:
                continue  # as above
            self.issue_of[key] = issue
            alike[tuple(kind)].append(key)
            batch.keys.append(key)
            batch.value(ISSUE, key, issue)
            for first, last in decoded(pages):
                add_pages(batch, key, first, last)
        cited: dict[str, dict[int, set[str]]] = {side: defaultdict(set) for side in SIDES}
        for kind, keys in alike.items():
            self.add_kind(kind, keys, cited)
        self.add_silence(cited)

    def add_kind(self, kind: Kind, keys: list[int], cited: dict[str, dict[int, set[str]]]) -> None:
        """Citations that are alike in side, source, guideline and edition, as facts of their own,
        of their issues and, but for those in a rationale, of their cases."""
        side, source, guideline, edition = kind
        name = guideline_name(source, guideline)
        facts = self.batches[CITATION].facts
        for own in (("side", side), ("source", source), ("guideline", name), ("edition", edition)):
            facts[own] += keys
        if name == OTHER:
            facts["name_group", name_group(guideline)] += keys
        if side not in SIDES:
            return
        issues = [self.issue_of[key] for key in keys]
        cases = [self.case_of[issue] for issue in issues]
        for issue in issues:
            cited[side][issue].add(name)
        for prefix in ("", f"{side}_"):
            for fact, value in (("source", source), ("guideline", name), ("edition", edition)):
                if value:
                    self.batches[ISSUE].facts[prefix + fact, value] += issues
                    self.batches[CASE].facts[prefix + fact, value] += cases

    def add_silence(self, cited: dict[str, dict[int, set[str]]]) -> None:
        """A side that cites nothing, and how many guidelines both cite together."""
        batch = self.batches[ISSUE]
        for issue in self.case_of:
            for side, names in cited.items():
                if issue not in names:
                    batch.fact(f"{side}_guideline", SILENT, issue)
                    self.batches[CASE].fact(f"{side}_guideline", SILENT, self.case_of[issue])
            both = set().union(*(names[issue] for names in cited.values() if issue in names))
            batch.value("cited", issue, len(both))


Kind = tuple[str, str, str, str]  # side, source, guideline and edition of a citation


def shared_facts(
    decided: dt.date | None, specialties: list[str], claim: Sequence[str | None]
) -> list[tuple[str, str]]:
    names = dict.fromkeys(name[:200] for name in specialties) or [""]
    year = str(decided.year) if decided else ""
    named = ((fact, name or SILENT) for fact, name in zip(CLAIM, claim, strict=True))
    return [("year", year), *(("specialty", name) for name in names), *named]


def receipt_state(received_on: dt.date | None, assumed: bool | None) -> str:
    if received_on is None:
        return SILENT
    return ASSUMED if assumed else CONFIRMED


def issue_facts(
    category: str, subcategory: str, verdict: str, body_parts: str, *kinds: object
) -> Iterator[tuple[str, str]]:
    """Those that its case has as well."""
    yield "category", category
    yield "subcategory", subcategory
    yield "verdict", verdict
    for part in decoded(body_parts) or [SILENT]:
        yield "body", part
    for name, holds in zip(("retrospective", "partial", "other_edition"), kinds, strict=True):
        if holds:
            yield name, "true"


def words_weight(asked: str) -> int:
    return round(WEIGHT_UNIT * sum(map(word_weight, asked.split())))


def editions_of(issues: Sequence[int]) -> Iterator[tuple[int, str]]:
    """By issue, the guidelines that its sides cite by different editions."""
    cited = defaultdict(list)
    for row in Citation.objects.filter(issue__among=issues).order_by("issue", "side", "position"):
        cited[row.issue_id].append(row)
    return ((issue, name) for issue, rows in cited.items() for name in other_editions(rows))


def add_pages(batch: Batch, key: int, first: int, last: int) -> None:
    if last - first >= LONG_RANGE:
        batch.fact("long_range", f"{first}-{last}", key)
    else:
        for page in range(first, last + 1):
            batch.fact("page", str(page), key)


def as_text(name: str) -> Cast:
    """A list that is kept as JSON, as it is stored: most are one of a few (`decoded`)."""
    return Cast(name, TextField())


@lru_cache(maxsize=10_000)
def decoded(text: str) -> list[Any]:
    return json.loads(text)


def ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def number_key(case_number: str) -> int:
    """CM14-0195168 as a number that sorts as it does."""
    return int(case_number[2:4] + case_number[5:])


def guideline_name(source: str, guideline: str) -> str:
    """What a citation is counted under. An ACOEM chapter is one guideline, whether it is cited as
    a part of the MTUS or outside it."""
    return OTHER if source == Source.OTHER else guideline[:200]


def name_group(name: str) -> str:
    return str(crc32(name.encode()) % NAME_GROUPS)

"""Rows of the database as facts and columns of the index.

Facts of issues and of both sides' citations are facts of their case as well ("any issue of it"),
those of an issue's citations are facts of the issue. Other apps add what they know in `sources`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from cases.index.space import Batch, Space
from cases.models import Case, Citation, Flag, Issue, Source
from cases.requests import weight
from cases.sides import other_editions

CASE, ISSUE, CITATION = "case", "issue", "citation"
OTHER = "other"  # evidence that is no guideline of the catalogue, under one name
SILENT = ""
SIDES = ("claims", "maximus")
# Names of "other" evidence are many: they are looked up among those of one of so many groups.
NAME_GROUPS = 1024
LONG_RANGE = 50  # pages; a longer range is kept as such
WEIGHT_UNIT = 100  # of a request's words, as integers

CITED = tuple(f"{prefix}{name}" for prefix in ("", "claims_", "maximus_")
              for name in ("source", "guideline", "edition"))  # fmt: skip
OF_ISSUES = (
    "decision", "category", "subcategory", "verdict", "body", "retrospective", "partial",
    "other_edition", "annotated",
)  # fmt: skip
FAMILIES: dict[str, tuple[str, ...]] = {
    CASE: (
        *OF_ISSUES, *CITED, "priority", "format", "year", "needs_correction", "flag", "specialty",
        "review", "reviewer",
    ),
    ISSUE: (*OF_ISSUES, *CITED, "year", "specialty", "other_edition_of"),
    CITATION: ("side", "source", "guideline", "edition", "name_group", "page", "long_range"),
}  # fmt: skip
DATES = (
    "decision_date", "date_of_injury", "ur_denial_date", "application_received", "date_assigned",
)  # fmt: skip
PARENTS = {ISSUE: CASE, CITATION: ISSUE}
Batches = dict[str, Batch]


@dataclass(frozen=True, slots=True)
class Within:
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
sources: list[Callable[[Within, Batches], None]] = []


def new_spaces() -> dict[str, Space]:
    return {
        name: Space(name, families, PARENTS.get(name, "")) for name, families in FAMILIES.items()
    }


def read_rows(within: Within) -> Batches:
    """The batches of the cases that are meant and of their issues and citations."""
    batches = {name: Batch() for name in FAMILIES}
    specialties = read_cases(within, batches)
    cases = read_issues(within, batches, specialties)
    read_citations(within, batches, cases)
    for source in sources:
        source(within, batches)
    return batches


def ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def number_key(case_number: str) -> int:
    """CM14-0195168 as a number that sorts as it does."""
    return int(case_number[2:4] + case_number[5:])


Specialties = dict[int, tuple[str, tuple[str, ...]]]  # by case: year of the decision, names


def read_cases(within: Within, batches: Batches) -> Specialties:
    batch, found = batches[CASE], {}
    names = (
        "pk",
        "case_number",
        "decision",
        "priority",
        "format",
        "needs_correction",
        "specialties",
    )
    for key, number, decision, priority, form, wrong, specialties, *days in Case.objects.filter(
        **within("pk")
    ).values_list(*names, *DATES):
        year = str(days[0].year) if days[0] else ""
        named = tuple(dict.fromkeys(one[:200] for one in specialties))
        found[key] = year, named
        batch.keys.append(key)
        batch.fact("decision", decision, key)
        batch.fact("priority", priority, key)
        batch.fact("format", form, key)
        batch.fact("year", year, key)
        batch.fact("needs_correction", "true" if wrong else "false", key)
        for one in named:
            batch.fact("specialty", one, key)
        batch.value("number", key, number_key(number))
        for name, day in zip(DATES, days, strict=True):
            batch.value(name, key, ordinal(day))
    for case, code in Flag.objects.filter(**within("case")).order_by().values_list("case", "code"):
        batch.fact("flag", code, case)
    return found


def read_issues(within: Within, batches: Batches, specialties: Specialties) -> dict[int, int]:
    """The case of each issue."""
    batch, of_case, cases = batches[ISSUE], batches[CASE], {}
    names = (
        "pk", "case", "position", "decision", "category", "subcategory", "verdict", "body_parts",
        "retrospective", "in_dispute", "other_edition", "asked",
    )  # fmt: skip
    differing: list[int] = []
    rows = Issue.objects.filter(**within("case")).order_by().values_list(*names)
    for (key, case, position, decision, category, subcategory, verdict, parts, retrospective,
         in_dispute, other_edition, asked) in rows:  # fmt: skip
        cases[key] = case
        year, named = specialties.get(case, ("", ()))
        batch.keys.append(key)
        batch.fact("decision", decision, key)
        batch.fact("year", year, key)
        for one in named or ("",):
            batch.fact("specialty", one, key)
        shared = [("category", category), ("subcategory", subcategory), ("verdict", verdict)]
        shared += [("body", part) for part in parts]
        shared += [(name, "true") for name, holds in (
            ("retrospective", retrospective), ("partial", in_dispute),
            ("other_edition", other_edition)) if holds]  # fmt: skip
        for name, value in shared:
            batch.fact(name, value, key)
            of_case.fact(name, value, case)
        batch.value(CASE, key, case)
        batch.value("position", key, position)
        batch.value("weight", key, round(WEIGHT_UNIT * sum(map(weight, asked.split()))))
        if other_edition:
            differing.append(key)
    for key, guidelines in editions_of(differing):
        for guideline in guidelines:
            batch.fact("other_edition_of", guideline, key)
    return cases


def editions_of(issues: Sequence[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """By issue, the guidelines that its sides cite by different editions."""
    cited = defaultdict(list)
    for row in Citation.objects.filter(issue__among=issues).order_by("issue", "side", "position"):
        cited[row.issue_id].append(row)
    return ((issue, other_editions(rows)) for issue, rows in cited.items())


def read_citations(within: Within, batches: Batches, cases: dict[int, int]) -> None:
    batch, counts = batches[CITATION], defaultdict(int)
    alike: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    silent = {side: set(cases) for side in SIDES}
    names = ("pk", "issue", "side", "source", "guideline", "edition", "pages")
    issues: dict[int, int] = {}
    rows = Citation.objects.filter(**within("issue__case")).order_by()
    for key, issue, side, source, guideline, edition, pages in rows.values_list(*names):
        if issue not in cases:
            continue  # written while its case was being read; the next look finds it
        issues[key] = issue
        alike[side, source, guideline, edition].append(key)
        batch.keys.append(key)
        batch.value(ISSUE, key, issue)
        for first, last in pages:
            add_pages(batch, key, first, last)
        if side in silent:
            silent[side].discard(issue)
    for kind, keys in alike.items():
        add_kind(batches, kind, keys, issues, cases)
    for side, left in silent.items():
        for issue in left:
            batches[ISSUE].fact(f"{side}_guideline", SILENT, issue)
    for issue, names_cited in cited_names(alike, issues).items():
        counts[issue] = len(names_cited)
    for issue, count in counts.items():
        batches[ISSUE].value("cited", issue, count)


def add_pages(batch: Batch, key: int, first: int, last: int) -> None:
    if last - first >= LONG_RANGE:
        batch.fact("long_range", f"{first}-{last}", key)
    else:
        for page in range(first, last + 1):
            batch.fact("page", str(page), key)


def add_kind(
    batches: Batches,
    kind: tuple[str, str, str, str],
    keys: list[int],
    issues: dict[int, int],
    cases: dict[int, int],
) -> None:
    """Citations that are alike in side, source, guideline and edition, as facts of their own, of
    their issues and, but for those in a rationale, of their cases."""
    side, source, guideline, edition = kind
    facts = batches[CITATION].facts
    name = guideline_name(source, guideline)
    for one in (("side", side), ("source", source), ("guideline", name), ("edition", edition)):
        facts[one] += keys
    if name == OTHER:
        facts["name_group", name_group(guideline)] += keys
    if side not in SIDES:
        return
    own = [issues[key] for key in keys]
    of_case = [cases[issue] for issue in own]
    for prefix in ("", f"{side}_"):
        for fact, value in (("source", source), ("guideline", name), ("edition", edition)):
            if value:
                batches[ISSUE].facts[prefix + fact, value] += own
                batches[CASE].facts[prefix + fact, value] += of_case


def cited_names(alike, issues: dict[int, int]) -> dict[int, set[str]]:
    """By issue, the guidelines that either side cites."""
    found: dict[int, set[str]] = defaultdict(set)
    for (side, source, guideline, _), keys in alike.items():
        if side in SIDES:
            for key in keys:
                found[issues[key]].add(guideline_name(source, guideline))
    return found


def guideline_name(source: str, guideline: str) -> str:
    """What a citation is counted under. An ACOEM chapter is one guideline, whether it is cited as
    a part of the MTUS or outside it."""
    return OTHER if source == Source.OTHER else guideline[:200]


def name_group(name: str) -> str:
    return str(crc32(name.encode()) % NAME_GROUPS)

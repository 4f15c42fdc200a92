"""What of a case stands in the index. `index_case` brings it up to date, in the same transaction.

Other apps add texts and facts of their own (annotations, states of review) by a function in
`contributors`, and call `index_case` when these change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from cases.models import Case, Citation, Flag, Issue
from cases.search.days import day_facts
from cases.search.index import CASES, ISSUES, Packed, Row
from cases.search.pages import page_facts

EPOCH = dt.date(1900, 1, 1)
CASE_BITS, POSITION_BITS = 31, 10
# Ranges of the day of decision are ranges of places.
DAYS = ("date_of_injury", "ur_denial_date", "application_received", "date_assigned")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What another app adds to one case, or to one of its issues (by its number)."""

    annotations: tuple[str, ...] = ()
    facts: frozenset[tuple[str, str]] = frozenset()
    shared: frozenset[tuple[str, str]] = frozenset()  # facts of the case and of every issue
    of_issues: dict[int, Contribution] = field(default_factory=dict)


# Each gives what it adds to these cases, by their number.
contributors: list[Callable[[Sequence[Case]], Mapping[int, Contribution]]] = []


def added_to(cases: Sequence[Case]) -> dict[int, list[Contribution]]:
    given = [contribute(cases) for contribute in contributors]
    return {case.pk: [one[case.pk] for one in given if case.pk in one] for case in cases}


def place_of(decision_date: dt.date | None, case_id: int) -> int:
    """Where a case stands, newest decision first, undated last: the larger the earlier."""
    return place_of_day(decision_date) | case_id


def case_at(place: int) -> int:
    """The number of the case that has a place."""
    return place & (1 << CASE_BITS) - 1


def place_of_day(day: dt.date | None) -> int:
    """The place before every case of this day."""
    number = max(1, (day - EPOCH).days) if day else 0
    return number << CASE_BITS


def place_of_issue(case_place: int, position: int) -> int:
    """Issues of a case follow one another."""
    lowest = (1 << POSITION_BITS) - 1
    return case_place << POSITION_BITS | max(0, lowest - position)


@transaction.atomic
def index_case(case: Case) -> None:
    """As the database has it now: the caller's copy may be older than a correction, and of two
    who annotate it at once the later must see what the other added."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    issues = list(case.issues.order_by("position"))
    citations = list(Citation.objects.filter(issue__in=issues).defer("spans"))
    index_rows(case, issues, citations, list(case.flags.all()))


def index_rows(
    case: Case,
    issues: Sequence[Issue],
    citations: Sequence[Citation],
    flags: Sequence[Flag],
) -> None:
    """`index_case` for one whose rows are at hand; keeps the places of case and issues too."""
    replaced = {case.place}, {issue.place for issue in issues}
    set_places(case, issues)
    Case.objects.filter(pk=case.pk).exclude(place=case.place).update(place=case.place)
    for issue in issues:
        Issue.objects.filter(pk=issue.pk).exclude(place=issue.place).update(place=issue.place)
    added = added_to([case])[case.pk]
    CASES.write([case_row(case, issues, citations, flags, added)], replaced[0])
    ISSUES.write(issue_rows(case, issues, citations, flags, added), replaced[1])


Made = tuple[Case, Sequence[Issue], Sequence[Citation], Sequence[Flag]]


def index_new(made: Sequence[Made]) -> None:
    """Many cases that were just made, with their places (`set_places`), in bulk, once other apps
    have added theirs."""
    put(*packed_rows(made))


def put(cases: list[Packed], issues: list[Packed]) -> None:
    CASES.put(cases)
    ISSUES.put(issues)


def packed_rows(made: Sequence[Made]) -> tuple[list[Packed], list[Packed]]:
    """The rows of cases and those of issues."""
    cases, issues = [], []
    added = added_to([one[0] for one in made])
    for case, of_case, citations, flags in made:
        extra = added[case.pk]
        cases.append(CASES.packed(case_row(case, of_case, citations, flags, extra)))
        rows = issue_rows(case, of_case, citations, flags, extra)
        issues += [ISSUES.packed(row) for row in rows]
    return cases, issues


def index_missing(batch: int = 500) -> None:
    """Indexes the cases that are not yet, as after a migration: those without a place."""
    missing = Case.objects.filter(place=0).order_by("pk")
    missing = missing.prefetch_related("issues__citations", "flags")
    while cases := list(missing[:batch]):
        with transaction.atomic():
            made = [whole(case) for case in cases]
            for case, issues, *_ in made:
                set_places(case, issues)
            Case.objects.bulk_update(cases, ["place"])
            Issue.objects.bulk_update([one for _, issues, *_ in made for one in issues], ["place"])
            CASES.delete([case.place for case in cases])
            ISSUES.delete([issue.place for _, issues, *_ in made for issue in issues])
            put(*packed_rows(made))


def whole(case: Case) -> Made:
    issues = sorted(case.issues.all(), key=lambda issue: issue.position)
    citations = [row for issue in issues for row in issue.citations.all()]
    return case, issues, citations, list(case.flags.all())


def set_places(case: Case, issues: Iterable[Issue]) -> None:
    case.place = place_of(case.decision_date, case.pk)
    for issue in issues:
        issue.place = place_of_issue(case.place, issue.position)


def case_row(
    case: Case,
    issues: Sequence[Issue],
    citations: Sequence[Citation],
    flags: Sequence[Flag],
    added: Sequence[Contribution] = (),
) -> Row:
    facts = case_facts(case, flags) | {("decision", case.decision)}
    for issue in issues:
        facts |= issue_facts(issue)
    for one in added:
        facts |= one.facts | one.shared
    texts = common_texts(case, citations) | {
        "request": [issue.treatment_request for issue in issues],
        "rationale": [issue.rationale for issue in issues],
        "annotation": [
            text
            for one in added
            for part in (one, *one.of_issues.values())
            for text in part.annotations
        ],
    }
    return Row(case.place, texts, frozenset(facts | cited_facts(citations)))


def issue_rows(
    case: Case,
    issues: Sequence[Issue],
    citations: Sequence[Citation],
    flags: Sequence[Flag],
    added: Sequence[Contribution] = (),
) -> list[Row]:
    of_case = case_facts(case, flags).union(*(one.shared for one in added))
    rows = []
    for issue in issues:
        cited = [row for row in citations if row.issue_id == issue.pk]
        extra = [one.of_issues[issue.pk] for one in added if issue.pk in one.of_issues]
        facts = of_case | cited_facts(cited)
        facts |= issue_facts(issue) | {("decision", issue.decision)}
        for one in extra:
            facts |= one.facts
        texts = common_texts(case, cited) | {
            "request": [issue.treatment_request],
            "rationale": [issue.rationale, *mentioned(cited)],
            "annotation": [text for one in extra for text in one.annotations],
        }
        texts.pop("summary")  # of the case: it would find every issue alike
        rows.append(Row(issue.place, texts, frozenset(facts)))
    return rows


def mentioned(citations: Sequence[Citation]) -> list[str]:
    """What of a rationale's citations may not stand in its text as it is said of them."""
    return [f"{row.section} {row.raw}" for row in citations if row.side == Citation.Side.RATIONALE]


def case_facts(case: Case, flags: Iterable[Flag]) -> set[tuple[str, str]]:
    return {
        ("priority", case.priority),
        ("format", case.format),
        ("year", str(case.decision_date.year) if case.decision_date else ""),
        ("needs_correction", "true" if case.needs_correction else "false"),
        *(("flag", flag.code) for flag in flags),
        *(fact for name in DAYS for fact in day_facts(name, getattr(case, name))),
    }


def issue_facts(issue: Issue) -> set[tuple[str, str]]:
    """Those that its case has as well."""
    kinds = {
        "retrospective": issue.retrospective,
        "partial": issue.is_partial,
        "other_edition": issue.other_edition,
    }
    return {
        ("category", issue.category),
        ("subcategory", issue.subcategory),
        ("verdict", issue.verdict),
        *(("body", part) for part in issue.body_parts),
        *((name, "true") for name, value in kinds.items() if value),
    }


def cited_facts(citations: Iterable[Citation]) -> set[tuple[str, str]]:
    facts = set()
    for row in citations:
        facts |= {("cites", row.side), ("cites_source", row.source)}
        facts |= {("cites_guideline", row.guideline), ("cites_edition", row.edition)}
        facts |= page_facts(row.pages)
        if row.side == Citation.Side.RATIONALE:
            continue
        for prefix in ("", f"{row.side}_"):
            facts |= {(f"{prefix}source", row.source), (f"{prefix}guideline", row.guideline)}
            if row.edition:
                facts.add((f"{prefix}edition", row.edition))
    return facts


def common_texts(case: Case, citations: Sequence[Citation]) -> dict[str, list[str]]:
    return {
        "number": [case.case_number],
        "summary": [case.clinical_summary],
        "reviewer": [*case.specialties, *case.licensed_states],
        **{
            side: [
                f"{row.source} {row.guideline} {row.section} {row.raw}"
                for row in citations
                if row.side == side
            ]
            for side in ("claims", "maximus")
        },
        **{
            f"{side}_section": [row.section for row in citations if row.side == side]
            for side in ("claims", "maximus")
        },
    }


@receiver(post_delete, sender=Case, dispatch_uid="a deleted case is found no more")
def forget_case(instance: Case, **_: object) -> None:
    CASES.delete([instance.place])


@receiver(post_delete, sender=Issue, dispatch_uid="a deleted issue is found no more")
def forget_issue(instance: Issue, **_: object) -> None:
    ISSUES.delete([instance.place])

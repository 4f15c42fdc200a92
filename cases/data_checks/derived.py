"""What is kept beside a case's fields, against what follows from them.

Values are worked out in memory and never saved. A wrong one is put right there, so that what
follows from it in turn is not found wrong as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.corrected import corrected_values
from cases.data_checks.registry import REFRESH_ALL, Finding, case_checks, refresh
from cases.facts import CaseFacts, facts_of
from cases.letters.checks import overall_decision
from cases.missing_flags import CODES, gaps, state_of
from cases.models import Case, Citation, Flag, Issue
from cases.needs_correction import wants_correction
from cases.past_requests import part_word, same
from cases.search.rows import place_of, place_of_issue
from cases.sides import compare_rows, has_other_edition


def issues_of(case: Case) -> list[Issue]:
    return sorted(case.issues.all(), key=lambda issue: issue.position)


def citations_of(issues: list[Issue]) -> list[Citation]:
    return [row for issue in issues for row in issue.citations.all()]


def check_derived(cases: list[Case]) -> Iterator[Finding]:
    for case in cases:
        issues, flags = issues_of(case), list(case.flags.all())
        for issue in issues:
            yield from check_values(issue, case, of_issue(issue, case))
        yield from untrue_flags(case, issues, flags)
        yield from check_values(case, case, of_case(case, issues, flags))
        facts = facts_of(case, issues, citations_of(issues), flags)
        yield from check_facts(case, facts)
        yield from check_requests(case, issues, facts)


def check_values(row: Case | Issue, case: Case, expected: dict[str, object]) -> Iterator[Finding]:
    for name, value in expected.items():
        stored = getattr(row, name)
        if stored != value:
            setattr(row, name, value)
            label = row._meta.get_field(name).verbose_name
            yield Finding(
                place_in(case, row),
                f"{label} is {shown(stored)}, and its fields give {shown(value)}",
                refresh(case.case_number),
            )


def place_in(case: Case, row: Case | Issue | Citation) -> str:
    suffix = f", issue {row.position}" if isinstance(row, Issue) else ""
    return f"case {case.case_number}{suffix}"


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def of_issue(issue: Issue, case: Case) -> dict[str, object]:
    comparison = compare_rows(list(issue.citations.all()))
    return {
        "verdict": comparison.verdict,
        "other_edition": has_other_edition(comparison),
        "place": place_of_issue(place_of(case.decision_date, case.pk), issue.position),
    }


def of_case(case: Case, issues: list[Issue], flags: list[Flag]) -> dict[str, object]:
    expected: dict[str, object] = {
        "decision": overall_decision([issue.decision or None for issue in issues]) or "",
        "needs_correction": any(map(wants_correction, flags)),
        "place": place_of(case.decision_date, case.pk),
    }
    if case.reading_id is not None:
        expected["corrected"] = corrected_values(case, issues, case.reading.record)
    return expected


def untrue_flags(case: Case, issues: list[Issue], flags: list[Flag]) -> Iterator[Finding]:
    """Flags of missing values that are there; they are left out of `flags`."""
    places = {issue.pk: f"issue-{issue.position}" for issue in issues}
    empty = {(gap.place, gap.code) for gap in gaps(state_of(case, issues))}
    codes = set(CODES.values())
    for flag in [*flags]:
        if flag.code in codes and (places.get(flag.issue_id, "case"), flag.code) not in empty:
            flags.remove(flag)
            yield Finding(
                f"case {case.case_number}, flag {flag.code}",
                "says that a value is missing, and it is there",
                refresh(case.case_number),
            )


def check_facts(case: Case, facts: CaseFacts) -> Iterator[Finding]:
    stored = getattr(case, "stored_facts", None)
    if stored is None or CaseFacts.of_json(stored.facts) != facts:
        problem = "is not counted" if stored is None else "is counted by other facts than it has"
        # Not this case alone: a refresh would change the sums by what it was wrongly counted by.
        yield Finding(f"case {case.case_number}", problem, REFRESH_ALL)


def check_requests(case: Case, issues: list[Issue], facts: CaseFacts) -> Iterator[Finding]:
    """The index of past requests: a row and the words of each issue."""
    for issue, one in zip(issues, facts.issues, strict=True):
        words = {*one.words, *map(part_word, issue.body_parts)}
        stored = {(row.category, row.word) for row in issue.request_words.all()}
        if not same(getattr(issue, "past_request", None), issue, one) or stored != {
            (one.category, word) for word in words
        }:
            yield Finding(
                place_in(case, issue),
                "stands otherwise in the index of precedents than its request says",
                refresh(case.case_number),
            )


case_checks.append(check_derived)

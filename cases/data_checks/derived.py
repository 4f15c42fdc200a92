"""What is kept beside a case's fields, against what follows from them.

Values are worked out in memory and never saved. A wrong one is put right there, so that what
follows from it in turn is not found wrong as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.corrections.corrected_fields import corrected_values
from cases.corrections.missing_flags import CODES, missing_values, snapshot_of
from cases.corrections.queue import needs_correction
from cases.corrections.refresh import decision_of, derived_values
from cases.data_checks.registry import Finding, case_checks, refresh
from cases.models import Case, Citation, Flag, Issue
from cases.models.field_names import field_label


def issues_of(case: Case) -> list[Issue]:
    return sorted(case.issues.all(), key=lambda issue: issue.position)


def citations_of(issues: list[Issue]) -> list[Citation]:
    return [row for issue in issues for row in issue.citations.all()]


def check_derived(cases: list[Case]) -> Iterator[Finding]:
    for case in cases:
        issues, flags = issues_of(case), list(case.flags.all())
        for issue in issues:
            yield from check_values(issue, case, derived_values(issue, list(issue.citations.all())))
        yield from obsolete_flags(case, issues, flags)
        yield from check_values(case, case, derived_case_values(case, issues, flags))


def check_values(row: Case | Issue, case: Case, expected: dict[str, object]) -> Iterator[Finding]:
    for name, value in expected.items():
        stored = getattr(row, name)
        if stored != value:
            setattr(row, name, value)
            label = field_label(type(row), name)
            yield Finding(
                place_in(case, row),
                f"{label} is {quote_value(stored)}, and its fields give {quote_value(value)}",
                refresh(case.case_number),
            )


def place_in(case: Case, row: Case | Issue | Citation) -> str:
    suffix = f", issue {row.position}" if isinstance(row, Issue) else ""
    return f"case {case.case_number}{suffix}"


def quote_value(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def derived_case_values(case: Case, issues: list[Issue], flags: list[Flag]) -> dict[str, object]:
    expected: dict[str, object] = {
        "decision": decision_of(issues),
        "needs_correction": any(map(needs_correction, flags)),
    }
    if case.reading is not None:
        expected["corrected"] = corrected_values(case, issues, case.reading.record)
    return expected


def obsolete_flags(case: Case, issues: list[Issue], flags: list[Flag]) -> Iterator[Finding]:
    """Flags of missing values that are there; they are left out of `flags`."""
    places: dict[int | None, str] = {issue.pk: f"issue-{issue.position}" for issue in issues}
    empty = {(gap.place, gap.code) for gap in missing_values(snapshot_of(case, issues))}
    codes = set(CODES.values())
    for flag in [*flags]:
        if flag.code in codes and (places.get(flag.issue_id, "case"), flag.code) not in empty:
            flags.remove(flag)
            yield Finding(
                f"case {case.case_number}, flag {flag.code}",
                "says that a value is missing, and it is there",
                refresh(case.case_number),
            )


case_checks.append(check_derived)

"""Flags for missing values, kept consistent with the values of the case.

Filling in a value deletes its flag; emptying it adds the flag again. A flag that a person settled
while the value is empty is not added again until then. `history.correction` calls
`update_missing_flags`, so corrections, imports, restores and re-parses behave alike. `refresh`
calls `delete_obsolete_flags` for writes that are no corrections; `flag_missing_values` is for
cases that are entered manually.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cases.corrections.snapshot import Snapshot, Values, row_values, snapshot
from cases.letters.checks import NOT_GIVEN, missing
from cases.models import Case, Flag, Issue

ERRORS = (
    "case_number",
    "priority",
    "date_of_injury",
    "ur_denial_date",
    "application_received",
    "date_assigned",
    "decision_date",
    "clinical_summary",
)
WARNINGS = ("specialties", "licensed_states")
OF_CASE = (*ERRORS, *WARNINGS, "format")
OF_ISSUE = ("decision", "rationale")
CODES = {
    **{name: f"missing-{name.replace('_', '-')}" for name in (*ERRORS, *WARNINGS, "issues")},
    **{name: f"issue-without-{name}" for name in OF_ISSUE},
}
ALL_CODES = frozenset(CODES.values())


@dataclass(frozen=True, slots=True)
class MissingValue:
    """A value that is empty; `place` is "case" or that of an issue (cases.corrections.snapshot)."""

    place: str
    field: str

    @property
    def code(self) -> str:
        return CODES[self.field]

    @property
    def level(self) -> str:
        return Flag.Level.WARNING if self.field in WARNINGS else Flag.Level.ERROR


def update_missing_flags(case: Case, before: Snapshot) -> None:
    """Flags what was emptied since, and takes away flags of what was filled."""
    now = snapshot(case)
    issues = {f"issue-{issue.position}": issue for issue in case.issues.all()}
    delete_obsolete_flags(case, list(issues.values()), list(case.flags.all()))
    add_flags(case, issues, expected_values(now) - expected_values(before))


def flag_missing_values(case: Case) -> None:
    """Flags every value that a letter of the case's format would give, and that is empty."""
    issues = {f"issue-{issue.position}": issue for issue in case.issues.all()}
    add_flags(case, issues, expected_values(snapshot_of(case, issues.values())))


def delete_obsolete_flags(case: Case, issues: Sequence[Issue], flags: Sequence[Flag]) -> list[Flag]:
    """Deletes the flags of values that are there; returns the others."""
    places: dict[int | None, str] = {issue.pk: f"issue-{issue.position}" for issue in issues}
    empty = empty_values(case, issues)
    untrue = [
        flag for flag in flags if is_obsolete(places.get(flag.issue_id, "case"), flag.code, empty)
    ]
    if untrue:
        Flag.objects.filter(pk__in=[flag.pk for flag in untrue]).delete()
    return [flag for flag in flags if flag not in untrue]


def empty_values(case: Case, issues: Iterable[Issue]) -> set[tuple[str, str]]:
    """Place and code of every value that is missing."""
    return {(gap.place, gap.code) for gap in missing_values(snapshot_of(case, issues))}


def is_obsolete(place: str, code: str, empty: set[tuple[str, str]]) -> bool:
    """Whether a flag of this code reports a value missing that is there."""
    return code in ALL_CODES and (place, code) not in empty


def add_flags(case: Case, issues: dict[str, Issue], missing: Iterable[MissingValue]) -> None:
    there = {(flag.issue_id, flag.code) for flag in case.flags.all()}
    for gap in sorted(missing, key=lambda gap: (gap.place, gap.code)):
        issue = issues.get(gap.place)
        if (issue and issue.pk, gap.code) not in there:
            Flag.objects.create(
                case=case,
                issue=issue,
                code=gap.code,
                field=gap.field,
                level=gap.level,
                message=message_of(gap, case.first_page),
            )


def message_of(gap: MissingValue, page: int) -> str:
    if gap.place != "case":
        return f"No {gap.field} found for this treatment."
    if gap.field == "issues":
        return "No disputed treatment found."
    return missing(gap.field, "error", page).message


def snapshot_of(case: Case, issues: Iterable[Issue]) -> Snapshot:
    of_issues = {f"issue-{one.position}": row_values(one, OF_ISSUE) for one in issues}
    return {"case": row_values(case, OF_CASE), **of_issues}


def expected_values(state: Snapshot) -> set[MissingValue]:
    """The gaps of values that the format gives."""
    excused = NOT_GIVEN.get(state["case"]["format"], set())
    return {gap for gap in missing_values(state) if gap.place != "case" or gap.field not in excused}


def missing_values(state: Snapshot) -> Iterator[MissingValue]:
    issues = {place: one for place, one in state.items() if is_issue(place)}
    yield from (
        MissingValue("case", name) for name in empty_fields(state["case"], (*ERRORS, *WARNINGS))
    )
    if not issues:
        yield MissingValue("case", "issues")
    for place, one in issues.items():
        yield from (MissingValue(place, name) for name in empty_fields(one, OF_ISSUE))


def is_issue(place: str) -> bool:
    return place.startswith("issue-") and place.count("-") == 1


def empty_fields(row: Values, names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if row[name] in (None, "", []))

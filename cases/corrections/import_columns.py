"""Which columns of an exported CSV can be imported, and why the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from cases.forms.claim import TEXT_FACTS
from cases.models.field_names import CASE_FIELDS, PARTIAL_FIELDS

NOT_TO_IMPORT = ("case_number", "format", "first_page", "last_page")
KEYS = ("case_number", "position")
OF_CASE = tuple(name for name in CASE_FIELDS if name not in NOT_TO_IMPORT)
OF_ISSUE = (
    "treatment_request",
    "decision",
    "category",
    "subcategory",
    "rationale",
    "body_parts",
    "retrospective",
    *PARTIAL_FIELDS,
)
# What staff know of a case and its letter does not say.
OF_CLAIM = (*TEXT_FACTS, "received_on", "received_assumed")
ISSUES_OWN = "It belongs to the issues: correct it in a CSV of issues."
CASES_OWN = "It belongs to the case: correct it in a CSV of cases."
ON_ITS_PAGE = "Correct it on the correction page of the case."
COMPUTED = "It is computed from other values."
CITATIONS = "Citations are corrected on the correction page of the case."
FLAGS = "A flag goes when its value is filled in, or when it is resolved on the correction page."
REASONS = {
    **dict.fromkeys(("issues", "issue_decisions", "treatment_requests", "categories"), ISSUES_OWN),
    **dict.fromkeys(("verdict", "verdicts", "relations", "needs_correction"), COMPUTED),
    **dict.fromkeys(("claims_citations", "maximus_citations"), CITATIONS),
    **dict.fromkeys(("format", "first_page", "last_page"), ON_ITS_PAGE),
    "flags": FLAGS,
    "corrected": "It says what was corrected; the history records that.",
    "review": "Reviews are submitted on the page of the case.",
}


@dataclass(frozen=True, slots=True)
class IgnoredColumn:
    name: str
    why: str


def imported_columns(columns: Sequence[str]) -> list[str]:
    """Those that give values of letters: of issues where the file has their positions, else of
    cases."""
    offered = OF_ISSUE if "position" in columns else OF_CASE
    return [name for name in offered if name in columns]


def claim_columns(columns: Sequence[str]) -> list[str]:
    """Those that give claim facts; a file of issues has them once for each issue."""
    return [] if "position" in columns else [name for name in OF_CLAIM if name in columns]


def ignored_columns(columns: Sequence[str]) -> tuple[IgnoredColumn, ...]:
    taken = {*imported_columns(columns), *claim_columns(columns), *KEYS}
    of_issues = "position" in columns
    return tuple(
        IgnoredColumn(name or "(no name)", reason(name, of_issues=of_issues))
        for name in columns
        if name not in taken
    )


def reason(name: str, *, of_issues: bool) -> str:
    if of_issues and name in (*OF_CASE, *OF_CLAIM):
        return CASES_OWN
    if not of_issues and name in OF_ISSUE:
        return ISSUES_OWN
    if name in REASONS:
        return REASONS[name]
    offered = OF_ISSUE if of_issues else (*OF_CASE, *OF_CLAIM)
    if near := get_close_matches(name.strip().lower().replace(" ", "_"), offered, n=1, cutoff=0.75):
        return f"No column has this name. Did you mean {near[0]}?"
    return "No column of the export has this name."

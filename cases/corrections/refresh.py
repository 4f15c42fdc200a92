"""What follows from a case's other fields, worked out in one place.

Whoever writes a case (a first reading, a re-parse, a correction in the admin) calls
`refresh_case` afterwards, in the same transaction. Verdicts, the decision of the whole, and
whatever else is kept beside the fields is brought up to date here; other apps hear of it through
`cases.signals.case_changed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from cases.corrections.corrected_fields import corrected_values
from cases.corrections.missing_flags import delete_obsolete_flags
from cases.corrections.queue import needs_correction
from cases.index.texts import index_rows
from cases.letters.checks import overall_decision
from cases.letters.model import Decision as DecisionRead
from cases.letters.requests.request_words import request_words
from cases.models import Case, Citation, Flag, Issue
from cases.models.sides import compare_rows, has_other_edition
from cases.signals import case_changed


@dataclass(slots=True)
class CaseRows:
    """A case with all the rows that belong to it, as they were made."""

    case: Case
    issues: list[Issue] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def refresh_case(case: Case) -> None:
    # Two who write one case take turns, lest each keep what follows from half of the changes.
    Case.objects.select_for_update().get(pk=case.pk)
    issues = list(case.issues.order_by("position").prefetch_related("citations"))
    for issue in issues:
        refresh_issue(issue)
    if case.reading is not None:
        case.corrected = corrected_values(case, issues, case.reading.record)
    case.decision = decision_of(issues)
    flags = delete_obsolete_flags(case, issues, list(case.flags.all()))
    case.needs_correction = any(map(needs_correction, flags))
    case.save(update_fields=["decision", "needs_correction", "corrected", "updated_at"])
    index_rows(case, issues, [row for issue in issues for row in issue.citations.all()])
    case_changed.send(Case, case=case)


def decision_of(issues: Sequence[Issue]) -> str:
    """The decision of the whole case; "" where no issue has one."""
    decisions = [issue.decision or None for issue in issues]
    # The database holds no other words than those of the letters.
    return overall_decision(cast("list[DecisionRead | None]", decisions)) or ""


def derived_values(issue: Issue, citations: Sequence[Citation]) -> dict[str, object]:
    """The values of an issue that follow from the others and from its citations."""
    comparison = compare_rows(citations)
    return {
        "verdict": comparison.verdict,
        "other_edition": has_other_edition(comparison),
        "asked": request_text(issue),
    }


def refresh_issue(issue: Issue) -> None:
    values = derived_values(issue, list(issue.citations.all()))
    if any(getattr(issue, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(issue, name, value)
        issue.save(update_fields=list(values))


def request_text(issue: Issue) -> str:
    """The words by which requests are compared, with spaces between."""
    return " ".join(request_words(issue.disputed))


def fill_request_words(batch: int = 2000) -> None:
    """Of issues from before these words were kept; a request without such words has none."""
    rows = Issue.objects.filter(asked="").order_by("pk").defer("rationale", "provenance")
    after = 0
    while issues := list(rows.filter(pk__gt=after)[:batch]):
        after = issues[-1].pk
        for issue in issues:
            issue.asked = request_text(issue)
        Issue.objects.bulk_update([issue for issue in issues if issue.asked], ["asked"])

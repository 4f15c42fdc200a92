"""What follows from a case's other fields, worked out in one place.

Whoever writes a case (a first reading, a re-parse, a correction in the admin) calls
`refresh_case` afterwards, in the same transaction. Verdicts, the decision of the whole, and
whatever else is kept beside the fields so that lists are fast is brought up to date here; other
apps hear of it through `cases.signals.case_changed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import prefetch_related_objects

from cases.corrected import corrected_values
from cases.facts import facts_of
from cases.letters.checks import overall_decision
from cases.missing_flags import drop_untrue
from cases.models import Case, Citation, Flag, Issue
from cases.needs_correction import wants_correction
from cases.past_requests import record_new_requests, record_requests
from cases.search.rows import index_rows
from cases.sides import compare_rows, has_other_edition
from cases.signals import case_changed
from cases.summaries import record_facts, record_new


@dataclass(slots=True)
class CaseRows:
    """A case with all the rows that belong to it, as `derive_new` takes them."""

    case: Case
    issues: list[Issue] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    def cited(self, issue: Issue) -> list[Citation]:
        return [row for row in self.citations if row.issue_id == issue.pk]


def refresh_case(case: Case) -> None:
    # Two who write one case take turns, lest each keep what follows from half of the changes.
    Case.objects.select_for_update().get(pk=case.pk)
    issues = list(case.issues.order_by("position").prefetch_related("citations"))
    for issue in issues:
        compare_sides(issue)
    if case.reading_id is not None:
        case.corrected = corrected_values(case, issues, case.reading.record)
    case.decision = overall_decision([issue.decision or None for issue in issues]) or ""
    flags = drop_untrue(case, issues, list(case.flags.all()))
    case.needs_correction = any(map(wants_correction, flags))
    case.save(update_fields=["decision", "needs_correction", "corrected", "updated_at"])
    citations = [row for issue in issues for row in issue.citations.all()]
    facts = facts_of(case, issues, citations, flags)
    record_facts(case, facts)
    record_requests(issues, facts)
    index_rows(case, issues, citations, flags)
    case_changed.send(Case, case=case)


def compare_sides(issue: Issue) -> None:
    comparison = compare_rows(list(issue.citations.all()))
    now = comparison.verdict, has_other_edition(comparison)
    if now != (issue.verdict, issue.other_edition):
        issue.verdict, issue.other_edition = now
        issue.save(update_fields=["verdict", "other_edition"])


def derive_new(made: Sequence[CaseRows]) -> None:
    """What `refresh_case` keeps beside the case, in bulk, for cases that were just made.

    Their rows hold verdicts and decisions already. Sends no `case_changed`: who makes cases in
    bulk tells of them in bulk.
    """
    facts = [facts_of(m.case, m.issues, m.citations, m.flags) for m in made]
    record_new([(m.case, f) for m, f in zip(made, facts, strict=True)])
    record_new_requests([(m.issues, f) for m, f in zip(made, facts, strict=True)])


def derive_missing(batch: int = 500) -> None:
    """For cases from before anything was kept beside them; called after migrations."""
    while cases := list(Case.objects.filter(stored_facts=None).order_by("pk")[:batch]):
        with transaction.atomic():
            derive_new([rows_of(case) for case in prefetched(cases)])


def prefetched(cases: list[Case]) -> list[Case]:
    prefetch_related_objects(cases, "issues__citations", "flags")
    return cases


def rows_of(case: Case) -> CaseRows:
    issues = sorted(case.issues.all(), key=lambda issue: issue.position)
    citations = [row for issue in issues for row in issue.citations.all()]
    return CaseRows(case, issues, citations, list(case.flags.all()))

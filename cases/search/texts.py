"""The texts that a search looks through, as they stand in the rows: for excerpts of them."""

from __future__ import annotations

from collections.abc import Sequence

from cases.models import Case, Citation, Issue
from cases.search.excerpts import Text


def texts_of_cases(cases: Sequence[Case]) -> dict[int, list[Text]]:
    summaries = dict(
        Case.objects.filter(pk__in=[case.pk for case in cases]).values_list(
            "pk", "clinical_summary"
        )
    )
    named = Issue.objects.only("case", "treatment_request")
    issues = list(named.filter(case__in=summaries).order_by("case_id", "position"))
    of_issues = texts_of_issues(issues)
    found: dict[int, list[Text]] = {case.pk: [] for case in cases}
    for issue in issues:
        found[issue.case_id] += of_issues[issue.pk]
    for pk, summary in summaries.items():
        found[pk].append(Text("summary", "Clinical case summary", summary))
    return found


def texts_of_issues(issues: Sequence[Issue]) -> dict[int, list[Text]]:
    found = {issue.pk: [Text("request", "Request", issue.treatment_request)] for issue in issues}
    rationales = Issue.objects.filter(pk__in=found).values_list("pk", "rationale")
    for pk, rationale in rationales:
        found[pk].append(Text("rationale", "Rationale", rationale))
    cited = Citation.objects.filter(issue__in=found).exclude(side=Citation.Side.RATIONALE)
    for one in cited.defer("spans").order_by("side", "position"):
        words = f"{one.source} {one.guideline} {one.section} {one.raw}"
        found[one.issue_id].append(Text(one.side, one.get_side_display(), words))
    return found

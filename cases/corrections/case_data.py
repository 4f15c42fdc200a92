"""Converts rows and records to and from `three_way_merge.CaseData`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from cases.corrections.record_values import (
    SIDES,
    case_values,
    category_rule,
    citation_values,
    issue_values,
)
from cases.corrections.three_way_merge import CaseData, CitationData, IssueData
from cases.models import Case, Citation, Flag, Issue, Reading
from cases.models.field_names import CASE_FIELDS, CITATION_FIELDS, ISSUE_FIELDS

POSITION_OFFSET = 1_000_000
FlagKey = tuple[str, str, int | None]  # code, field, position of the issue


def data_from_record(record: dict[str, Any]) -> CaseData:
    """The data of a reading's record."""
    issues = tuple(issue_from_record(issue) for issue in record["issues"])
    return CaseData(case_values(record), issues, {"provenance": record["provenance"]})


def issue_from_record(issue: dict[str, Any]) -> IssueData:
    return IssueData(
        issue_values(issue),
        {side: tuple(map(citation_from_record, issue[name])) for side, name in SIDES.items()},
        {"provenance": issue["provenance"], "category_rule": category_rule(issue)},
    )


def citation_from_record(record: dict[str, Any]) -> CitationData:
    values = citation_values(record)
    return CitationData(
        **values | {"pages": page_tuples(values["pages"]), "spans": tuple(values["spans"])}
    )


def page_tuples(pages: Iterable) -> tuple[tuple[int, int], ...]:
    return tuple((first, last) for first, last in pages)


def data_from_case(case: Case) -> CaseData:
    """The stored data; issues and citations carry the keys of their rows."""
    issues = case.issues.order_by("position").prefetch_related("citations")
    return CaseData(
        {name: getattr(case, name) for name in CASE_FIELDS},
        tuple(issue_from_row(issue) for issue in issues),
        {"provenance": case.provenance},
    )


def issue_from_row(issue: Issue) -> IssueData:
    cited: dict[str, tuple[CitationData, ...]] = {}
    rows = sorted(issue.citations.all(), key=lambda row: row.position)
    for side in SIDES:
        cited[side] = tuple(
            CitationData(
                row.source,
                row.guideline,
                row.edition,
                row.section,
                page_tuples(row.pages),
                row.raw,
                tuple(row.spans),
                row.pk,
            )
            for row in rows
            if row.side == side
        )
    return IssueData(
        {name: getattr(issue, name) for name in ISSUE_FIELDS},
        cited,
        {"provenance": issue.provenance, "category_rule": issue.category_rule},
        issue.pk,
    )


# -- writing -----------------------------------------------------------------------------------


def write_case(case: Case, data: CaseData, reading: Reading) -> None:
    """Updates the case to the data: rows that have a key are kept, others are created.

    Issues and citations that are not in the data are deleted. The caller calls `refresh_case`.
    """
    before = case.reading.record if case.reading else None
    for name, value in data.values.items():
        setattr(case, name, value)
    case.provenance = data.rest["provenance"]
    case.reading = reading
    case.document_id = reading.document_id
    case.save()
    case.issues.exclude(pk__in=[one.key for one in data.issues if one.key]).delete()
    case.issues.update(position=F("position") + POSITION_OFFSET)
    rows = [write_issue(case, one, position) for position, one in enumerate(data.issues, 1)]
    write_flags(case, before, reading.record, data, rows)


def write_issue(case: Case, data: IssueData, position: int) -> Issue:
    issue = Issue.objects.get(pk=data.key) if data.key else Issue(case=case)
    issue.position = position
    for name, value in data.values.items():
        setattr(issue, name, value)
    issue.provenance = data.rest["provenance"]
    issue.category_rule = data.rest["category_rule"]
    issue.save()
    kept = [one.key for cited in data.citations.values() for one in cited if one.key]
    if data.key:
        issue.citations.exclude(pk__in=kept).delete()
        issue.citations.update(position=F("position") + POSITION_OFFSET)
    rows = [
        Citation(
            pk=one.key,
            issue=issue,
            side=side,
            position=position,
            source=one.source,
            guideline=one.guideline,
            edition=one.edition,
            section=one.section,
            pages=[list(pages) for pages in one.pages],
            raw=one.raw,
            spans=list(one.spans),
        )
        for side, cited in data.citations.items()
        for position, one in enumerate(cited, 1)
    ]
    new, stored = ([row for row in rows if (row.pk is None) is is_new] for is_new in (True, False))
    Citation.objects.bulk_create(new)
    if stored:
        Citation.objects.bulk_update(stored, ["position", *CITATION_FIELDS, "spans"])
    return issue


def write_flags(
    case: Case, before: dict | None, record: dict, data: CaseData, rows: list[Issue]
) -> None:
    """Flags three ways too: those a person has removed stay away, those added by hand stay."""
    numbers = rows_by_read_position(record, data, rows)
    read = {flag_key(flag): flag for flag in record["flags"]}
    known = {flag_key(flag) for flag in before["flags"]} if before else set()
    there: dict[FlagKey, Flag] = {}
    positions = {row.pk: number for number, row in numbers.items()}
    for flag in case.flags.all():
        key = (flag.code, flag.field, positions.get(flag.issue_id) if flag.issue_id else None)
        if key in known and key not in read:
            flag.delete()
        else:
            there[key] = flag
    Flag.objects.bulk_create(
        Flag(
            case=case,
            issue=numbers.get(flag["issue"]),
            code=flag["code"],
            field=flag["field"],
            message=flag["message"],
            level=flag["level"],
        )
        for key, flag in read.items()
        if key not in there and key not in known
    )


def flag_key(flag: dict[str, Any]) -> FlagKey:
    return flag["code"], flag["field"], flag["issue"]


def rows_by_read_position(record: dict, data: CaseData, rows: list[Issue]) -> dict[int, Issue]:
    """Position of an issue in the reading → its row; by its provenance, which is the reading's."""
    provenances = [issue["provenance"] for issue in record["issues"]]
    found: dict[int, Issue] = {}
    for one, row in zip(data.issues, rows, strict=True):
        for number, provenance in enumerate(provenances, 1):
            if number not in found and one.rest["provenance"] is provenance:
                found[number] = row
                break
    return found

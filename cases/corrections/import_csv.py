"""Imports corrections from a CSV export that was edited in a spreadsheet.

First a dry run says what would change and what is mistaken; then the very same changes are made,
each only if its case is still as it was seen.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.models import User

from cases.corrections.claim_facts import facts_at_hand, facts_of, set_claim_facts
from cases.corrections.history import EditConflict, Origin, correction, version_of
from cases.corrections.import_columns import (
    IgnoredColumn,
    claim_columns,
    ignored_columns,
    imported_columns,
)
from cases.corrections.snapshot import CLAIM, json_value, place_in_words
from cases.forms.case import CaseForm, ChangeTrackingForm, IssueForm
from cases.forms.claim import ClaimFactsForm
from cases.models import Case, ClaimFacts, Issue
from cases.numbers import whole_number

MOST_BYTES = 2_000_000
MOST_ROWS = 1_000
LISTS = ("specialties", "licensed_states", "body_parts")


class CannotImport(Exception):
    """The file as a whole can't be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One line's changes: field → text as the file has it. `position` 0 is the case itself.

    `claim` are changes of its claim facts, as JSON has them; `claim_version` says what they were
    compared with.
    """

    case_number: str
    position: int
    version: str
    values: dict[str, str]
    claim: dict[str, Any] = field(default_factory=dict)
    claim_version: str = ""


@dataclass(frozen=True, slots=True)
class ChangePreview:
    case_number: str
    words: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class LineError:
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class DryRun:
    planned: tuple[PlannedChange, ...]
    shown: tuple[ChangePreview, ...]
    mistakes: tuple[LineError, ...]
    ignored: tuple[IgnoredColumn, ...]


def read_rows(data: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """Lines by column, and the columns. Undoes the apostrophe that guards cells
    (cases.lists.csv_export)."""
    if len(data) > MOST_BYTES:
        raise CannotImport(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotImport("The file is not UTF-8. Save it as “CSV UTF-8”.") from error
    if "\0" in text:
        raise CannotImport("The file contains NUL characters; it is not a CSV file.")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        columns = list(reader.fieldnames or ())
        rows = [
            {name: (value or "").removeprefix("'") for name, value in row.items() if name}
            for row in reader
        ]
    except csv.Error as error:
        raise CannotImport(f"The file is not a CSV file: {error}.") from error
    if "case_number" not in columns:
        raise CannotImport("The first line must name the columns, including case_number.")
    if len(rows) > MOST_ROWS:
        raise CannotImport(f"At most {MOST_ROWS:,} lines can be imported at once. Split the file.")
    return rows, columns


def dry_run(data: bytes) -> DryRun:
    """What the file would change.

    Raises:
        CannotImport: the file is not such an export.
    """
    rows, columns = read_rows(data)
    fields, ignored = imported_columns(columns), ignored_columns(columns)
    claimed, seen = claim_columns(columns), set()
    numbers = {row["case_number"] for row in rows}
    cases = Case.objects.select_related("reading", "claim_facts").in_bulk(
        numbers, field_name="case_number"
    )
    planned, shown, mistakes = [], [], []
    for line, row in enumerate(rows, 2):
        case = cases.get(row["case_number"])
        if case is None:
            mistakes.append(LineError(line, f"No case {row['case_number'][:40]!r} is on file."))
            continue
        if claimed and case.pk in seen:
            mistakes.append(LineError(line, f"{case} stands in the file more than once."))
            continue
        seen.add(case.pk)
        position = row.get("position", "0") or "0"
        target = find_target(case, position)
        if target is None:
            mistakes.append(LineError(line, f"{case} has no issue {position[:20]!r}."))
            continue
        before = {name: json_value(getattr(target, name)) for name in fields}
        values = {name: row[name] for name in fields}
        form = form_for(target, values)
        claim_form = ClaimLineForm(row, columns=claimed, decided=case.decision_date)
        if not form.is_valid() or not claim_form.is_valid():
            mistakes += [
                LineError(line, f"{name}: {' '.join(map(str, errors))}")
                for name, errors in {**form.errors, **claim_form.errors}.items()
            ]
            continue
        after = {name: json_value(form.cleaned_data[name]) for name in fields}
        changed = [name for name in fields if (after[name] or None) != (before[name] or None)]
        facts = facts_at_hand(case)
        claim = claim_form.changes_of(facts)
        if changed or claim:
            kept = {name: values[name] for name in changed}
            planned.append(
                PlannedChange(
                    case.case_number,
                    int(position),
                    version_of(case),
                    kept,
                    {name: json_value(value) for name, value in claim.items()},
                    claim_version_of(facts),
                )
            )
            place = f"issue-{position}" if int(position) else "case"
            shown += [
                ChangePreview(
                    case.case_number, place_in_words(place, name), name, before[name], after[name]
                )
                for name in changed
            ]
            shown += [
                ChangePreview(
                    case.case_number,
                    place_in_words(CLAIM, name),
                    name,
                    json_value(getattr(facts, name)),
                    json_value(value),
                )
                for name, value in claim.items()
            ]
    return DryRun(tuple(planned), tuple(shown), tuple(mistakes), ignored)


class ClaimLineForm(ClaimFactsForm):
    """The claim facts of one line of the file, in the columns that it has."""

    received_assumed = forms.ChoiceField(
        choices=[("", ""), ("yes", "yes"), ("no", "no")],
        required=False,
        error_messages={"invalid_choice": "Enter yes or no."},
    )

    def __init__(self, row: dict[str, str], *, columns: list[str], decided: dt.date | None) -> None:
        super().__init__(row, decided=decided)
        for name in [name for name in self.fields if name not in columns]:
            del self.fields[name]

    def changes_of(self, facts: ClaimFacts) -> dict[str, Any]:
        """Of a valid line. A day counts as confirmed unless the line says that it is assumed, as
        an export does."""
        values: dict[str, Any] = dict(self.cleaned_data)
        assumed = values.pop("received_assumed", "")
        day = values.get("received_on", facts.received_on)
        if day and (assumed or "received_on" in values):
            values["received_assumed"] = assumed == "yes"
        return {name: value for name, value in values.items() if value != getattr(facts, name)}


def claim_version_of(facts: ClaimFacts) -> str:
    return facts.updated_at.isoformat() if facts.pk else ""


def find_target(case: Case, position: str) -> Case | Issue | None:
    number = whole_number(position, digits=5)
    if number is None:
        return None
    return case if number == 0 else Issue.objects.filter(case=case, position=number).first()


def form_for(target: Case | Issue, values: dict[str, str]) -> ChangeTrackingForm:
    """The correction page's own form, with these fields alone."""
    data = {k: v.replace("; ", ", ") if k in LISTS else v for k, v in values.items()}
    form = (CaseForm if isinstance(target, Case) else IssueForm)(data, instance=target)
    for name in list(form.fields):
        if name not in values:
            del form.fields[name]
        else:
            form.fields[name].show_hidden_initial = False
    return form


def apply_changes(planned: list[PlannedChange], who: User, why: str) -> tuple[int, list[str]]:
    """Returns how many lines were taken, and the cases that had changed since the dry run."""
    taken, late = 0, []
    by_case: dict[str, list[PlannedChange]] = {}
    for one in planned:
        by_case.setdefault(one.case_number, []).append(one)
    for number, lines in by_case.items():
        case = Case.objects.filter(case_number=number).first()
        try:
            if case is None:
                raise EditConflict([])
            with correction(case, who, why, origin=Origin.IMPORT, seen=lines[0].version) as locked:
                for line in lines:
                    apply_change(locked, line)
                    apply_claim(locked, line, who, why)
        except EditConflict:
            late.append(number)
        else:
            taken += len(lines)
    return taken, late


def apply_claim(case: Case, line: PlannedChange, who: User, why: str) -> None:
    if not line.claim:
        return
    if line.claim_version != claim_version_of(facts_of(case)):
        raise EditConflict([])
    values = dict(line.claim)
    if values.get("received_on"):
        values["received_on"] = dt.date.fromisoformat(values["received_on"])
    set_claim_facts(case, values, who, why, origin=Origin.IMPORT)


def apply_change(case: Case, line: PlannedChange) -> None:
    if not line.values:
        return
    target = find_target(case, str(line.position))
    form = form_for(target, line.values) if target else None
    if form is None or not form.is_valid():
        raise EditConflict([])
    form.save_changes()

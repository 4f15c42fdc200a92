"""Imports corrections from a CSV export that was edited in a spreadsheet.

First a dry run says what would change and what is mistaken; then the very same changes are made,
each only if its case is still as it was seen.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from cases.corrections.history import EditConflict, Origin, correction, version_of
from cases.corrections.import_columns import IgnoredColumn, ignored_columns, imported_columns
from cases.corrections.snapshot import json_value, place_in_words
from cases.forms.case import CaseForm, ChangeTrackingForm, IssueForm
from cases.models import Case, Issue
from cases.numbers import whole_number

MOST_BYTES = 2_000_000
MOST_ROWS = 1_000
LISTS = ("specialties", "licensed_states", "body_parts")


class CannotImport(Exception):
    """The file as a whole can't be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One line's changes: field → text as the file has it. `position` 0 is the case itself."""

    case_number: str
    position: int
    version: str
    values: dict[str, str]


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
    numbers = {row["case_number"] for row in rows}
    cases = Case.objects.select_related("reading").in_bulk(numbers, field_name="case_number")
    planned, shown, mistakes = [], [], []
    for line, row in enumerate(rows, 2):
        case = cases.get(row["case_number"])
        if case is None:
            mistakes.append(LineError(line, f"No case {row['case_number'][:40]!r} is on file."))
            continue
        position = row.get("position", "0") or "0"
        target = find_target(case, position)
        if target is None:
            mistakes.append(LineError(line, f"{case} has no issue {position[:20]!r}."))
            continue
        before = {name: json_value(getattr(target, name)) for name in fields}
        values = {name: row[name] for name in fields}
        form = form_for(target, values)
        if not form.is_valid():
            mistakes += [
                LineError(line, f"{name}: {' '.join(map(str, errors))}")
                for name, errors in form.errors.items()
            ]
            continue
        after = {name: json_value(form.cleaned_data[name]) for name in fields}
        changed = [name for name in fields if (after[name] or None) != (before[name] or None)]
        if changed:
            version = version_of(case)
            kept = {name: values[name] for name in changed}
            planned.append(PlannedChange(case.case_number, int(position), version, kept))
            place = f"issue-{position}" if int(position) else "case"
            shown += [
                ChangePreview(
                    case.case_number, place_in_words(place, name), name, before[name], after[name]
                )
                for name in changed
            ]
    return DryRun(tuple(planned), tuple(shown), tuple(mistakes), ignored)


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
        except EditConflict:
            late.append(number)
        else:
            taken += len(lines)
    return taken, late


def apply_change(case: Case, line: PlannedChange) -> None:
    target = find_target(case, str(line.position))
    form = form_for(target, line.values) if target else None
    if form is None or not form.is_valid():
        raise EditConflict([])
    form.save_changes()

"""A case with its issues, and each issue with its citations, as one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Max
from django.forms import BaseInlineFormSet
from django.http import QueryDict

from cases.corrections.snapshot import place_in_words, place_of_citation, place_of_issue
from cases.forms.case import CaseForm, ChangeTrackingForm, CitationForm, FieldNote, IssueForm
from cases.letters.checks import NOT_GIVEN
from cases.models import Case, Citation, Flag, Issue
from cases.numbers import whole_number
from cases.templatetags.history import value_words

MOST_ROWS = 200
IssueFormSet = forms.inlineformset_factory(
    Case, Issue, form=IssueForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1
)
CitationFormSet = forms.inlineformset_factory(
    Issue, Citation, form=CitationForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1
)
# What no words of a letter give: worked out from them, or about the file.
NOT_IN_LETTERS = ("format", "first_page", "last_page", "category", "subcategory", "DELETE")
CHECKED = "Checked against the letter."


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that this editor and somebody else changed in different ways."""

    words: str
    seen: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the form; `field_id` is where to mend it."""

    message: str
    words: str = ""
    field_id: str = ""


class CaseCorrection:
    """The whole form: bound when `data` is given."""

    def __init__(self, case: Case, data: QueryDict | None = None) -> None:
        self.case, self.data = case, data
        self.case_form = CaseForm(data, instance=case, prefix="case")
        ordered = case.issues.order_by("position")
        self.issues = IssueFormSet(data, instance=case, prefix="issues", queryset=ordered)
        for form in self.issues.forms:
            form.citations = CitationFormSet(
                data,
                instance=form.instance,
                prefix=f"{form.prefix}-citations",
                queryset=Citation.objects.order_by("side", "position"),
            )
        self.flags = list(case.flags.select_related("issue"))
        settled = data.getlist("settled") if data else []
        self.settled = {pk for pk in settled if whole_number(pk) is not None}
        self.why = data.get("why", "").strip() if data else ""
        self.errors: list[str] = []
        self.name_fields()

    # what the template needs beside each field

    def name_fields(self) -> None:
        """Tells each field which words of the letter it was read from, and what was read."""
        self.case_form.notes = {
            name: self.note(name, name, self.case.provenance) for name in self.case_form.fields
        }
        for form in self.issues.forms:
            issue = form.instance
            if issue.pk is None:
                continue
            place = place_of_issue(issue)
            form.notes = {
                name: self.note(f"{place}-{name}", name, issue.provenance) for name in form.fields
            }
            for row in form.citations.forms:
                if row.instance.pk is None:
                    continue
                read_as = self.read_as(place_of_citation(issue, row.instance))
                row.note = FieldNote(f"citation-{row.instance.pk}", read_as)

    def note(self, place: str, name: str, provenance: dict[str, Any]) -> FieldNote:
        found = bool(provenance.get(name, {}).get("spans"))
        return FieldNote(place if found or self.gives(name) else "", self.read_as(place), found)

    def gives(self, name: str) -> bool:
        """Whether letters of this format have a place for the field."""
        absent = {*NOT_IN_LETTERS, *NOT_GIVEN.get(self.case.format, ())}
        return name not in absent and not self.case.document.is_made_up

    def read_as(self, name: str) -> str:
        if name not in self.case.corrected:
            return ""
        return value_words(self.case.corrected[name], name.split("-")[-1])

    # bound

    def row_forms(self) -> Iterator[ChangeTrackingForm]:
        """Every form of a row, with the case's own first."""
        yield self.case_form
        for form in self.issues.forms:
            yield form
            yield from form.citations.forms

    def is_valid(self) -> bool:
        """Validates all, so that every mistake is told at once."""
        parts = [self.case_form.is_valid(), self.issues.is_valid()]
        parts += [form.citations.is_valid() for form in self.issues.forms]
        if not all(parts):
            return False
        if self.changes_values() and not self.why:
            self.errors.append("Enter a reason for the change; this appears in the history.")
        return not self.errors

    @property
    def problems(self) -> list[Problem]:
        if self.data is None or (not self.errors and "then" not in self.data):
            return []
        found = [Problem(message) for message in self.errors]
        for part in self.row_forms():
            words = place_in_words(place_of_row(part.instance)) if part.instance.pk else "New row"
            for name, messages in part.errors.items():
                bound = part[name] if name in part.fields else None
                label = ": ".join(filter(None, (words, str(bound.label) if bound else "")))
                field_id = bound.id_for_label if bound else ""
                found += [Problem(str(message), label, field_id) for message in messages]
        return found

    def changes_values(self) -> bool:
        if self.case_form.has_changed() or self.issues.has_changed():
            return True
        return any(form.citations.has_changed() for form in self.issues.forms)

    def reason(self) -> str:
        return self.why or CHECKED

    def save(self) -> None:
        """Writes what this editor changed. Call it within `history.correction`."""
        self.case_form.save_changes()
        removed = set(self.issues.deleted_forms)
        for form in self.issues.forms:
            if form in removed:
                if form.instance.pk:
                    form.instance.delete()
                continue
            if form.instance.pk:
                form.save_changes()
            elif form.has_changed():
                form.instance.position = self.next_issue_position()
                form.save()
            if form.instance.pk:
                save_citations(form.citations, form.instance)
        self.settle_flags()

    def next_issue_position(self) -> int:
        read = self.case.reading.record["issues"] if self.case.reading else []
        last = self.case.issues.aggregate(last=Max("position"))["last"] or 0
        return max([last, *(issue["position"] for issue in read)]) + 1

    def settle_flags(self) -> None:
        """Those that were ticked; `missing_flags` takes away those of filled values."""
        settled = [flag.pk for flag in self.flags if str(flag.pk) in self.settled]
        Flag.objects.filter(pk__in=settled).delete()


def save_citations(formset: BaseInlineFormSet[Citation, Issue, CitationForm], issue: Issue) -> None:
    removed = set(formset.deleted_forms)
    for row in formset.forms:
        if row in removed:
            if row.instance.pk:
                row.instance.delete()
        elif row.instance.pk:
            row.save_changes()
        elif row.has_changed():
            same = issue.citations.filter(side=row.instance.side)
            row.instance.issue = issue
            row.instance.position = (same.aggregate(last=Max("position"))["last"] or 0) + 1
            row.save()


def conflicts(form: CaseCorrection) -> list[Conflict]:
    """Fields that the database no longer has as this editor saw them, and that both changed."""
    found = []
    for part in form.row_forms():
        if part.instance.pk is None:
            continue
        now = type(part.instance).objects.filter(pk=part.instance.pk).first()
        for name in part.changed_fields() if now else ():
            bound, field = part[name], part.fields[name]
            seen = field.prepare_value(part.data.get(bound.html_initial_name, ""))
            theirs, yours = (
                input_text(field, getattr(now, name)),
                part.data.get(bound.html_name, ""),
            )
            if same_text(theirs, seen) or same_text(theirs, yours):
                continue
            words = place_in_words(place_of_row(part.instance), name)
            found.append(Conflict(words, seen, theirs, yours))
    return found


def place_of_row(row: Any) -> str:
    if isinstance(row, Citation):
        return place_of_citation(row.issue, row)
    return place_of_issue(row) if isinstance(row, Issue) else "case"


def input_text(field: forms.Field, value: Any) -> str:
    """A value as the field's input shows it."""
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(prepared)


def same_text(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def rebase_form_data(data: QueryDict, case: Case) -> QueryDict:
    """The editor's form over the case as it is now.

    What the editor left as it was takes the value that somebody else has given it since; what the
    editor changed stays as typed. Either way the form then knows the present values, so that
    saving it once more is a choice made with both in sight.
    """
    fresh = data.copy()
    for part in CaseCorrection(case, data).row_forms():
        if part.instance.pk is None:
            continue
        for name in part.row_fields():
            bound = part[name]
            if bound.html_initial_name not in data:
                continue
            now = input_text(part.fields[name], getattr(part.instance, name))
            if same_text(data.get(bound.html_initial_name, ""), data.get(bound.html_name, "")):
                fresh[bound.html_name] = now
            fresh[bound.html_initial_name] = now
    return fresh


def with_empty_row(data: QueryDict, prefix: str) -> QueryDict:
    """The same form with one more empty row in a formset ("issues", "issues-0-citations")."""
    fresh = data.copy()
    at = whole_number(data.get(f"{prefix}-TOTAL_FORMS", ""), digits=3) or 0
    fresh[f"{prefix}-TOTAL_FORMS"] = str(min(at + 1, MOST_ROWS))
    if prefix == "issues":
        for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0")):
            fresh[f"issues-{at}-citations-{name}"] = value
    return fresh

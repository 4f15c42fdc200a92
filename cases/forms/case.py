"""The forms of one case's correction, in which lists and page ranges are written as people do.

Each field carries the value that its editor saw (`show_hidden_initial`), so that "changed" means
changed by this editor, and two editors of different fields both keep their work.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.models import BaseInlineFormSet

from cases.letters.citations.locators import ranges_in_words
from cases.models import Case, Citation, Issue
from cases.models.field_names import CASE_FIELDS, CITATION_FIELDS, ISSUE_FIELDS, PARTIAL_FIELDS
from cases.models.taxonomy import (
    BodyPart,
    body_parts_in_words,
    grouped_subcategories,
    subcategory_fits,
)

RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?", re.ASCII)
MOST_ITEMS = 50
LONGEST_ITEM = 200


class WordListField(forms.CharField):
    """A list of words, with commas between."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 2000)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [part.strip() for part in (value or "").split(",") if part.strip()]

    def clean(self, value: Any) -> Any:
        items = self.to_python(value)
        self.run_validators(value or "")
        if len(items) > MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in items):
            raise forms.ValidationError(
                f"At most {MOST_ITEMS} entries of at most {LONGEST_ITEM} characters."
            )
        return items

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class BodyPartsField(WordListField):
    """Parts of the body by their names, with commas between; their slugs do too."""

    slugs: ClassVar[dict[str, str]] = {
        " ".join(words.lower().replace("_", " ").split()): slug
        for slug, label in BodyPart.choices
        for words in (slug, label)
    }

    def prepare_value(self, value: Any) -> Any:
        return body_parts_in_words(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        names = super().to_python(value)
        found = (self.slugs.get(" ".join(name.lower().replace("_", " ").split())) for name in names)
        return list(dict.fromkeys(slug or name for slug, name in zip(found, names, strict=True)))

    def clean(self, value: Any) -> Any:
        items = super().clean(value)
        if unknown := [item for item in items if item not in BodyPart.values]:
            raise forms.ValidationError(
                f"“{unknown[0][:40]}” is not a known body part. Known body parts:"
                f" {', '.join(BodyPart.labels)}."
            )
        return items


class YesNoField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("no", "No"), ("yes", "Yes")],
            coerce=lambda value: value in ("yes", True),
            empty_value=False,  # type: ignore[arg-type]  # the stubs know text alone
            required=False,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)


class PageRangesField(forms.CharField):
    """Page ranges as "125-126, 130"."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 500)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ranges_in_words(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        ranges = []
        for part in filter(None, (part.strip() for part in (value or "").split(","))):
            match = RANGE.fullmatch(part)
            if match is None:
                raise forms.ValidationError(
                    f"“{part[:40]}” is not a page or range. Enter pages such as 125-126, 130."
                )
            first, last = int(match[1]), int(match[2] or match[1])
            if last < first:
                raise forms.ValidationError(f"“{part}” ends before it begins.")
            ranges.append([first, last])
        return ranges

    def clean(self, value: Any) -> Any:
        self.run_validators(value or "")
        return self.to_python(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


class ProseField(forms.CharField):
    """Text with its line ends as stored: browsers send others, and annotations count in it."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 200_000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python((value or "").replace("\r\n", "\n"))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


@dataclass(frozen=True, slots=True)
class FieldNote:
    """Where the letter gives a value (`show`), whether it was `found` there or only would stand
    there, and what was read if it was corrected."""

    show: str = ""
    read_as: str = ""
    found: bool = True


class NotedField(forms.BoundField):
    form: ChangeTrackingForm

    @property
    def note(self) -> FieldNote:
        return self.form.notes.get(self.name, FieldNote())


class ChangeTrackingForm(forms.ModelForm):
    """Remembers what its editor saw, and saves only what that editor changed."""

    bound_field_class = NotedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: dict[str, FieldNote] = {}
        for name, field in self.fields.items():
            if name in self.row_fields():
                field.show_hidden_initial = True

    def row_fields(self) -> Collection[str]:
        return self._meta.fields or ()

    def changed_fields(self) -> list[str]:
        return [name for name in self.changed_data if name in self.row_fields()]

    def save_changes(self) -> None:
        if names := self.changed_fields():
            self.instance.save(update_fields=names)


def date_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "max": "2100-01-01"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter the date as YYYY-MM-DD, such as 2015-01-16."},
    )


class CaseForm(ChangeTrackingForm):
    date_of_injury = date_field("Date of injury")
    ur_denial_date = date_field("UR denial date")
    application_received = date_field("Application received")
    date_assigned = date_field("Date assigned")
    decision_date = date_field("Decision date")
    specialties = WordListField(help_text="Separate with commas.")
    licensed_states = WordListField(label="States of licensure", help_text="Separate with commas.")
    clinical_summary = ProseField(label="Clinical case summary", rows=8)

    class Meta:
        model = Case
        fields: ClassVar[Collection[str]] = CASE_FIELDS

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        first, last = data.get("first_page"), data.get("last_page")
        if first and last and last < first:
            self.add_error("last_page", "The last page can’t come before the first.")
        for name in (name for name in self.fields if name.endswith(("date", "injury"))):
            value = data.get(name)
            if value and not 1900 <= value.year <= 2100:
                self.add_error(name, "The year must be between 1900 and 2100.")
        return data


ALL_OR_NONE = (
    "A partial authorization has three parts: what was requested, what was authorized and what is"
    " in dispute. Fill in all of them, or none."
)


def is_incomplete(values: Mapping[str, Any]) -> bool:
    """Whether only some parts of a partial authorization are given."""
    given = [bool(values.get(name)) for name in PARTIAL_FIELDS]
    return any(given) and not all(given)


class IssueForm(ChangeTrackingForm):
    citations: BaseInlineFormSet[Citation, Issue, CitationForm]  # set by CaseCorrection

    treatment_request = ProseField(required=True)
    requested = ProseField(label="If authorized in part: originally requested")
    authorized = ProseField(label="If authorized in part: authorized")
    in_dispute = ProseField(label="If authorized in part: in dispute")
    subcategory = forms.ChoiceField(
        required=False, choices=[("", "---------"), *grouped_subcategories()]
    )
    body_parts = BodyPartsField(help_text=f"Separate with commas: {', '.join(BodyPart.labels)}.")
    retrospective = YesNoField()
    rationale = ProseField(rows=8)
    claims_guideline = ProseField(label="Claims administrator guideline, as written")
    maximus_guideline = ProseField(label="MAXIMUS guideline, as written")

    class Meta:
        model = Issue
        fields = ISSUE_FIELDS

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if is_incomplete({name: self.now(data, name) for name in PARTIAL_FIELDS}):
            name = next((one for one in PARTIAL_FIELDS if one in self.fields), None)
            self.add_error(name, ALL_OR_NONE)
        subcategory = data.get("subcategory", "")
        if not subcategory_fits(self.now(data, "category"), subcategory):
            self.add_error("subcategory", "This subcategory does not belong to the category.")
        return data

    def now(self, data: dict[str, Any], name: str) -> Any:
        """The value typed in, or the stored one where the form lacks the field."""
        return data[name] if name in data else getattr(self.instance, name)

    def changed_fields(self) -> list[str]:
        """A form without the subcategory takes away one that does not fit a new category."""
        names = super().changed_fields()
        if not subcategory_fits(self.instance.category, self.instance.subcategory):
            self.instance.subcategory = ""
            return list(dict.fromkeys([*names, "subcategory"]))
        return names


class CitationForm(ChangeTrackingForm):
    note = FieldNote()

    guideline = forms.CharField(
        max_length=500, widget=forms.TextInput(attrs={"list": "guideline-names"})
    )
    section = forms.CharField(max_length=500, required=False)
    edition = forms.CharField(max_length=4, required=False, help_text="A year, such as 2004.")
    pages = PageRangesField(help_text="Such as 125-126, 130.")
    raw = ProseField(label="As written", max_length=5000)

    class Meta:
        model = Citation
        fields = ["side", *CITATION_FIELDS]

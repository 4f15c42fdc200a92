"""Forms in which lists and page ranges are written as people write them."""

from __future__ import annotations

import re

from django import forms

from cases.models import Case, Citation

RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")


class WordList(forms.CharField):
    """A list of words, with commas between."""

    def __init__(self, **options):
        options.setdefault("required", False)
        options.setdefault("help_text", "With commas between.")
        super().__init__(**options)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [part.strip() for part in (value or "").split(",") if part.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class PageRanges(forms.CharField):
    """Page ranges as "125-126, 130"."""

    def __init__(self, **options):
        options.setdefault("required", False)
        options.setdefault("help_text", "Pages and ranges with commas between: 125-126, 130.")
        super().__init__(**options)

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in value)

    def to_python(self, value):
        ranges = []
        for part in filter(None, (part.strip() for part in (value or "").split(","))):
            match = RANGE.fullmatch(part)
            if match is None:
                raise forms.ValidationError(
                    f"“{part}” is no page or range. Write them like 125-126, 130."
                )
            first, last = int(match[1]), int(match[2] or match[1])
            if last < first:
                raise forms.ValidationError(f"“{part}” ends before it begins.")
            ranges.append([first, last])
        return ranges

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except forms.ValidationError:
            return True


class CaseForm(forms.ModelForm):
    specialties = WordList()
    licensed_states = WordList(label="States of licensure")

    class Meta:
        model = Case
        fields = "__all__"  # noqa: DJ007  which ones are shown is the admin's to say

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        record = self.instance.reading.record if self.instance.reading_id else None
        if record:
            for name, field in self.fields.items():
                note_parsed(field, getattr(self.instance, name, None), parsed(record, name))

    def clean(self):
        data = super().clean()
        first, last = data.get("first_page"), data.get("last_page")
        if first and last and last < first:
            self.add_error("last_page", "The last page can’t come before the first.")
        return data


def parsed(record: dict, name: str):
    if name in ("specialties", "licensed_states"):
        return record["reviewer"][name]
    return record.get(name)


def note_parsed(field: forms.Field, value, was) -> None:
    """Says what the letter was read as, where a person has changed it since."""
    now = value.isoformat() if hasattr(value, "isoformat") else value
    if (now or None) != (was or None) and isinstance(was, str | list):
        words = ", ".join(was) if isinstance(was, list) else was[:200]
        field.help_text = f"{field.help_text} Corrected; the letter was read as: {words}".strip()


class CitationForm(forms.ModelForm):
    pages = PageRanges()

    class Meta:
        model = Citation
        fields = ["side", "position", "source", "guideline", "section", "pages", "raw"]
        widgets = {
            "guideline": forms.TextInput(attrs={"size": 50}),
            "section": forms.TextInput(attrs={"size": 40}),
            "raw": forms.Textarea(attrs={"rows": 2, "cols": 40}),
        }

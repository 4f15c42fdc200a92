"""The forms of claim facts: what staff know of a case that its letter does not say.

Wherever they are typed (at an upload, for a batch, on the page of a case, in a CSV) they are
checked here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.forms.days import DayInput
from cases.models import ClaimFacts

FIRST_DAY = dt.date(2013, 1, 1)  # the first determinations were made in 2013
NAMES = ("claims_administrator", "claims_unit", "requesting_physician", "ur_vendor")
TEXT_FACTS = ("claim_number", *NAMES)
LABELS = {
    "claim_number": "Claim number",
    "claims_administrator": "Claims administrator",
    "claims_unit": "Unit",
    "requesting_physician": "Requesting physician",
    "ur_vendor": "UR vendor",
}
NOT_A_NAME = ("none", "not told", "n/a", "unknown")  # lists have a word of their own for these
NAME_MISSING = "Leave this empty where it isn’t known."
NOT_A_DATE = "Enter the date as YYYY-MM-DD, such as 2026-01-16."


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """What was entered about letters when they were uploaded; without a day, that of the upload is
    assumed."""

    received_on: dt.date | None = None
    without_obligations: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


class PastDayInput(DayInput):
    """A day until today, as it is when the field is shown."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        limits = {"min": FIRST_DAY.isoformat(), "max": timezone.localdate().isoformat()}
        return super().build_attrs(base_attrs, extra_attrs) | limits


class SuggestInput(forms.TextInput):
    """A text field that suggests names; `offered` is asked each time it is shown."""

    def __init__(self, offered: Callable[[], Iterable[str]]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.offered = offered

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        offered = tuple(self.offered())
        if not offered:
            return super().render(name, value, attrs, renderer)
        list_id = f"names-{name}"
        shown = super().render(name, value, (attrs or {}) | {"list": list_id}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((one,) for one in offered))
        return format_html('{}<datalist id="{}">{}</datalist>', shown, list_id, options)


class ReceivedField(forms.DateField):
    """The day on which a determination was received."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Received on",
            required=False,
            widget=PastDayInput,
            error_messages={"invalid": NOT_A_DATE},
            **options,
        )

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError("This day is in the future.")
        if value and value < FIRST_DAY:
            raise forms.ValidationError(f"No determination is older than {FIRST_DAY.year}.")


class FactField(forms.CharField):
    """One of the texts, with single spaces. A word for "not known" is refused: rates and filters
    count what is empty as such."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if value.casefold() in NOT_A_NAME:
            raise forms.ValidationError(NAME_MISSING)


def fact_field(name: str) -> FactField:
    column = ClaimFacts._meta.get_field(name)
    longest = getattr(column, "max_length", None)
    return FactField(label=LABELS[name], required=False, max_length=longest)


class ReceivedForm(forms.Form):
    """The day of receipt. `decided` is when the case was decided; it can't have been received
    before."""

    received_on = ReceivedField()
    decided: dt.date | None = None

    def clean_received_on(self) -> dt.date | None:
        day = self.cleaned_data["received_on"]
        if problem := problem_of_day(day, self.decided):
            raise forms.ValidationError(problem)
        return day


class ClaimFactsForm(ReceivedForm):
    """The facts of a case, or of the letters of one upload.

    Args:
        decided: when the case was decided.
        names: gives the names on file of a fact, to suggest them.
    """

    claim_number = fact_field("claim_number")
    claims_administrator = fact_field("claims_administrator")
    claims_unit = fact_field("claims_unit")
    requesting_physician = fact_field("requesting_physician")
    ur_vendor = fact_field("ur_vendor")

    def __init__(
        self,
        *args: Any,
        decided: dt.date | None = None,
        names: Callable[[str], Iterable[str]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.decided = decided
        if names:
            for name in NAMES:
                self.fields[name].widget = suggesting(names, name, self.fields[name])

    @property
    def changed_values(self) -> dict[str, Any]:
        """Of a valid form: what its editor changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def suggesting(names: Callable[[str], Iterable[str]], name: str, fact: forms.Field) -> SuggestInput:
    widget = SuggestInput(lambda: names(name))
    widget.attrs |= fact.widget_attrs(widget)
    return widget


def problem_of_day(day: dt.date | None, decided: dt.date | None) -> str:
    """Why a case decided on one day can't have been received on the other; "" where it can."""
    if day and decided and day < decided:
        return f"The letter was decided on {date_format(decided)}, after this day."
    return ""


class CaseClaimForm(ClaimFactsForm):
    """The same of one case, with whether deadlines are kept."""

    with_obligations = forms.BooleanField(label="Keep deadlines for this case", required=False)


class UploadFactsForm(ClaimFactsForm):
    """The same of all letters of an upload."""

    without_obligations = forms.BooleanField(label="Old letters: keep no deadlines", required=False)

    @property
    def facts(self) -> UploadFacts:
        """What was entered and is right; a field that is mistaken counts as empty."""
        self.full_clean()
        right = self.cleaned_data
        return UploadFacts(
            right.get("received_on"),
            right.get("without_obligations", False),
            {name: right[name] for name in TEXT_FACTS if right.get(name)},
        )

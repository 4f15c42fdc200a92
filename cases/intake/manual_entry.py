"""Manual entry of cases from documents that could not be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction

from cases.corrections.claim_facts import insert_claim_facts
from cases.corrections.missing_flags import flag_missing_values
from cases.corrections.refresh import refresh_case
from cases.forms.case import ALL_OR_NONE, WordListField, is_incomplete
from cases.forms.days import DayInput
from cases.intake.states import end_manually, record_event
from cases.intake.storing.receipt import receipt_of
from cases.letters.requests.coding import code_request, parts_in
from cases.models import Case, Decision, Document, DocumentEvent, Format, Issue
from cases.signals import case_was_stored

BY_HAND = "entered manually"
DATES = (
    "date_of_injury",
    "ur_denial_date",
    "application_received",
    "date_assigned",
    "decision_date",
)
MOST_ISSUES = 20
SHOWN_ISSUES = 3


class ManualCaseForm(forms.ModelForm):
    specialties = WordListField()
    licensed_states = WordListField(label="States of licensure")

    class Meta:
        model = Case
        fields = [
            "case_number",
            "priority",
            *DATES,
            "specialties",
            "licensed_states",
            "clinical_summary",
        ]
        widgets = {name: DayInput() for name in DATES} | {
            "clinical_summary": forms.Textarea(attrs={"rows": 5})
        }
        help_texts = {"case_number": "As on the letter, such as CM14-0195168."}

    def clean_case_number(self) -> str:
        return self.cleaned_data["case_number"].strip().upper()


class ManualIssueForm(forms.Form):
    treatment_request = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)
    requested, authorized, in_dispute = (
        forms.CharField(
            label=f"If authorized in part: {words}",
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=5000,
            required=False,
        )
        for words in ("originally requested", "authorized", "in dispute")
    )
    decision = forms.ChoiceField(choices=[("", "---------"), *Decision.choices])
    claims_guideline = forms.CharField(
        label="Claims administrator guideline, as written",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    maximus_guideline = forms.CharField(
        label="MAXIMUS guideline, as written",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    rationale = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if is_incomplete(self.cleaned_data):
            raise forms.ValidationError(ALL_OR_NONE)
        return self.cleaned_data


def values_from_coding(values: dict[str, Any], requests: list[str]) -> dict[str, Any]:
    """What follows from the request by the rules that letters are read by, and what was typed."""
    request = values["treatment_request"]
    others = [one for one in requests if one != request]
    if typed := values.get("in_dispute"):
        return values | code_request(typed, others).as_values()
    return values | parts_in(request) | code_request(request, others).as_values()


class ManualIssueFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not any(form.cleaned_data for form in self.forms):
            raise forms.ValidationError("Enter at least one disputed treatment.")


ManualIssues = forms.formset_factory(
    ManualIssueForm,
    formset=ManualIssueFormSet,
    extra=SHOWN_ISSUES,
    max_num=MOST_ISSUES,
    absolute_max=50,
)


def create_case(
    document: Document, by: User, case: Case, issues: list[dict[str, Any]]
) -> Case | None:
    """Stores the case and ends its document; None if the document was read meanwhile."""
    with transaction.atomic():
        if not end_manually(document, BY_HAND):
            return None
        case.document = document
        case.format = Format.UNKNOWN
        case.first_page, case.last_page = 1, document.pages or 1
        case.save()
        insert_claim_facts(case, receipt_of(document))
        given = list(filter(None, issues))
        requests = [values["treatment_request"] for values in given]
        for position, values in enumerate(given, 1):
            Issue.objects.create(
                case=case, position=position, **values_from_coding(values, requests)
            )
        flag_missing_values(case)
        refresh_case(case)
        case_was_stored.send(Case, case=case, again=False)
        record_event(document.pk, DocumentEvent.Kind.BY_HAND, by=by)
    return case

"""Corrections of many cases at once: renaming a guideline, and importing an edited CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cases.corrections.import_columns import OF_CASE, OF_CLAIM, OF_ISSUE, IgnoredColumn
from cases.corrections.import_csv import CannotImport, PlannedChange, apply_changes, dry_run
from cases.corrections.rename_guideline import (
    MOST_CASES,
    GuidelineName,
    cited_names,
    preview_rename,
    rename_guideline,
)
from cases.letters.citations.catalogue import GUIDELINE_NAMES
from cases.models import Source
from cases.views.signed_in import SignedInRequest

SALT = "cases.import"
PLAN_SECONDS = 3600
NAMES_SHOWN = 300
IMPORTED = {"of_case": OF_CASE, "of_issue": OF_ISSUE, "of_claim": OF_CLAIM}


class RenameForm(forms.Form):
    from_source = forms.ChoiceField(choices=Source, label="Current name: source")
    from_guideline = forms.CharField(max_length=500, label="Current name: guideline")
    to_source = forms.ChoiceField(choices=Source, label="Correct name: source")
    to_guideline = forms.CharField(
        max_length=500,
        label="Correct name: guideline",
        widget=forms.TextInput(attrs={"list": "guideline-names"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_valid() and self.old == self.new:
            raise forms.ValidationError("The two names are the same.")
        return data

    @property
    def old(self) -> GuidelineName:
        return GuidelineName(self.cleaned_data["from_source"], self.cleaned_data["from_guideline"])

    @property
    def new(self) -> GuidelineName:
        return GuidelineName(self.cleaned_data["to_source"], self.cleaned_data["to_guideline"])


def guideline_names(request: SignedInRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    form = RenameForm(data if "to_guideline" in data else None, initial=data.dict())
    context = {
        "form": form,
        "guideline_names": sorted(GUIDELINE_NAMES),
        "names": [
            (GuidelineName(one["source"], one["guideline"]), one["times"])
            for one in cited_names()[:NAMES_SHOWN]
        ],
    }
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "admin/cases/case/names.html", context, status=status)
    why = request.POST.get("why", "").strip()
    if request.method == "POST" and why:
        count = rename_guideline(form.old, form.new, request.user, why)
        more = " Run it once more for the rest." if count == MOST_CASES else ""
        messages.success(request, f"{form.old} is now {form.new} in {count} cases.{more}")
        return redirect("admin:cases_case_names")
    context |= {"preview": preview_rename(form.old, form.new), "asked": request.method == "POST"}
    status = 422 if request.method == "POST" else 200
    return render(request, "admin/cases/case/names.html", context, status=status)


def import_corrections(request: SignedInRequest) -> HttpResponse:
    template = "admin/cases/case/import.html"
    if request.method != "POST":
        return render(request, template, IMPORTED)
    if plan := request.POST.get("plan"):
        return apply_plan(request, plan)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise CannotImport("Choose a CSV file.")
        found = dry_run(file.read())
    except CannotImport as problem:
        return render(request, template, IMPORTED | {"problem": problem}, status=422)
    parts = {
        "planned": [asdict(one) for one in found.planned],
        "ignored": [asdict(one) for one in found.ignored],
    }
    plan = signing.dumps(parts, salt=SALT, compress=True)
    return render(request, template, {"found": found, "ignored": found.ignored, "plan": plan})


def apply_plan(request: SignedInRequest, plan: str) -> HttpResponse:
    template = "admin/cases/case/import.html"
    try:
        parts = signing.loads(plan, salt=SALT, max_age=PLAN_SECONDS)
    except signing.BadSignature:
        problem = "This preview has expired or was altered. Upload the file again."
        return render(request, template, IMPORTED | {"problem": problem}, status=422)
    planned = [PlannedChange(**one) for one in parts["planned"]]
    ignored = [IgnoredColumn(**one) for one in parts["ignored"]]
    why = request.POST.get("why", "").strip()
    if not why:
        context = {
            "problem": "Enter a reason.",
            "planned": planned,
            "ignored": ignored,
            "plan": plan,
        }
        return render(request, template, context, status=422)
    taken, late = apply_changes(planned, request.user, why)
    messages.success(request, f"{taken} line{'' if taken == 1 else 's'} imported.")
    if ignored:
        names = " ".join(f"{one.name}: {one.why}" for one in ignored)
        messages.info(request, f"Columns that were not imported: {names}")
    if late:
        messages.warning(
            request,
            f"Changed by someone since the preview, so not imported: {', '.join(late)}.",
        )
    return redirect("admin:cases_case_changelist")

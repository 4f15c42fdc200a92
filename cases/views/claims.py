"""Claim facts as people enter them: on the page of a case, and for the letters of an upload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from cases.corrections.claim_facts import facts_at_hand, facts_of, set_claim_facts
from cases.forms.claim import (
    LABELS,
    TEXT_FACTS,
    CaseClaimForm,
    FactField,
    ReceivedField,
    ReceivedForm,
    UploadFactsForm,
)
from cases.index.claims import names_on_file
from cases.intake.storing import receipt
from cases.models import Batch, BatchLine, Case, ClaimFacts
from cases.numbers import whole_number
from cases.views.signed_in import SignedInRequest

ENTERED = "entered at the upload"  # in the session, of one batch
LETTERS = 100  # of a batch on one page
EDITED = ("received_on", *TEXT_FACTS, "with_obligations")


# -- of one case -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
def case_claim(request: SignedInRequest, case_number: str) -> HttpResponse:
    """The form in which a case's claim facts are edited; in the page of the case by HTMX."""
    case = get_object_or_404(Case, case_number=case_number)
    row = facts_of(case)
    if request.method == "GET" and "panel" in request.GET:
        return claim_panel(request, case, row)
    form = claim_form(case, row, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return claim_editor(request, case, form)
    set_claim_facts(case, changed_facts(request, form), request.user)
    if request.htmx.target == "claim-facts":
        return claim_panel(request, case, facts_of(case), saved=True)
    return redirect(case)


def claim_form(case: Case, row: ClaimFacts, data: Mapping[str, Any] | None) -> CaseClaimForm:
    initial = {name: getattr(row, name) for name in EDITED}
    if data is not None and "confirm" in data:
        data = {name: initial[name] or "" for name in EDITED} | {"received_on": data["confirm"]}
    form = CaseClaimForm(
        data, initial=initial, decided=case.decision_date, names=names_on_file, auto_id="claim-%s"
    )
    for one in form.fields.values():
        one.show_hidden_initial = data is None or "initial-claim_number" in data
    return form


def changed_facts(request: SignedInRequest, form: CaseClaimForm) -> dict[str, Any]:
    """What this editor changed, so that another one's change of another field stays. The day that
    the button beside it confirms counts as entered."""
    if "confirm" in request.POST:
        return {"received_on": form.cleaned_data["received_on"]}
    return form.changed_values


def claim_panel(
    request: SignedInRequest, case: Case, row: ClaimFacts, *, saved: bool = False
) -> HttpResponse:
    context = {"case": case, "back": True, "saved": saved} | claim_context(row)
    return render(request, "cases/_claim_facts.html", context)


def claim_context(row: ClaimFacts | None) -> dict[str, Any]:
    """What the panel of a case says: each fact by its label, and the day that is assumed."""
    if row is None:
        return {"claim": [], "assumed_on": None}
    claim = [(LABELS[name], getattr(row, name)) for name in TEXT_FACTS if getattr(row, name)]
    if row.received_on:
        assumed = ", assumed, not confirmed" if row.received_assumed else ""
        claim.append(("Received on", f"{date_format(row.received_on)}{assumed}"))
    if row.pk and not row.with_obligations:
        claim.append(("Deadlines", "not kept: entered as an old letter"))
    return {"claim": claim, "assumed_on": row.received_on if row.received_assumed else None}


def claim_editor(request: SignedInRequest, case: Case, form: CaseClaimForm) -> HttpResponse:
    inside = request.htmx.target == "claim-facts"
    template = "cases/_claim_form.html" if inside else "cases/claim.html"
    status = 422 if form.is_bound else 200
    return render(request, template, {"case": case, "form": form}, status=status)


# -- of the letters of an upload ---------------------------------------------------------------


def keep_entered(request: SignedInRequest, batch: Batch) -> None:
    """Keeps what was typed at an upload and is mistaken, for the page of its batch."""
    typed = {name: request.POST.get(name, "") for name in UploadFactsForm.base_fields}
    request.session[ENTERED] = {"batch": batch.pk, "typed": typed}


def entered_before(request: SignedInRequest, batch: Batch) -> dict[str, str] | None:
    kept = request.session.get(ENTERED)
    if not kept or kept["batch"] != batch.pk:
        return None
    typed = kept["typed"]
    return typed | {"received_on": typed["received_on"] or upload_day(batch).isoformat()}


class LetterForm(ReceivedForm):
    """One line of the table. Its fields carry the values that their editor saw."""

    received_on = ReceivedField(show_hidden_initial=True)
    confirm = forms.BooleanField(label="Confirm", required=False)
    claim_number = FactField(
        label="Claim number", required=False, max_length=60, show_hidden_initial=True
    )

    def __init__(self, *args: Any, name: str, case: Case | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.decided = case.decision_date if case else None
        if case is None:  # nobody knows its letters yet
            del self.fields["claim_number"]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {name}"

    @property
    def changes(self) -> dict[str, Any]:
        """Of a valid form: what its editor changed, or confirmed."""
        changes = {name: self.cleaned_data[name] for name in self.changed_data}
        if changes.pop("confirm", False) and (day := self.cleaned_data["received_on"]):
            changes["received_on"] = day
        return changes


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter that was read, or a file (`line`) that is still to be read."""

    form: LetterForm
    case: Case | None = None
    line: BatchLine | None = None

    @property
    def is_assumed(self) -> bool:
        if self.line:
            return self.line.received_on is None and self.line.batch.received_on is None
        row = getattr(self.case, "claim_facts", None)
        return row is None or row.received_assumed


def upload_day(batch: Batch) -> dt.date:
    """The day that is assumed as that of receipt."""
    return batch.assumed_on or timezone.localdate(batch.created_at)


def case_row(batch: Batch, case: Case, data: QueryDict | None = None) -> LetterRow:
    row = facts_at_hand(case)
    day = row.received_on or upload_day(batch)
    initial = {"received_on": day, "claim_number": row.claim_number}
    form = LetterForm(
        data, initial=initial, prefix=f"case-{case.pk}", name=case.case_number, case=case
    )
    return LetterRow(form, case=case)


def line_row(batch: Batch, line: BatchLine, data: QueryDict | None = None) -> LetterRow:
    day = line.received_on or batch.received_on or upload_day(batch)
    form = LetterForm(data, initial={"received_on": day}, prefix=f"file-{line.pk}", name=line.name)
    return LetterRow(form, line=line)


def letter_rows(batch: Batch, page: Page[Case]) -> list[LetterRow]:
    rows = [case_row(batch, case) for case in page]
    if page.number == 1:
        unread = receipt.unread_lines(batch).select_related("batch")[:LETTERS]
        rows += [line_row(batch, line) for line in unread]
    return rows


def posted_rows(batch: Batch, data: QueryDict) -> list[LetterRow]:
    """Those that the form had, whatever became of their files since."""
    names = [name.split("-") for name in data if name.endswith("-received_on")]
    keys = {
        kind: [whole_number(parts[1]) or 0 for parts in names if parts[0] == kind]
        for kind in ("case", "file")
    }
    cases = receipt.cases_of_batch(batch).filter(pk__in=keys["case"])
    lines = batch.lines.filter(receipt.NEW_FILE, pk__in=keys["file"]).select_related("batch")
    return [
        *(case_row(batch, case, data) for case in cases),
        *(line_row(batch, line, data) for line in lines),
    ]


def receipt_context(
    request: SignedInRequest,
    batch: Batch,
    *,
    form: UploadFactsForm | None = None,
    rows: list[LetterRow] | None = None,
) -> dict[str, Any]:
    """What is known of the receipt of a batch's letters, with the forms that change it: one for
    all letters, and a line for each."""
    typed = entered_before(request, batch)
    if form is None:
        initial = {"received_on": batch.received_on or upload_day(batch)}
        form = UploadFactsForm(typed, initial=initial, names=names_on_file, auto_id="all-%s")
    page = Paginator(receipt.cases_of_batch(batch), LETTERS).get_page(request.GET.get("letters"))
    return {
        "batch": batch,
        "receipt": receipt.receipt_counts(batch),
        "upload_day": upload_day(batch),
        "about": form,
        "entered": entered_names(batch),
        "letters": page,
        "rows": letter_rows(batch, page) if rows is None else rows,
        "each_open": rows is not None or "letters" in request.GET,
    }


def entered_names(batch: Batch) -> list[tuple[str, str]]:
    """What was entered for all letters, by its label."""
    facts = batch.claim_facts
    return [(LABELS[name], facts[name]) for name in TEXT_FACTS if facts.get(name)]


def receipt_part(
    request: SignedInRequest, batch: Batch, *, status: int = 200, **forms: Any
) -> HttpResponse:
    context = receipt_context(request, batch, **forms)
    return render(request, "cases/_receipt.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
def batch_receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of a batch's page that says when its letters were received; posting to it enters a
    day or facts for all of them."""
    batch = get_object_or_404(Batch, pk=pk)
    if request.method != "POST":
        return receipt_part(request, batch) if request.htmx else redirect(batch)
    form = UploadFactsForm(request.POST, names=names_on_file, auto_id="all-%s")
    if not form.is_valid():
        return mistaken(request, batch, form=form)
    applied = receipt.apply_to_batch(batch, form.facts, request.user)
    if ENTERED in request.session:
        del request.session[ENTERED]
    return done(request, batch, words_of(applied))


@require_POST
def batch_letters(request: SignedInRequest, pk: int) -> HttpResponse:
    """Days and claim numbers of single letters: all that were entered, or none."""
    batch = get_object_or_404(Batch, pk=pk)
    rows = posted_rows(batch, request.POST)
    if not all(row.form.is_valid() for row in rows):
        return mistaken(request, batch, rows=rows)
    count = receipt.enter_for_letters(
        {row.case: row.form.changes for row in rows if row.case},
        {row.line: row.form.changes for row in rows if row.line},
        request.user,
    )
    return done(request, batch, f"{counted(count)} changed.")


def mistaken(request: SignedInRequest, batch: Batch, **forms: Any) -> HttpResponse:
    if request.htmx:
        return receipt_part(request, batch, status=422, **forms)
    context = receipt_context(request, batch, **forms)
    return render(request, "cases/receipt.html", context, status=422)


def done(request: SignedInRequest, batch: Batch, words: str) -> HttpResponse:
    batch.refresh_from_db()
    if request.htmx:
        context = receipt_context(request, batch) | {"said": words}
        return render(request, "cases/_receipt.html", context)
    messages.info(request, words)
    return redirect(f"{batch.get_absolute_url()}#received")


def counted(count: int) -> str:
    return f"{count:,} letter{'' if count == 1 else 's'}"


def words_of(applied: receipt.Applied) -> str:
    words = [f"{counted(applied.changed)} changed."]
    if applied.left:
        words.append(f"{counted(applied.left)} left: send it again for these.")
    if applied.decided_later:
        later = counted(applied.decided_later)
        words.append(f"{later} decided after this day kept the day that was assumed.")
    return " ".join(words)

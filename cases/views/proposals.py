from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from cases.corrections import proposals
from cases.corrections.three_way_merge import Change
from cases.models import Case, Category, Decision, Format, Issue, Proposal
from cases.models.field_names import field_label
from cases.models.taxonomy import Subcategory, body_parts_in_words
from cases.views.signed_in import SignedInRequest

PROPOSALS = 50
CITES = {
    "claims_citations": "claims administrator cites",
    "maximus_citations": "MAXIMUS cites",
    "rationale_citations": "cited in the rationale",
}
CHOICES = {
    "decision": Decision,
    "category": Category,
    "subcategory": Subcategory,
    "format": Format,
}
MOST_WORDS = 4000  # of texts that are compared word by word
WHAT = {
    "changed": "updated to the new reading",
    "added": "added",
    "removed": "goes",
    "kept": "kept: a person corrected it",
    "left_out": "not added: a person removed it",
    "stays": "kept: it has annotations or reviews",
}


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words of a text, and whether the other text has them too."""

    words: str
    same: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the comparison as shown."""

    where: str
    was: list[TextPart]
    now: list[TextPart]
    what: str
    outcome: str


@require_safe
def proposal_list(request: SignedInRequest) -> HttpResponse:
    waiting = proposals.open_proposals()
    page = Paginator(waiting, PROPOSALS).get_page(request.GET.get("page"))
    return render(request, "cases/proposals.html", {"page": page})


@require_safe
def proposal_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(proposals_with_details(), pk=pk)
    rows = [row(change) for change in proposals.preview_changes(proposal)]
    return render(request, "cases/proposal.html", {"proposal": proposal, "rows": rows})


def proposals_with_details() -> QuerySet[Proposal]:
    return Proposal.objects.select_related(
        "case__document", "case__reading", "reading__document", "decided_by"
    )


@require_POST
def proposal_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(proposals_with_details(), pk=pk)
    done = proposals.accept_reading(proposal, request.user)
    return respond(request, proposal, done, "The case now has the values of the new reading.")


@require_POST
def proposal_keep(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(proposals_with_details(), pk=pk)
    done = proposals.keep_case(proposal, request.user)
    return respond(request, proposal, done, "The case is unchanged.")


def respond(request: SignedInRequest, proposal: Proposal, done: bool, words: str) -> HttpResponse:
    messages.info(request, words if done else "Someone has already decided this.")
    proposal.case.refresh_from_db()
    return redirect(proposal.case if done else proposal)


# -- as shown ----------------------------------------------------------------------------------


def row(change: Change) -> ChangeRow:
    was, now = (value_in_words(change.field, value) for value in (change.was, change.now))
    left, right = (
        compare_texts(was, now) if was and now else ([TextPart(was, True)], [TextPart(now, True)])
    )
    return ChangeRow(where(change), left, right, change.what, WHAT[change.what])


def where(change: Change) -> str:
    if change.field == "issue":
        return f"Issue {change.issue}" if change.issue else "An issue"
    if change.field in CITES:
        label = CITES[change.field]
    else:
        model = Issue if change.issue else Case
        label = field_label(model, change.field)
    label = f"Issue {change.issue}: {label}" if change.issue else label
    return label[0].upper() + label[1:]


def value_in_words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "body_parts":
        return body_parts_in_words(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dt.date):
        return date_format(value)
    text = str(value)
    if name.endswith("_date") or name.startswith("date_") or name == "application_received":
        return date_format(dt.date.fromisoformat(text))
    return CHOICES[name](text).label if name in CHOICES else text


def compare_texts(was: str, now: str) -> tuple[list[TextPart], list[TextPart]]:
    """The two texts in parts, equal ones apart from those that only one has."""
    a, b = was.split(), now.split()
    if len(a) + len(b) > MOST_WORDS:
        return [TextPart(was, False)], [TextPart(now, False)]
    left, right = [], []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if i < j:
            left.append(TextPart(" ".join(a[i:j]), tag == "equal"))
        if k < m:
            right.append(TextPart(" ".join(b[k:m]), tag == "equal"))
    return left, right

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.corrections.proposals import open_proposals
from cases.corrections.queue import waiting, with_reasons
from cases.index.current import current_index
from cases.index.rows import CASE
from cases.lists.registry import cases_in_brief
from cases.models import Document, Reading

SHOWN = 8


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    unread = [Document.Status.RECEIVED, Document.Status.QUEUED, Document.Status.READING]
    ended_badly = [Document.Status.FAILED, Document.Status.NEEDS_OCR]
    with current_index() as index:
        cases = index.spaces[CASE]
        case_count, to_correct = len(cases.keys), len(cases.holding("needs_correction", "true"))
    context = {
        "case_count": case_count,
        "correction_count": to_correct,
        "numberless_count": Reading.objects.current().filter(case_number="").count(),
        "failed_count": Document.objects.filter(status__in=ended_badly).count(),
        "unread_count": Document.objects.filter(status__in=unread).count(),
        "proposals": open_proposals()[:SHOWN],
        "latest": cases_in_brief().order_by("-pk")[:SHOWN],
        "to_correct": with_reasons(waiting())[:SHOWN],
        "failed": Document.objects.filter(status__in=ended_badly)[:SHOWN],
    }
    return render(request, "cases/inbox.html", context)

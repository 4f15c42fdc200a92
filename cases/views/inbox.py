from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.corrections.proposals import open_proposals
from cases.corrections.queue import correction_queue, with_reasons
from cases.index.current import current_index
from cases.index.rows import CASE
from cases.lists.registry import cases_in_brief
from cases.models import Document
from cases.views.signed_in import SignedInRequest

SHOWN = 8


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    with current_index() as index:
        cases = index.spaces[CASE]
        case_count, to_correct = len(cases.keys), len(cases.holding("needs_correction", "true"))
    context = {
        "case_count": case_count,
        "correction_count": to_correct,
        "failed_count": Document.objects.filter(status__in=Document.UNREADABLE).count(),
        "failed_query": status_query(Document.UNREADABLE),
        "unread_count": Document.objects.filter(status__in=Document.UNFINISHED).count(),
        "unread_query": status_query(Document.UNFINISHED),
        "proposals": open_proposals()[:SHOWN],
        "latest": cases_in_brief().order_by("-pk")[:SHOWN],
        "to_correct": with_reasons(correction_queue())[:SHOWN],
        "failed": Document.objects.filter(status__in=Document.UNREADABLE)[:SHOWN],
    }
    return render(request, "cases/inbox.html", context)


def status_query(statuses: Iterable[str]) -> str:
    """The query string by which the list of documents shows those of the statuses."""
    return urlencode({"status": list(statuses)}, doseq=True)

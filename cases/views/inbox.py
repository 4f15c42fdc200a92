from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import Count
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
UNREAD = ("clinical_summary", "provenance")  # long, and not on this page


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    with current_index() as index:
        cases = index.spaces[CASE]
        case_count, to_correct = len(cases.keys), len(cases.holding("needs_correction", "true"))
    documents = count_documents((*Document.UNREADABLE, *Document.UNFINISHED))
    context = {
        "case_count": case_count,
        "correction_count": to_correct,
        "failed_count": sum(documents[status] for status in Document.UNREADABLE),
        "failed_query": status_query(Document.UNREADABLE),
        "unread_count": sum(documents[status] for status in Document.UNFINISHED),
        "unread_query": status_query(Document.UNFINISHED),
        "proposals": open_proposals()[:SHOWN],
        "latest": cases_in_brief().order_by("-pk")[:SHOWN],
        "to_correct": with_reasons(correction_queue().defer(*UNREAD))[:SHOWN],
        "failed": Document.objects.filter(status__in=Document.UNREADABLE)[:SHOWN],
    }
    return render(request, "cases/inbox.html", context)


def count_documents(statuses: Iterable[str]) -> Counter[str]:
    """By status, of those of these statuses."""
    found = Document.objects.filter(status__in=statuses).order_by().values_list("status")
    return Counter(dict(found.annotate(number=Count("pk"))))


def status_query(statuses: Iterable[str]) -> str:
    """The query string by which the list of documents shows those of the statuses."""
    return urlencode({"status": list(statuses)}, doseq=True)

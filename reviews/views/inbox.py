"""The inbox. It stands here and not in cases, which knows nothing of reviews."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.index.current import current_index
from cases.views.signed_in import SignedInRequest
from reviews.annotating.annotate import LEAD
from reviews.reviewing.dashboard import attention_of, list_address
from reviews.reviewing.inbox import (
    document_figures,
    needing_correction,
    newest_letters,
    overturned_lately,
)
from reviews.reviewing.tour import tour_of
from reviews.reviewing.week import team_week
from reviews.reviewing.workflow import REVIEW


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    with current_index():  # all figures are of one state, looked up once
        context = inbox_context(request.user)
    return render(request, "cases/inbox.html", context)


def inbox_context(user: User) -> dict[str, Any]:
    today = timezone.localdate()
    documents = document_figures()
    letters = newest_letters()
    return {
        "today": today,
        "attention": attention_of(user, documents.unreadable),
        "to_correct": needing_correction(),
        "documents": documents,
        "documents_since": list_address("documents", received_after=documents.monday.isoformat()),
        "turned": overturned_lately(today),
        "letters": letters,
        "tour": tour_of(user, letters[0].case if letters else None),
        "week": team_week(user, everybody=user.has_perm(LEAD)) if user.has_perm(REVIEW) else None,
    }

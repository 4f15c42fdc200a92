"""Putting the tour of the inbox away, and asking for it again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cases.views.signed_in import SignedInRequest
from reviews.reviewing.tour import dismiss_tour, show_tour


@require_POST
def tour(request: SignedInRequest) -> HttpResponse:
    """With `show`, it is there again."""
    if "show" in request.POST:
        show_tour(request.user)
    else:
        dismiss_tour(request.user)
    return redirect("inbox")

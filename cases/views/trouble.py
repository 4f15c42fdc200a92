"""Error responses: a page, or for HTMX a fragment.

Each says what happened and what to do next. A fragment is told to go into the place for trouble
(`HX-Retarget`), so that nothing that was typed is swapped away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class ErrorText:
    title: str
    words: str


ERROR_TEXTS = {
    400: ErrorText(
        "That request can’t be understood", "Check the address, or go back and try again."
    ),
    401: ErrorText(
        "Your session has ended",
        "Sign in again in another tab. What you entered here is kept; then send it again.",
    ),
    403: ErrorText(
        "Not allowed",
        "You may not open or change this. If you should, ask a lead or an administrator.",
    ),
    404: ErrorText(
        "Not found",
        "There is nothing at this address. It may have been removed, or the address is mistyped.",
    ),
    405: ErrorText(
        "Nothing to show at this address",
        "It only accepts submitted forms. Go back to the page with the form and send it again.",
    ),
    409: ErrorText(
        "Changed in the meantime", "Someone else changed this. Reload the page and try again."
    ),
    413: ErrorText(
        "Too much at once", "That is more than this page accepts. Send less and try again."
    ),
    429: ErrorText("Too many attempts", "Wait a little before you try again."),
    500: ErrorText(
        "Something went wrong on our side",
        "What you entered may not be saved: go back, it should still be there, and try again."
        " If it happens again, tell your administrator when it did.",
    ),
    503: ErrorText("Temporarily unavailable", "Try again in a minute."),
}


def render_error(request: HttpRequest, status: int, words: str = "") -> HttpResponse:
    """The page, or for HTMX the fragment, of an error."""
    told = ERROR_TEXTS[status]
    context = {"status": status, "title": told.title, "words": words or told.words}
    if is_htmx(request):
        return error_fragment(context)
    return render(request, "error.html", context, status=status)


def error_fragment(context: dict[str, Any]) -> HttpResponse:
    """The words alone, for the place that every page has for them."""
    response = HttpResponse(render_to_string("_trouble.html", context), status=context["status"])
    response["HX-Retarget"] = "#trouble"
    response["HX-Reswap"] = "innerHTML"
    return response


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"

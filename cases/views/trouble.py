"""Error responses: a page, for HTMX a fragment, for the API a JSON object (RFC 9457).

Each says what happened and what to do next. A fragment is told to go into the place for trouble
(`HX-Retarget`), so that nothing that was typed is swapped away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
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
    406: ErrorText(
        "Not available in this format",
        "Ask for application/json (Accept: application/json), or leave the header out.",
    ),
    413: ErrorText(
        "Too much at once", "That is more than this page accepts. Send less and try again."
    ),
    415: ErrorText(
        "Not a form with files", "Send the files as multipart/form-data, each under the name files."
    ),
    422: ErrorText("Not accepted", "The errors say what was not accepted, and why."),
    429: ErrorText("Too many attempts", "Wait a little before you try again."),
    500: ErrorText(
        "Something went wrong on our side",
        "What you entered may not be saved: go back, it should still be there, and try again."
        " If it happens again, tell your administrator when it did.",
    ),
    503: ErrorText("Temporarily unavailable", "Try again in a minute."),
}


API = "/api/"
# Where the texts above speak of pages, what a program is told.
API_TEXTS = ERROR_TEXTS | {
    400: ErrorText("That request can’t be understood", "Check the address and its parameters."),
    401: ErrorText(
        "Not signed in", "Send a token (Authorization: Bearer …), which you make at /tokens/."
    ),
    404: ErrorText("Not found", "There is nothing at this address: check the number in it."),
    405: ErrorText(
        "Method not allowed", "The Allow header names the methods that this address answers."
    ),
    429: ErrorText("Too many requests", "Wait as long as Retry-After says."),
    500: ErrorText(
        "Something went wrong on our side",
        "Try again: what is stored already is not stored twice. If it happens again, tell your"
        " administrator when it did.",
    ),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one parameter or field of a request."""

    parameter: str
    message: str


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API)


def problem_response(
    status: int, words: str = "", errors: Sequence[Mistake] = (), **more: Any
) -> JsonResponse:
    """An error for a program: "Problem Details for HTTP APIs" (RFC 9457)."""
    told = API_TEXTS.get(status, API_TEXTS[500])
    facts = {
        "status": status,
        "title": told.title,
        "detail": words or told.words,
        "errors": [asdict(one) for one in errors],
        **more,
    }
    return JsonResponse(facts, status=status, content_type="application/problem+json")


def render_error(request: HttpRequest, status: int, words: str = "") -> HttpResponse:
    """The page, for HTMX the fragment, for the API the object of an error."""
    if is_api(request):
        return problem_response(status, words)
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

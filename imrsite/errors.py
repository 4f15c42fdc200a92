"""What a visitor sees when something goes wrong: a page, or for HTMX the words alone.

Each says what happened and what to do next. A fragment is told to go into the place for trouble
(`HX-Retarget`), so that nothing that was typed is swapped away.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Trouble:
    title: str
    words: str


TROUBLES = {
    400: Trouble(
        "That request can’t be understood", "Check the address, or go back and try again."
    ),
    401: Trouble(
        "Your session has ended",
        "Sign in again in another tab. What you typed here stays; then send it once more.",
    ),
    403: Trouble(
        "Not allowed",
        "You may not open or change this. If you should, ask a lead or an administrator.",
    ),
    404: Trouble(
        "Not found",
        "There is nothing at this address. It may have been removed, or the address is mistyped.",
    ),
    409: Trouble("Changed meanwhile", "Somebody else changed this. Reload the page and try again."),
    413: Trouble("Too much at once", "That is more than this page takes. Send less and try again."),
    429: Trouble("Too many attempts", "Wait a little before you try again."),
    500: Trouble(
        "Something went wrong on our side",
        "What you entered may not be saved: go back, it should still be there, and try again."
        " If it happens again, tell your administrator when it did.",
    ),
}
CSRF = (
    "The form was open for too long, or cookies are blocked. Reload the page and send it again;"
    " copy what you typed first."
)


def trouble(request: HttpRequest, status: int, words: str = "") -> HttpResponse:
    """The page, or for HTMX the fragment, of an error."""
    told = TROUBLES[status]
    context = {"status": status, "title": told.title, "words": words or told.words}
    if is_htmx(request):
        response = HttpResponse(render_to_string("_trouble.html", context), status=status)
        response["HX-Retarget"] = "#trouble"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "error.html", context, status=status)


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
        return trouble(
            request,
            413,
            f"A form takes at most {megabytes} MB of text, {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}"
            f" fields and {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files at once. Send it in parts.",
        )
    return trouble(request, 400, str(exception) if isinstance(exception, Malformed) else "")


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return trouble(request, 403, str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return trouble(request, 403, CSRF)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Http404 of ours says in words what is missing; the resolver's own says paths."""
    words = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return trouble(request, 404, words if words.endswith(".") else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: either may be what broke."""
    told = TROUBLES[500]
    context = {"status": 500, "title": told.title, "words": told.words}
    template = "_trouble.html" if is_htmx(request) else "error.html"
    return HttpResponse(render_to_string(template, context), status=500)


class Malformed(ValueError):
    """An input that no page takes; the message says which."""

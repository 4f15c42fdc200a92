"""Inputs that no form and no address of ours takes, refused before any view sees them.

What a single field takes is its form's to say; here stands what holds for all: length, NUL
characters (which PostgreSQL can't store), and bytes that are no UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cases.views.trouble import render_error

LONGEST_QUERY_STRING = 8_000
LONGEST_PARAMETER = 2_000
LONGEST_NAME = 200
MOST_PARAMETERS = 200
LONGEST_PATH = 1_000
LARGEST_ANONYMOUS_BODY = 64 * 1024  # what the web server waits for without a thread


class InputLimitsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if words := find_violation(request):
            return render_error(request, 400, words)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Forms are read only once it is known that their sender may send them.

        One with files is its view's to read, which may want the files elsewhere than in memory.
        """
        for_anyone = not getattr(view, "login_required", True)
        if for_anyone and has_large_body(request) and not request.user.is_authenticated:
            return render_error(request, 413)
        plain = request.content_type == "application/x-www-form-urlencoded"
        if request.method == "POST" and plain and request.user.is_authenticated:
            for name, values in request.POST.lists():
                if "\0" in name or any("\0" in value for value in values):
                    return render_error(request, 400, NUL)
        return None


def has_large_body(request: HttpRequest) -> bool:
    """Whether it is larger than forms of visitors are, or of a size that is not said before."""
    length = request.headers.get("Content-Length", "")
    said_later = "Transfer-Encoding" in request.headers or "Expect" in request.headers
    return said_later or (length.isdecimal() and int(length) > LARGEST_ANONYMOUS_BODY)


NUL = "The text contains a NUL character, which is not allowed. Remove it and try again."


def find_violation(request: HttpRequest) -> str:
    if len(request.path) > LONGEST_PATH:
        return f"An address has at most {LONGEST_PATH:,} characters."
    if "\0" in request.path or "\ufffd" in request.path:
        return "The address contains characters that are not allowed."
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY_STRING:
        return "The part of the address after “?” is too long. Use fewer or shorter filters."
    query = list(request.GET.lists())
    if sum(len(values) for _, values in query) > MOST_PARAMETERS:
        return f"At most {MOST_PARAMETERS} filters can be given at once."
    for name, values in query:
        if len(name) > LONGEST_NAME:
            return f"“{name[:40]}…” is not the name of a filter."
        for value in values:
            if "\0" in name or "\0" in value:
                return NUL
            if len(value) > LONGEST_PARAMETER:
                return f"“{name[:40]}” is too long: at most {LONGEST_PARAMETER:,} characters."
    return ""

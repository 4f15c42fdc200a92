"""Views of errors, for Django to call: each renders `cases.views.trouble`."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from cases.intake.shortages import Shortage, shortage_in
from cases.views.trouble import (
    ERROR_TEXTS,
    error_fragment,
    is_api,
    is_htmx,
    problem_response,
    render_error,
)

CSRF = (
    "Nothing was saved: the form was open for too long, you signed in or out in the meantime, or"
    " cookies are blocked. {way} what you entered is still there. Copy it, reload the page, and"
    " send it again."
)
CSRF_API = (
    "Nothing was saved: without a token (Authorization: Bearer …) a request of a signed-in browser"
    " needs its X-CSRFToken header."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if words := limit_exceeded_message(exception):
        return render_error(request, 413, words)
    told = isinstance(exception, MalformedInput | BadRequest)
    return render_error(request, 400, str(exception) if told else "")


def limit_exceeded_message(exception: Exception) -> str:
    """Names the limit that a form went over."""
    if isinstance(exception, RequestDataTooBig):
        megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
        return f"A form takes at most {megabytes} MB of text. Send it in parts."
    if isinstance(exception, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return f"A form takes at most {most:,} fields. Send it in parts."
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return (
            f"At most {most:,} files can be uploaded at once; none of them was accepted. Upload"
            " them in parts, or in a ZIP archive."
        )
    return ""


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return render_error(request, 403, str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if is_api(request):
        return problem_response(403, CSRF_API)
    way = "Here on the page" if is_htmx(request) else "Go back:"
    return render_error(request, 403, CSRF.format(way=way))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Http404 of ours says in words what is missing; the resolver's own says paths."""
    words = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render_error(request, 404, words if words.endswith(".") else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: either may be what broke."""
    if shortage := shortage_in(sys.exc_info()[1]):
        return unavailable(request, shortage)
    if is_api(request):
        return problem_response(500)
    told = ERROR_TEXTS[500]
    context = {"status": 500, "title": told.title, "words": told.words}
    if is_htmx(request):
        return error_fragment(context)
    return HttpResponse(render_to_string("error.html", context), status=500)


def unavailable(request: HttpRequest, shortage: Shortage) -> HttpResponse:
    """What ran out, when to try again, and a button that sends the same form once more."""
    context = {"status": 503, "title": shortage.title, "words": shortage.words}
    response: HttpResponse
    if is_api(request):
        response = problem_response(503, f"{shortage.title}. {shortage.words}")
    elif is_htmx(request):  # the form is still on the page
        response = error_fragment(context)
    else:
        context |= {"again": retry_form(request), "csrf_token": get_token(request)}
        response = HttpResponse(render_to_string("error.html", context), status=503)
    response["Retry-After"] = str(shortage.retry_after)
    return response


@dataclass(frozen=True, slots=True)
class RetryForm:
    """A form as it was sent, to be sent again."""

    path: str
    fields: list[tuple[str, str]]


def retry_form(request: HttpRequest) -> RetryForm | None:
    """None where nothing was sent, or what no page should hold: files and passwords."""
    if request.method != "POST":
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:  # its body was read halfway, by the view that failed
        return None
    if files or any("password" in name for name in sent):
        return None
    fields = [
        (name, value)
        for name, values in sent.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return RetryForm(request.get_full_path(), fields)


class MalformedInput(ValueError):
    """An input that no page takes; the message says which."""

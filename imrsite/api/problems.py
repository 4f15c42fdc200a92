"""Errors of the API, in one form (RFC 9457): what happened, and what to do."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpResponseBase
from rest_framework import exceptions

from cases.views.trouble import problem_response
from imrsite.api.parameters import WrongParameters
from imrsite.web.errors import CSRF_API, limit_exceeded_message

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def handle_problem(problem: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """None for what is a fault of ours: Django's own handler answers and logs it."""
    match problem:
        case WrongParameters(mistakes=mistakes):
            return problem_response(400, str(problem), mistakes)
        case Http404() if problem.args:
            return problem_response(404, str(problem.args[0]))
        case exceptions.Throttled():
            wait = f"{problem.wait or 1:.0f}"  # type: ignore[attr-defined]
            response = problem_response(429, f"Too many requests. Wait {wait} s.")
            response["Retry-After"] = wait
            return response
        case exceptions.PermissionDenied():  # the CSRF check is all that denies here
            return problem_response(403, CSRF_API)
        case exceptions.ParseError():
            return problem_response(400, f"The form can’t be read: {problem.detail}")
        case exceptions.APIException():
            return problem_response(problem.status_code)
        case PermissionDenied():
            return problem_response(403, str(problem))
    if isinstance(problem, TOO_MUCH):
        return problem_response(413, limit_exceeded_message(problem))
    return None

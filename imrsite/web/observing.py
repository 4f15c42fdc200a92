"""Each request gets an id, which its log lines and the messages it sends carry, and is timed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from imrsite.running.log_context import LogContext, current, request_id_from
from imrsite.web.http_figures import http_figures

logger = logging.getLogger(__name__)
NO_VIEW = "none"
QUIET = {"healthz", "readyz", "metrics"}  # asked every few seconds


class ObservingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.figures = http_figures()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        context = LogContext(
            request_id=request_id_from(request.headers.get("X-Request-ID", "")),
            user_id=lambda: user_id_of(request),
        )
        token = current.set(context)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            seconds = time.monotonic() - began
            context.view = view_of(request)
            self.figures.add(context.view, response.status_code, seconds)
            told = settings.LOG_FORMAT == "json" and context.view not in QUIET
            logger.log(
                logging.INFO if told else logging.DEBUG,
                "%s %s in %.0f ms",
                request.method,
                response.status_code,
                seconds * 1000,
            )
            response["X-Request-ID"] = context.request_id or ""
            return response
        finally:
            current.reset(token)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if context := current.get():
            context.view = view_of(request)


def view_of(request: HttpRequest) -> str:
    """The name of the URL, of which there is a fixed number."""
    match = request.resolver_match
    return (match.view_name if match else "") or NO_VIEW


def user_id_of(request: HttpRequest) -> int | None:
    """Of the person, if anybody has asked for them by now: a log line asks no database."""
    if token := getattr(request, "token", None):
        return token.user_id
    user = getattr(request, "_cached_user", None)
    return user.pk if user else None

"""Accounts: signing in under a throttle, sessions that slide and end."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from cases.views.trouble import is_api, is_htmx, render_error
from imrsite.models import Access
from imrsite.security import throttle
from imrsite.security.audit import log_event, log_failed_sign_in
from imrsite.security.permissions import load_permissions
from imrsite.security.sign_in_flow import sign_in_method
from imrsite.web.matched import match_of

LAST_SEEN = "seen_at"
CODES = "imrsite.sign_in.second_factor"  # sends the same signal for a wrong code
# What the browser drops at sign-out: pages, pictures, and drafts that were never saved, of which
# static/js/session.js warns before. Another person may sit down at the same machine.
CLEARED_AT_SIGN_OUT = '"cache", "storage"'
KEEP_SECONDS = 60  # a session is written at most this often


def lockout_response(
    request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any
) -> HttpResponse:
    """Too many wrong passwords for this name from this address (django-axes asks us)."""
    return throttle.too_many(request, "with this user name")


class SessionMiddleware:
    """A session ends some time after its last use. HTMX and programs are told in words, not by a
    page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and not getattr(request, "token", None)  # a program has no session
            and time() - request.session.get(LAST_SEEN, 0) > KEEP_SECONDS
        ):
            request.session[LAST_SEEN] = int(time())  # writes the session, and so moves its end
        response = self.get_response(request)
        if is_sign_out(request):
            response["Clear-Site-Data"] = CLEARED_AT_SIGN_OUT
        if (is_htmx(request) or is_api(request)) and redirects_to_sign_in(response):
            response = render_error(request, 401)
            if is_api(request):
                response["WWW-Authenticate"] = "Bearer"
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        load_permissions(request.user)
        return throttle.throttle_response(request, match_of(request).view_name)


def is_sign_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.url_name == "logout"


@receiver(user_logged_in)
def on_signed_in(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    request.session[LAST_SEEN] = int(time())
    if request.resolver_match:  # by a page, not by a program
        log_event(request, Access.Action.SIGNED_IN, f"by {sign_in_method(request)}", who=user)


@receiver(user_login_failed)
def on_sign_in_failed(
    sender: object, credentials: dict, request: HttpRequest | None = None, **_: object
) -> None:
    if request is not None and request.resolver_match:
        what = "code" if sender == CODES else "password"
        log_failed_sign_in(
            request, Access.Action.FAILED, what, name=credentials.get("username", "")
        )


@receiver(user_locked_out)
def on_locked_out(sender: object, request: HttpRequest, username: str | None, **_: object) -> None:
    log_failed_sign_in(request, Access.Action.LOCKED_OUT, "sign-in", name=username or "")


def redirects_to_sign_in(response: HttpResponse) -> bool:
    sign_in = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and response["Location"].split("?")[0].endswith(sign_in)

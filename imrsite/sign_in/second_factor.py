"""The second factor: codes of an authenticator app (TOTP), and recovery codes.

Everything that decides stands in the database, where every process of the web server sees it:
which code was the last (none counts twice), how many were wrong, and the secrets, encrypted.
"""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable
from time import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from axes.handlers.proxy import AxesProxyHandler
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac

from cases.views.trouble import is_htmx, render_error
from imrsite.security.access import ANYONE, SIGNED_IN, rule_for
from imrsite.web.matched import match_of

log = logging.getLogger(__name__)

Type = Authenticator.Type
# Besides django-axes, which counts by name and address: somebody who has the password and many
# addresses. Only they can bring this about, so it locks out nobody whose password is theirs alone.
MOST_WRONG = 20
WITHIN_SECONDS = 15 * 60
WRONG = (
    "That code is wrong or was already used. Wait for the next one in your app, or use a"
    " recovery code that you haven’t used yet."
)


@transaction.atomic
def accept_code(user: User, code: str) -> Authenticator | None:
    """What of theirs the code belongs to, if it is right; the code is used up by this.

    As RFC 6238 asks: once a code was accepted, neither it nor an earlier one is again.
    """
    owned = Authenticator.objects.select_for_update().filter(user_id=user.pk)
    by_type = {one.type: one for one in owned}
    if not (app := by_type.get(Type.TOTP)):
        return None
    wrong = [at for at in app.data.get("wrong", []) if at > time() - WITHIN_SECONDS]
    if len(wrong) >= MOST_WRONG:
        return None
    found = None
    if counter := fresh_counter(app, code):
        app.data["last_counter"] = counter
        found = app
    elif (spare := by_type.get(Type.RECOVERY_CODES)) and is_unused_recovery_code(spare, code):
        found = spare
    app.data["wrong"] = [] if found else [*wrong, int(time())]
    app.save(update_fields=["data"])
    return found


def fresh_counter(app: Authenticator, code: str) -> int | None:
    """The time step that the code is of, if that is around now and after the last one used."""
    try:
        secret = decrypt(app.data["secret"])
    except InvalidToken:
        log.error("Second factor of user %s: made with another SECRET_KEY", app.user_id)
        return None
    for counter in yield_hotp_counters_from_time():
        right = format_hotp_value(hotp_value(secret, counter))
        if counter > app.data.get("last_counter", 0) and compare_user_code(
            actual=code, expected=right
        ):
            return counter
    return None


def is_unused_recovery_code(spare: Authenticator, code: str) -> bool:
    try:
        return spare.wrap().validate_code(code)
    except InvalidToken:
        return False


@receiver(authenticator_added)
def on_authenticator_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: object
) -> None:
    """The one that proved the app to be set up opens no sign-in, but the recovery codes."""
    if authenticator.type == Type.TOTP:
        accept_code(user, request.POST.get("code", ""))
        record_authentication(request, user, method="mfa", reauthenticated=True)


class SingleUseCodeMixin:
    """A form that takes a code, under the same throttle as passwords."""

    cleaned_data: dict[str, Any]
    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        request, code = context.request, self.cleaned_data["code"]
        credentials = {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise ValidationError(WRONG)
        found = accept_code(self.user, code)
        if not found:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise ValidationError(WRONG)
        found.user = self.user
        self.authenticator = found
        return code


class CodeForm(SingleUseCodeMixin, AuthenticateForm):
    pass


class CodeAgainForm(SingleUseCodeMixin, ReauthenticateForm):
    pass


class Adapter(DefaultMFAAdapter):
    """Secrets are encrypted by a key that follows from SECRET_KEY: a copy of the database alone
    gives nobody a second factor. A new SECRET_KEY wants the old one in SECRET_KEY_FALLBACKS."""

    def encrypt(self, text: str) -> str:
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()


def fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(__name__, "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorMiddleware:
    """Where it is required, who has none gets to the pages about oneself and no further."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if settings.SECOND_FACTOR != "required" or not request.user.is_authenticated:
            return None
        if getattr(request, "token", None):  # was made by somebody who had passed here
            return None
        rule = rule_for(match_of(request).view_name)
        if rule and rule.right_for(request.method) in (ANYONE, SIGNED_IN):
            return None
        if Authenticator.objects.filter(user_id=request.user.pk, type=Type.TOTP).exists():
            return None
        if is_htmx(request):
            return render_error(request, 403, "Set up your second factor first: reload the page.")
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

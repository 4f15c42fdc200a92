"""What follows a right password: one is signed in, or asked for the second factor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from imrsite.web.matched import match_of

if TYPE_CHECKING:  # this module is imported before the models are
    from django.contrib.auth.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def has_single_sign_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def has_second_factor() -> bool:
    return settings.SECOND_FACTOR != "off"


def sign_in(request: HttpRequest, user: User, next_page: str) -> HttpResponse:
    """Goes on to `next_page`, which the caller has checked to be ours."""
    if not has_second_factor():
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(next_page)
    from allauth.account.internal.flows.login import perform_login, record_authentication
    from allauth.account.models import Login

    # “reauthenticated”: whoever just typed the password is not asked for it again to set up a
    # second factor.
    record_authentication(request, user, method="password", reauthenticated=True)
    pending = Login(user=user, redirect_url=next_page, email_verification="none")
    return perform_login(request, pending)


def forget_second_factor(user: User) -> bool:
    """For somebody who lost their phone; says whether there was one."""
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user_id=user.pk).delete()[0])


def users_with_second_factor(users: Iterable[User]) -> set[int]:
    """The keys of those of them who have set one up."""
    if not has_second_factor():
        return set()
    from allauth.mfa.models import Authenticator

    totp = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__in=users)
    return set(totp.values_list("user_id", flat=True))


def sign_in_method(request: HttpRequest) -> str:
    """How somebody who signs in right now does it, in words for the access log."""
    if match_of(request).view_name == "invitation":
        return "invitation"
    words = {"socialaccount": "single sign-on", "mfa": "code"}
    records = request.session.get("account_authentication_methods", [])
    ways = [words.get(record["method"], record["method"]) for record in records]
    return " and ".join(dict.fromkeys(ways)) or "password"

"""Single sign-on by OpenID Connect: who may come in, and how far the provider is believed.

The provider says who somebody is, never what they may do: it opens an account that a lead has
invited with the same e-mail address, if the provider says that it has verified the address.
From then on the two belong together by issuer and subject, whatever becomes of the address.
"""

from __future__ import annotations

import logging
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from imrsite.sign_in.account import CLOSED

log = logging.getLogger(__name__)

# Signatures that only the provider can make: not "none", and none by a shared secret.
ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
KEPT = ("sub", "email", "email_verified", "preferred_username", "name")


class Provider(OpenIDConnectOAuth2Adapter):
    """What allauth leaves to TLS is checked: the token's signature, and whose e-mail it is."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, settings.OIDC_PROVIDER_ID)

    @property
    def openid_config(self) -> dict[str, Any]:
        config = super().openid_config
        if config.get("issuer", "").rstrip("/") != self.get_provider().app.settings["server_url"]:
            raise OAuth2Error("The provider calls itself by another name than OIDC_ISSUER.")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self.verified(kwargs["response"].get("id_token") or "", app.client_id)
        if not claims.get("email") and "userinfo_endpoint" in self.openid_config:
            claims = self.completed(claims, self._fetch_user_info(token.token))
        kept = {name: claims[name] for name in KEPT if name in claims}
        return self.get_provider().sociallogin_from_response(request, {"id_token": kept})

    def verified(self, id_token: str, client_id: str) -> dict[str, Any]:
        """The claims of a token that the provider signed, for us, and lately."""
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        try:
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
            wanted = jwt.get_unverified_header(id_token).get("kid")
            fitting = [key for key in keys if wanted in (None, key.key_id)]
            if len(fitting) != 1:
                raise OAuth2Error("The token is signed by a key that the provider doesn’t publish.")
            return jwt.decode(
                id_token,
                fitting[0].key,
                algorithms=ALGORITHMS,
                audience=client_id,
                issuer=self.openid_config["issuer"],
                leeway=60,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The token is not valid.") from error

    def completed(self, claims: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
        """With what the provider says elsewhere, if it speaks of the same person."""
        if more.get("sub") != claims["sub"]:
            raise OAuth2Error("The provider answered about a different person.")
        return more | claims | {name: more.get(name) for name in ("email", "email_verified")}


class SocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Finds the account of somebody who comes for the first time, or refuses."""
        if not sociallogin.is_existing:
            connect_account(request, sociallogin)
        if not sociallogin.user.is_active:
            refuse_sign_in(request, CLOSED)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: object = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error == "cancelled":
            refuse_sign_in(request, f"You did not sign in with {settings.OIDC_NAME}.")
        refuse_sign_in(
            request,
            f"Signing in with {settings.OIDC_NAME} did not work. Try again from this page; if it"
            " happens again, tell your administrator when it did.",
            because=exception or error,
        )


def connect_account(request: HttpRequest, sociallogin: SocialLogin) -> None:
    claims = sociallogin.account.extra_data["id_token"]
    email = str(claims.get("email") or "").strip()
    verified = claims.get("email_verified")  # some providers write it as a word
    if not email or not (verified is True or verified == "true"):
        refuse_sign_in(
            request,
            f"{settings.OIDC_NAME} did not say that it has verified your email address, so no"
            " account can be found by it. Ask your administrator.",
        )
    owners = accounts_by(email)
    if len(owners) > 1:
        refuse_sign_in(request, f"Several accounts have the email address {email}. Ask a lead.")
    if owners and not owners[0].is_active:
        refuse_sign_in(request, CLOSED)
    if not owners and not settings.OIDC_SIGN_UP_ROLE:
        refuse_sign_in(
            request,
            f"No account has the email address {email}. Ask a lead to invite you with it.",
        )
    with transaction.atomic():
        user = owners[0] if owners else sign_up(claims, email)
        sociallogin.connect(request, user)


def accounts_by(email: str) -> list:
    """Compared here, as databases fold letters of other scripts onto ours."""
    found = get_user_model().objects.filter(email__iexact=email)
    return [user for user in found if user.email.lower() == email.lower()]


def sign_up(claims: dict[str, Any], email: str) -> User:
    """An account with the role that the settings give to everybody whom the provider knows."""
    people = get_user_model().objects
    wanted = str(claims.get("preferred_username") or email.partition("@")[0])
    base = "".join(c for c in wanted if c.isalnum() or c in "@.+-_")[:100] or "person"
    name, number = base, 1
    while people.filter(username__iexact=name).exists():
        number += 1
        name = f"{base}{number}"
    user = people.create_user(name, email)
    user.groups.add(Group.objects.get(name=settings.OIDC_SIGN_UP_ROLE))
    return user


def refuse_sign_in(request: HttpRequest, words: str, *, because: object = None) -> None:
    """Back to the sign-in page, which says why."""
    if because:
        log.warning("Single sign-on refused: %r", because)
    messages.error(request, words)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("login")))

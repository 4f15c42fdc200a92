"""The pages of single sign-on, and what allauth's own pages lack."""

from __future__ import annotations

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from imrsite.sign_in.single_sign_on import Provider

# A provider that answers something else than the standards say, however that shows.
ODD = (OAuth2Error, RequestException, KeyError, ValueError, TypeError, AttributeError)


@login_not_required
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider. By a link: form-action of our policy lets no form lead to other sites."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    provider = Provider(request).get_provider()
    try:
        return provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=requested_page(request)
        )
    except ODD as error:
        return render_authentication_error(request, provider, exception=error)


@login_not_required
@never_cache
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From the provider, with a code for a token."""
    adapter = Provider(request)
    try:
        return OAuth2CallbackView.adapter_view(adapter)(request)
    except (*ODD, ImproperlyConfigured) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)


def requested_page(request: HttpRequest) -> str:
    page = request.GET.get(REDIRECT_FIELD_NAME, "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else resolve_url(settings.LOGIN_REDIRECT_URL)

"""Wrong passwords and codes from one address, whatever names they were for.

django-axes counts by name and address together, so that nobody locks out somebody else; it does not
see one address that tries many names. The failed attempts are those of the access log.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases.views.trouble import render_error
from imrsite.models import Access
from imrsite.security.audit import is_logged_already, log_failed_sign_in
from imrsite.security.client import address_of

MOST_FROM_ADDRESS = 20  # within AXES_COOLOFF_TIME: people of one office share an address
IPV6_PREFIX = 64  # what one customer of a provider has at the least
TAKES_PASSWORDS = (
    "login",
    "account_login",
    "password",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "account_reauthenticate",
)


def throttle_response(request: HttpRequest, view_name: str) -> HttpResponse | None:
    """The answer to a password or code from an address that gave too many wrong ones."""
    if request.method != "POST" or view_name not in TAKES_PASSWORDS:
        return None
    address = address_of(request)
    if failures_from(address) < MOST_FROM_ADDRESS:
        return None
    what = f"address {address}"
    if not is_logged_already(0, Access.Action.LOCKED_OUT, what):
        log_failed_sign_in(request, Access.Action.LOCKED_OUT, what, name="")
    return too_many(request, "from your address")


def too_many(request: HttpRequest, of: str) -> HttpResponse:
    minutes = int(settings.AXES_COOLOFF_TIME / timedelta(minutes=1))
    words = f"There were too many wrong attempts to sign in {of}. Wait {minutes} minutes and try"
    response = render_error(request, 429, f"{words} again.")
    response["Retry-After"] = str(minutes * 60)
    return response


def failures_from(address: str) -> int:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    failed = Access.objects.filter(at__gt=since, action=Access.Action.FAILED)
    here = network_of(address)
    return sum(network_of(one) == here for one in failed.values_list("address", flat=True))


def network_of(address: str) -> str:
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False)) if version == 6 else address

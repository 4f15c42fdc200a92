"""The client address of a request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's IP address.

    Each trusted proxy appends to X-Forwarded-For whom it talked to; what stands further left was
    sent by the visitor and proves nothing.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings.IMR_PROXIES
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return hops[-proxies][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]

"""The request that every view gets: that of somebody who is signed in."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class SignedInRequest(HttpRequest):
    """A request after the middleware: LoginRequiredMiddleware lets no visitor through to a view,
    and HtmxMiddleware has read the headers of HTMX. For annotations alone."""

    user: User
    htmx: HtmxDetails

"""/operations/ for people, /metrics for Prometheus."""

from __future__ import annotations

import time
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.files import bucket, storage
from cases.views.signed_in import SignedInRequest
from imrsite.operations.report import make_report
from imrsite.security.client import address_of
from imrsite.web.health import NotReady, Probe


@never_cache
@require_safe
def operations(request: SignedInRequest) -> HttpResponse:
    template = "operations/_report.html" if request.htmx else "operations/operations.html"
    return render(request, template, {"report": make_report(bucket_state())})


def bucket_state() -> str:
    if not bucket.is_configured():
        return ""
    asked_at = time.monotonic()
    BUCKET.begin()
    return BUCKET.answer(asked_at)


def check_bucket() -> None:
    try:
        bucket.bucket().has(storage.path_of("0" * 64))
    except bucket.BucketUnavailable as error:
        raise NotReady(str(error)) from error


BUCKET = Probe(check_bucket)


@never_cache
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for others, who need not know that there is something; 403 for a wrong token."""
    sent = request.headers.get("Authorization", "")
    if not may_ask(request, sent):
        if settings.METRICS_TOKEN and sent:
            return HttpResponseForbidden("This is not the token.\n", content_type="text/plain")
        raise Http404
    from imrsite.operations.metrics import CONTENT_TYPE, metrics_text  # of no use elsewhere

    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE)


def may_ask(request: HttpRequest, sent: str) -> bool:
    token = settings.METRICS_TOKEN
    if token and compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return True
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return False
    if settings.LOCAL and address.is_loopback:
        return True
    return any(address in network for network in settings.METRICS_NETWORKS)

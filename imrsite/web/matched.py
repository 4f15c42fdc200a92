"""What the address of a request resolved to."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import ResolverMatch


def match_of(request: HttpRequest) -> ResolverMatch:
    """For code that runs after the address was resolved: views, and `process_view`."""
    assert request.resolver_match is not None
    return request.resolver_match

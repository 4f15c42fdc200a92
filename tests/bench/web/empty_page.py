"""The product's addresses, and one more: a signed-in page that shows nothing.

It is what any page costs at the least: the whole middleware, the session, the user and what the
user may do, and the base template with its navigation. Other pages are measured against it.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from cases.views.signed_in import SignedInRequest
from imrsite.security.access import READ, RULES, Rule
from imrsite.urls import handler400, handler403, handler404, handler500
from imrsite.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@require_safe
def empty_page(request: SignedInRequest) -> HttpResponse:
    return render(request, "base.html")


RULES["empty"] = Rule(get=READ)
urlpatterns = [*product, path("empty/", empty_page, name="empty")]

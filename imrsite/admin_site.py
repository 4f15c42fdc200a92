"""The admin as a part of the product: its name, who may enter, and one page to sign in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite, autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from imrsite.security.access import ENTER_ADMIN


class AdminConfig(SimpleAdminConfig):
    """The admin's pages are loaded with the addresses (imrsite.urls) and for the checks: commands
    and workers need none of them."""

    default_site = "imrsite.admin_site.ProductAdminSite"

    def ready(self) -> None:
        checks.register(check_admin_pages, checks.Tags.admin)


def check_admin_pages(*args: Any, **options: Any) -> list[checks.CheckMessage]:
    autodiscover()
    return [*check_dependencies(*args, **options), *check_admin_app(*args, **options)]


class ProductAdminSite(AdminSite):
    site_header = site_title = "IMR Case Review"
    index_title = "Correct and manage"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """A role opens the admin; the flag “staff” of an account alone does not."""
        return request.user.is_active and request.user.has_perm(ENTER_ADMIN)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the one page that knows the throttle and the second factor."""
        wanted = {"next": request.GET.get("next") or reverse("admin:index")}
        return HttpResponseRedirect(f"{reverse('login')}?{urlencode(wanted)}")

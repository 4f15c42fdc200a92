"""Signs in a program by its token, for the addresses under /api/ and for this request alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cases.views.trouble import is_api, render_error
from imrsite.models import ApiToken
from imrsite.tokens.tokens import TokenRefused, authenticate

READ_ONLY = (
    "This token may only read. Make one with the scope “read and upload” at /tokens/, if your role"
    " uploads."
)


class TokenMiddleware:
    """Comes right after AuthenticationMiddleware: everything behind it sees a signed-in person,
    and `request.token`. A token goes before a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.token = None  # type: ignore[attr-defined]
        header = request.headers.get("Authorization", "") if is_api(request) else ""
        if header.split(" ")[0].lower() != "bearer":  # a proxy's own sign-in is not ours
            return self.get_response(request)
        try:
            token = authenticate(header)
        except TokenRefused as problem:
            response = render_error(request, 401, str(problem))
            response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return response
        request.token = token  # type: ignore[attr-defined]
        request.user = token.user
        # No browser sends this header by itself, so that no other site can have it sent.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        token: ApiToken | None = request.token  # type: ignore[attr-defined]
        if token and request.method == "POST" and token.scope != ApiToken.Scope.UPLOAD:
            return render_error(request, 403, READ_ONLY)
        return None

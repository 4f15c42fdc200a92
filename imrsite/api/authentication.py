"""Who asks: what the middleware found out (imrsite.tokens.middleware, Django's own)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class SignedIn(SessionAuthentication):
    """The person of the token, or of the session; with a session, what writes needs its CSRF
    token besides."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        inner = request._request
        token = getattr(inner, "token", None)
        if token is None and request.method not in ("GET", "HEAD"):
            self.enforce_csrf(request)
        return (inner.user, token) if inner.user.is_authenticated else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SignedInScheme(OpenApiAuthenticationExtension):
    target_class = SignedIn
    name = ("token", "session")  # type: ignore[assignment]

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """Either of them."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> Any:
        return [
            {"type": "http", "scheme": "bearer", "description": "A token made at /tokens/."},
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "Of a signed-in browser; uploads need X-CSRFToken besides.",
            },
        ]

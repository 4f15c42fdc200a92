"""A small OpenID Connect provider: real HTTP, real keys, the code flow with PKCE.

It signs in whoever `claims` says, asks no questions, and can be told to misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY_ID = "of-today"


class Provider:
    """`with Provider(…) as provider:`; `provider.issuer` is its address.

    `claims` go into the token, `userinfo` is what it says besides when asked; `token` and
    `discovery` overwrite what it would sign and publish, `key` and `algorithm` how it signs.
    """

    def __init__(self, client_id: str, client_secret: str) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self.claims: dict[str, Any] = {
            "sub": "248289761001",
            "email": "newcomer@example.org",
            "email_verified": True,
            "preferred_username": "newcomer",
        }
        self.userinfo: dict[str, Any] = {}
        self.token: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.key: Any = KEY
        self.algorithm = "RS256"
        self.is_broken = False
        self.asked: dict[str, dict[str, str]] = {}  # what each code was given for
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Provider:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.discovery

    def authorize(self, query: dict[str, str]) -> str:
        """Where the visitor is sent back to."""
        code = secrets.token_urlsafe(8)
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str]) -> dict[str, str] | None:
        asked = self.asked.pop(form["code"], None)  # a code counts once
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            not asked
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
            or form["client_secret"] != self.client_secret
        ):
            return None
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.signed()}

    def signed(self) -> str:
        now = int(time.time())
        standing = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300}
        claims = standing | self.claims | self.token
        headers = {"kid": KEY_ID}
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers=headers)

    def keys(self) -> dict[str, Any]:
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {"keys": [jwk | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}


def handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            if provider.is_broken:
                self.answer(500, {"error": "server_error"})
            elif url.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            else:
                pages = {
                    "/.well-known/openid-configuration": provider.configuration,
                    "/keys": provider.keys,
                    "/userinfo": lambda: provider.userinfo,
                }
                self.answer(200, pages[url.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            token = provider.exchange(form)
            self.answer(200 if token else 400, token or {"error": "invalid_grant"})

        def answer(self, status: int, data: dict[str, Any]) -> None:
            content = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler

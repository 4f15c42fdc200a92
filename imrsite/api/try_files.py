"""The files of Swagger UI, straight from their package.

As static files they would be hashed and compressed whenever static files are collected, which takes
longer than all others together, for a page that few open.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib import resources
from importlib.metadata import version

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PACKAGE = "drf_spectacular_sidecar"
FOLDER = f"static/{PACKAGE}/swagger-ui-dist"
TYPES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


def release() -> str:
    """A part of their addresses, so that browsers may keep them."""
    return version("drf-spectacular-sidecar")


@lru_cache(maxsize=len(TYPES))
def compressed(name: str) -> bytes:
    return gzip.compress(resources.files(PACKAGE).joinpath(FOLDER, name).read_bytes())


def try_file(request: HttpRequest, name: str, **_: str) -> HttpResponse:
    if name not in TYPES:
        raise Http404("There is no such file.")
    body, zipped = compressed(name), "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(body if zipped else gzip.decompress(body))
    response["Content-Type"] = f"{TYPES[name]}; charset=utf-8"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response

"""The user guide: docs/guide.md as a page, with its pictures.

Its text is made HTML by `python -m tests.guide` (templates/guide/_text.html), so that the product
needs no library for it.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.views.signed_in import SignedInRequest

PICTURES: Path = settings.BASE_DIR / "docs" / "screenshots"
A_DAY = 86_400


@require_safe
def guide(request: SignedInRequest) -> HttpResponse:
    return render(request, "guide/guide.html")


@require_safe
def guide_picture(request: SignedInRequest, name: str) -> FileResponse:
    """One of docs/screenshots: pages with made-up letters."""
    try:
        file = (PICTURES / f"{name}.webp").open("rb")
    except FileNotFoundError as missing:
        raise Http404("There is no such picture.") from missing
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={A_DAY}"
    return response

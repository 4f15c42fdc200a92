"""Files that are made in memory, as downloads."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

PDF = "application/pdf"


def as_download(content: bytes, name: str, content_type: str = PDF) -> HttpResponse:
    disposition = content_disposition_header(True, name)
    assert disposition  # the name is never empty
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )

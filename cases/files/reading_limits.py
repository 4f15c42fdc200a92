"""What reading one file may take, by the settings."""

from __future__ import annotations

from django.conf import settings

from cases.files.storage import MB
from cases.letters.reading.sandbox import Limits


def reading_limits() -> Limits:
    return Limits(
        seconds=settings.IMR_PARSE_SECONDS,
        memory_mb=settings.IMR_PARSE_MEMORY_MB,
        max_pages=settings.IMR_MAX_PAGES,
        max_bytes=settings.IMR_MAX_UPLOAD_MB * MB,
        require_walls=settings.IMR_REQUIRE_WALLS,
    )

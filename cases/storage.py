"""Where documents' files lie: by digest under MEDIA_ROOT, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

MB = 1024 * 1024


class TooLarge(Exception):
    """The file is larger than IMR_MAX_UPLOAD_MB."""


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "documents" / sha256[:2] / sha256[2:4] / f"{sha256}.pdf"


def store(chunks: Iterable[bytes]) -> Stored:
    """Writes the bytes to disk under their SHA-256; when it returns they are there to stay.

    Raises:
        TooLarge: nothing is kept.
    """
    root = Path(settings.MEDIA_ROOT) / "incoming"
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=root)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.IMR_MAX_UPLOAD_MB * MB:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        place = path_of(digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(name, place)
        sync_folder(place.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Stored(digest.hexdigest(), size)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

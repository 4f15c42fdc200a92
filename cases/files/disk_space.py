"""Room on the disks that documents and the database lie on."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

MB = 1024 * 1024


def problem() -> str:
    """In words for an administrator; "" while uploads are taken."""
    least = settings.IMR_DISK_RESERVE_MB * MB
    for folder in (Path(settings.MEDIA_ROOT), settings.VAR_DIR):
        free = shutil.disk_usage(nearest_existing(folder)).free
        if free < max(least, 1):
            return (
                f"{free // MB:,} MB free in {folder}; below {settings.IMR_DISK_RESERVE_MB:,} MB"
                " nothing is accepted"
            )
    return ""


def problem_for(size: int) -> str:
    """Why that many bytes can't be stored now, or ""."""
    free = shutil.disk_usage(nearest_existing(Path(settings.MEDIA_ROOT))).free
    if free - size >= settings.IMR_DISK_RESERVE_MB * MB:
        return ""
    return (
        f"It could not be unpacked: it takes {size // MB:,} MB, {free // MB:,} MB are free on the"
        f" disk, and {settings.IMR_DISK_RESERVE_MB:,} MB are reserved for the database. Ask your"
        " administrator to make room, then upload it again."
    )


def nearest_existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())

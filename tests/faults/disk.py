"""Small disks, where this user may mount one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Lays a disk of that size over the folder; yields whether it could."""
    try:
        mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder)
    except (subprocess.CalledProcessError, FileNotFoundError):
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, stderr=subprocess.DEVNULL)

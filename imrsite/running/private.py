"""File modes: what the program writes is its own user's alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

UMASK = 0o077
# What the program writes under its folder; anything else there is somebody else's.
OWN_PATHS = (
    "tmp", "log", "media", "static*", "backups", "db.sqlite3*", "beat-schedule*", "secret_key",
    "demo_password", "run.lock", "broker.*", "watch.*", "metrics",
)  # fmt: skip


def use_private_umask() -> None:
    """Files made from now on are 0600, folders 0700."""
    os.umask(UMASK)


def restrict_modes(var_dir: Path) -> None:
    """Takes the rights of group and others away from what earlier versions have written.

    A folder that many share, such as /tmp, keeps its own mode.
    """
    if var_dir.is_dir() and not var_dir.stat().st_mode & stat.S_ISVTX:
        make_private(var_dir)
    for pattern in OWN_PATHS:
        for path in var_dir.glob(pattern):
            for one in walk_tree(path):
                make_private(one)


def walk_tree(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for folder, folders, files in os.walk(path):
            yield from (Path(folder, name) for name in (*folders, *files))


def make_private(path: Path) -> None:
    with suppress(OSError):  # it went meanwhile, or is another user's
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & UMASK:
            path.chmod(stat.S_IMODE(mode) & ~UMASK)

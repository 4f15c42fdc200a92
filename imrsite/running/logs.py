"""Log files of the parts: appended to, and rotated when they have grown.

The parts write to their standard output, which stays open as long as they run. So a log is copied
and cut, not renamed; a line written between the two is lost.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 10 << 20
OLD_LOGS = 4  # beside the one that is written to
TAIL_BYTES = 64 << 10


def open_log(path: Path) -> int:
    """A descriptor that always writes at the end, wherever that is by then."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def rotate(path: Path, most_bytes: int) -> bool:
    """Whether the log was large enough to become `<name>.1`, and that one `.2`, and so on."""
    if not path.exists() or path.stat().st_size < most_bytes:
        return False
    for number in range(OLD_LOGS, 1, -1):
        with suppress(FileNotFoundError):
            old_log(path, number - 1).replace(old_log(path, number))
    with suppress(OSError):  # a full disk: then the old lines make room
        shutil.copyfile(path, old_log(path, 1))
    os.truncate(path, 0)
    return True


def old_log(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def last_lines(path: Path, count: int) -> list[str]:
    with suppress(OSError), path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        return file.read().decode(errors="replace").splitlines()[-count:]
    return []

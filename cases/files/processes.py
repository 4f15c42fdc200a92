"""Whether a process that wrote down its number still lives."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


def start_time(pid: int) -> str:
    """In ticks since the machine started; "" where the system does not say, or it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


@lru_cache(maxsize=1)
def own_start_time(pid: int) -> str:
    return start_time(pid)


def is_alive(pid: int, started: str) -> bool:
    """Whether it is still the same process: numbers are used again, at another time."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's, whose times can be read all the same
        pass
    return start_time(pid) == started  # "" on a system without /proc

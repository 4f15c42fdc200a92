"""The address of the broker that `make run` started, for commands in another terminal.

A file that only this user may read, since the address holds the broker's password. It names the
supervising process too: of one that was killed, the file stays behind and counts for nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from cases.files.processes import is_alive, start_time


def broker_file(var_dir: Path) -> Path:
    return var_dir / "broker.json"


def write_broker_file(var_dir: Path, url: str) -> None:
    """Says that this process keeps a broker at that address."""
    pid = os.getpid()
    path = broker_file(var_dir)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"url": url, "pid": pid, "started": start_time(pid)}, file)
    part.replace(path)


def remove_broker_file(var_dir: Path) -> None:
    broker_file(var_dir).unlink(missing_ok=True)


def running_broker(var_dir: Path) -> str:
    """The address, or "" where no `make run` of this folder lives."""
    try:
        told = json.loads(broker_file(var_dir).read_text())
        url, pid, started = str(told["url"]), int(told["pid"]), told["started"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return url if is_alive(pid, started) else ""

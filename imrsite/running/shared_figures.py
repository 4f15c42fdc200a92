"""The processes of one web server share their figures through files under var/metrics.

That is prometheus_client's multiprocess mode, which it takes from the environment as it is
imported.
"""

from __future__ import annotations

import os
from pathlib import Path

from cases.files.processes import start_time

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_figures(var_dir: Path) -> None:
    """From now on in this process and those it forks; figures of processes that ended go."""
    folder = Path(os.environ.setdefault(VARIABLE, str(var_dir / "metrics")))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if not (pid.isdecimal() and start_time(int(pid))):
            file.unlink(missing_ok=True)

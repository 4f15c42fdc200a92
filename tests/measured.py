"""Programs that tests start, measured for coverage where the tests are."""

from __future__ import annotations

import sys

import coverage


def python() -> list[str]:
    """The interpreter to start one with. What a process that is killed has run is not counted."""
    if coverage.Coverage.current() is None:
        return [sys.executable]
    return [sys.executable, "-m", "coverage", "run", "--parallel-mode"]

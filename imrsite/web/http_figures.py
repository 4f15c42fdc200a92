"""How long answers took, by view and status, for /metrics.

`imrsite.running.shared_figures` lets the processes of one web server share them.
"""

from __future__ import annotations

from contextlib import suppress

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class HttpFigures:
    """Imports the library only where requests are answered."""

    def __init__(self) -> None:
        from prometheus_client import Histogram

        self.seconds = Histogram(
            "imr_http_request_seconds",
            "Seconds until an answer began, by name of the view and status.",
            ("view", "status"),
            buckets=BUCKETS,
        )

    def add(self, view: str, status: int, seconds: float) -> None:
        with suppress(OSError):  # a full disk
            self.seconds.labels(view, str(status)).observe(seconds)


kept: list[HttpFigures] = []


def http_figures() -> HttpFigures:
    if not kept:
        kept.append(HttpFigures())
    return kept[0]

"""The figures of /metrics, as Prometheus asks for them.

Each question is answered from an index or from a few keys of the broker, also at a million cases.
Labels take few values: queues, stages, codes, names of views and of workers; never ids.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import redis
from django.db import DatabaseError
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from imrsite.operations import figures, queues
from imrsite.operations.ages import seconds_since
from imrsite.operations.backups import last_backup
from imrsite.operations.outgoing import outgoing_by_kind
from imrsite.running import heartbeat

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_text() -> bytes:
    """Those of the web servers' processes on this host, then what is true of all hosts."""
    registry = REGISTRY
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry, folder)
    ours = CollectorRegistry(auto_describe=False)
    ours.register(ProductCollector())
    return generate_latest(registry) + generate_latest(ours)


class ProductCollector(Collector):
    """Each part by itself, so that one that is down leaves the others readable."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "imr_part_up", "Whether what these figures come from answered.", labels=["part"]
        )
        for part, parts in PARTS.items():
            found: list[Metric] = []
            try:
                for measure in parts:
                    found += measure()
            except (DatabaseError, redis.RedisError):
                up.add_metric([part], 0)
            else:
                up.add_metric([part], 1)
            yield from found
        yield up


def gauge(name: str, words: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for one, value in values.items():
        family.add_metric([one], value)
    return family


def waiting() -> list[Metric]:
    kinds = queues.waiting_by_kind(with_rates=False)
    return [
        gauge(
            "imr_queue_documents",
            "Documents that wait to be read.",
            "queue",
            {one.queue: one.documents for one in kinds},
        ),
        gauge(
            "imr_queue_oldest_seconds",
            "How long the oldest of them has waited.",
            "queue",
            {one.queue: round(one.seconds, 1) for one in kinds},
        ),
    ]


def documents() -> list[Metric]:
    found: dict[str, float] = {**queues.documents_by_status()}
    return [gauge("imr_documents", "Documents by status.", "status", found)]


def going_out() -> list[Metric]:
    found = outgoing_by_kind()
    return [
        gauge(
            "imr_outgoing_messages",
            "Mail and messages to webhooks that wait to be sent.",
            "kind",
            {kind: one.waiting for kind, one in found.items()},
        ),
        gauge(
            "imr_outgoing_oldest_seconds",
            "How long the oldest of them has waited.",
            "kind",
            {kind: round(one.seconds, 1) for kind, one in found.items()},
        ),
        gauge(
            "imr_outgoing_not_taken",
            "Addresses that the mail server refuses; messages to webhooks given up in 7 days.",
            "kind",
            {kind: one.not_taken for kind, one in found.items()},
        ),
    ]


def backups() -> list[Metric]:
    run = last_backup(whole=True)
    family = GaugeMetricFamily(
        "imr_last_backup_age_seconds", "Since the last whole backup; absent where there is none."
    )
    if run:
        family.add_metric([], round(seconds_since(run.at)))
    return [family]


def stages() -> list[Metric]:
    known = figures.current_figures()
    seconds = HistogramMetricFamily(
        "imr_stage_seconds", "Seconds that documents took, by stage.", labels=["stage"]
    )
    for stage, one in known.stages.items():
        total, buckets = 0, []
        for bound, count in zip([*map(str, figures.BOUNDS), "+Inf"], one.counts, strict=True):
            total += count
            buckets.append((bound, float(total)))
        seconds.add_metric([stage], buckets, one.total_seconds)
    ended = CounterMetricFamily(
        "imr_documents_ended",
        "Documents that workers have ended, by reason; none where they gave a letter.",
        labels=["reason"],
    )
    for code, number in sorted(known.ended.items()):
        ended.add_metric([code or "none"], number)
    return [seconds, ended]


def workers() -> list[Metric]:
    heard = heartbeat.heard_workers()
    serving = dict.fromkeys(map(str, queues.Queue), 0.0)
    for one in heard:
        if one.is_alive:
            for queue in one.facts.queues:
                if queue in serving:
                    serving[queue] += 1
    return [
        gauge(
            "imr_worker_last_heard_seconds",
            "Since the last heartbeat of each worker of the last day.",
            "worker",
            {one.facts.name: round(one.seconds_ago, 1) for one in heard},
        ),
        gauge("imr_queue_workers", "Living workers that take from a queue.", "queue", serving),
    ]


def messages() -> list[Metric]:
    found = {q: n for q, n in queues.messages_by_queue().items() if n is not None}
    return [
        gauge(
            "imr_queue_messages",
            "Messages in the broker.",
            "queue",
            {str(q): n for q, n in found.items()},
        )
    ]


Measure = Callable[[], list[Metric]]
PARTS: dict[str, tuple[Measure, ...]] = {
    "database": (waiting, documents, going_out, backups),
    "broker": (stages, workers, messages),
}

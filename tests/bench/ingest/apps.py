"""Starts the clocks once all apps are loaded."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "tests.bench.ingest"
    label = "ingest_clocks"

    def ready(self) -> None:
        from tests.bench.ingest.clocks import install

        install()

from contextlib import suppress

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        # They listen for cases, and add to their index.
        from reviews import synthetic  # noqa: F401
        from reviews.alerts import happenings  # noqa: F401
        from reviews.annotating import (
            note_index,  # noqa: F401
            reanchor,  # noqa: F401
        )
        from reviews.desk import joining  # noqa: F401
        from reviews.findings import making  # noqa: F401
        from reviews.lists import index_sources  # noqa: F401
        from reviews.obligations import opening  # noqa: F401
        from reviews.reviewing import workflow  # noqa: F401

        post_migrate.connect(index_missing, sender=self, dispatch_uid="index annotations")


def index_missing(apps: Apps = installed, **_: object) -> None:
    """Indexes annotations stored before the index existed; skipped when unmigrating."""
    with suppress(LookupError):
        apps.get_model("cases", "CaseChange")
        from reviews.annotating.note_index import index_missing_notes

        index_missing_notes()

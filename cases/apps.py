from contextlib import suppress

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Determinations"

    def ready(self) -> None:
        from cases.models import lookups  # noqa: F401  makes them known
        from cases.search import documents  # noqa: F401  listens for them

        post_migrate.connect(fill_derived_tables, sender=self, dispatch_uid="fill in")


def fill_derived_tables(apps: Apps = installed, **_: object) -> None:
    """Fills derived tables for cases stored before these existed; skipped when unmigrating."""
    with suppress(LookupError):
        apps.get_model("cases", "CaseChange")
        from cases.corrections.refresh import fill_request_words
        from cases.index.changes import set_database_identity, settle_changes
        from cases.index.current import current_index
        from cases.index.texts import index_missing
        from cases.search.documents import index_missing_documents

        set_database_identity()
        settle_changes()
        fill_request_words()
        index_missing()
        index_missing_documents()
        with current_index():
            pass  # read now, so that no page waits for it

from contextlib import suppress

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Determinations"

    def ready(self) -> None:
        from cases import among, lists  # noqa: F401  makes the lookup and the lists known
        from cases.search import documents  # noqa: F401  listens for them

        post_migrate.connect(derive_what_is_not, sender=self, dispatch_uid="derive")


def derive_what_is_not(apps: Apps = installed, **_: object) -> None:
    """For cases from before there was an index; not while migrations are taken back."""
    with suppress(LookupError, FieldDoesNotExist):
        apps.get_model("cases", "Issue")._meta.get_field("subcategory")
        from cases.derived import derive_missing
        from cases.search.documents import index_missing_documents
        from cases.search.index import DOCUMENTS
        from cases.search.rows import index_missing
        from cases.summaries import retally

        index_missing()
        derive_missing()
        retally()
        if DOCUMENTS.exists():
            index_missing_documents()

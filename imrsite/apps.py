from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "imrsite"
    verbose_name = "Site"

    def ready(self) -> None:
        from imrsite import checks, heartbeat  # noqa: F401  connect themselves to signals
        from imrsite.roles import make_roles

        post_migrate.connect(make_roles, dispatch_uid="imrsite.roles")

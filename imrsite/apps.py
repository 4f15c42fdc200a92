from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "imrsite"
    verbose_name = "Site"

    def ready(self) -> None:
        from imrsite import celery  # noqa: F401  the application that tasks and messages find
        from imrsite.operations import figures  # noqa: F401  connect themselves to signals
        from imrsite.running import (  # noqa: F401  connect themselves to signals
            heartbeat,
            log_context,
            lost_clients,
        )
        from imrsite.security import checks  # noqa: F401  connect themselves to signals
        from imrsite.security.roles import make_roles
        from imrsite.webhooks import events  # noqa: F401  connect themselves to signals

        post_migrate.connect(make_roles, dispatch_uid="imrsite.security.roles")

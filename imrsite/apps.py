from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "imrsite"
    verbose_name = "Site"

    def ready(self) -> None:
        from imrsite import heartbeat  # noqa: F401  (connects itself to the worker's signals)

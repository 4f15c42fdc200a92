"""The Celery application. Everything it does is configured in settings under CELERY_*."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging
from django.conf import settings

from imrsite.running.error_tracking import start_error_tracking
from imrsite.running.private import use_private_umask

use_private_umask()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")

app = Celery("imrsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["imrsite.webhooks"])


@celeryd_init.connect
@beat_init.connect
def report_errors(**_: Any) -> None:
    start_error_tracking()


def keep_json_lines(**_: Any) -> None:
    """Celery then leaves the log as the settings have it."""
    logging.config.dictConfig(settings.LOGGING)


if settings.LOG_FORMAT == "json":
    setup_logging.connect(keep_json_lines)

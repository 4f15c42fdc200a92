"""The Celery application. Everything it does is configured in settings under CELERY_*."""

import os

from celery import Celery

from imrsite.running.private import use_private_umask

use_private_umask()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")

app = Celery("imrsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["imrsite.webhooks"])

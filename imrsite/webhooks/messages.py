"""Messages to the workers that something waits to be sent. They are hints: `tasks.sweep` asks
again for what was lost."""

from __future__ import annotations

import logging

import redis
from celery import current_app
from kombu.exceptions import OperationalError

from cases.intake.messages import ONCE_MORE, is_paused

log = logging.getLogger(__name__)
DELIVER = "imrsite.webhooks.tasks.deliver"


def ask_to_deliver(webhook_id: int) -> None:
    if is_paused():
        return
    try:
        current_app.send_task(DELIVER, (webhook_id,), retry=True, retry_policy=ONCE_MORE)
    except (OperationalError, redis.RedisError, OSError):
        log.warning("No broker: what waits for webhook %s is sent later", webhook_id)

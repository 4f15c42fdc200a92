"""Celery tasks: messages to webhooks are sent, and looked for that nobody was told of."""

from __future__ import annotations

from celery import shared_task

from imrsite.webhooks.deliveries import deliver_due, due_webhooks, forget_old
from imrsite.webhooks.messages import ask_to_deliver


@shared_task
def deliver(webhook_id: int) -> None:
    deliver_due(webhook_id)


@shared_task
def sweep() -> None:
    for webhook_id in due_webhooks():
        ask_to_deliver(webhook_id)
    forget_old()

"""Celery tasks: notices are looked for and mails are sent."""

from __future__ import annotations

from celery import shared_task


@shared_task
def look_for_notices() -> None:
    from reviews.alerts.rounds import look  # with the lists, which other workers don't need

    look()


@shared_task
def send_mail() -> None:
    from reviews.alerts.rounds import send

    send()


@shared_task
def forget_notices() -> None:
    from reviews.alerts.rounds import forget_old

    forget_old()

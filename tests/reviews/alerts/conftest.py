from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.mail_server import smtp_server
from tests.people import person

ZONE = ZoneInfo("America/Los_Angeles")


def at(day: str, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute), ZONE)


@pytest.fixture
def inbox(settings):
    """The mail that arrived at a real server, to which the product sends."""
    with smtp_server() as (inbox, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.SITE_URL = "https://imr.example.org"
        settings.DEFAULT_FROM_EMAIL = "IMR <imr@example.org>"
        yield inbox


def with_address(role: str, name: str):
    one = person(role, name)
    one.email = f"{name}@example.org"
    one.save(update_fields=["email"])
    return one


@pytest.fixture
def rosa(db):
    return with_address("reviewer", "rosa")


@pytest.fixture
def lead(db):
    return with_address("lead", "lena")

"""Lets PostgreSQL notice within seconds that a client's host is gone.

By its defaults a server waits two hours for a host that lost its power or its cable within a
transaction; what the transaction has locked stays locked, and whoever needs it waits as long.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

# Of each session, in which any user may set them; over a Unix socket they do nothing. They are not
# told in the address (`options`), which poolers refuse.
SERVER_SETTINGS = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "10000",
}
SET = "SELECT " + ", ".join("set_config(%s, %s, false)" for _ in SERVER_SETTINGS)
VALUES = [word for setting in SERVER_SETTINGS.items() for word in setting]


@receiver(connection_created, dispatch_uid="clients that are gone are noticed")
def ask_for_keepalives(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SET, VALUES)

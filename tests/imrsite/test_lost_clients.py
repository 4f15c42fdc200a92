"""How soon PostgreSQL notices that a client is gone; tests/faults/test_hosts.py pulls the cable."""

from __future__ import annotations

from django.db import connection

from imrsite.running.lost_clients import SERVER_SETTINGS


def test_each_session_asks_the_server_to_notice_soon(on_postgres):
    with connection.cursor() as cursor:
        for name, value in SERVER_SETTINGS.items():
            cursor.execute("SELECT setting FROM pg_settings WHERE name = %s", [name])
            assert cursor.fetchone() == (value,)

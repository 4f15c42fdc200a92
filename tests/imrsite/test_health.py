"""/healthz and /readyz: what they answer, and that they answer soon when a part does not."""

import socket
import sqlite3
import time
from contextlib import closing, suppress

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from imrsite.running import heartbeat
from imrsite.web import health
from tests.product import free_port

pytestmark = pytest.mark.django_db(transaction=True)  # the probe writes by its own connection


@pytest.fixture(autouse=True)
def _nothing_known(broker, monkeypatch):
    """No answer of an earlier test is kept, and no worker has been heard."""
    fresh = {name: health.Probe(probe.check) for name, probe in health.PROBES.items()}
    monkeypatch.setattr(health, "PROBES", fresh)
    heartbeat.broker().delete(heartbeat.KEY)


@pytest.fixture
def silent_server():
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_healthz_answers_anybody(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_healthz_needs_no_database(client, django_db_blocker):
    with django_db_blocker.block():
        assert client.get("/healthz").status_code == 200


def test_readyz_says_ok_of_each_part_once_a_worker_beats(client):
    heartbeat.send_heartbeat()
    response = client.get("/readyz")
    assert response.status_code == 200
    states = dict.fromkeys(("database", "disk", "broker", "worker"), "ok")
    assert response.json() == {"ready": True} | states


def test_readyz_is_503_without_a_worker(client):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["broker"] == "ok"
    assert response.json()["worker"] == f"none heard in the last {heartbeat.SECONDS} seconds"


def test_a_worker_that_leaves_says_so(client):
    heartbeat.send_heartbeat()
    heartbeat.remove_heartbeat()
    assert client.get("/readyz").json()["ready"] is False


def test_a_heartbeat_runs_out():
    heartbeat.send_heartbeat()
    assert 0 < heartbeat.broker().ttl(heartbeat.KEY) <= heartbeat.SECONDS


def test_readyz_is_503_when_nothing_listens_at_the_broker(client, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["broker"] == "does not answer"
    assert response.json()["worker"] == "unknown, since the broker does not answer"
    assert response.json()["database"] == "ok"


def test_readyz_answers_soon_when_the_broker_hangs(client, settings, silent_server):
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_server}/0"
    began = time.monotonic()
    response = client.get("/readyz")
    assert time.monotonic() - began < health.ANSWER_SECONDS + 1
    assert response.status_code == 503
    assert response.json()["broker"] == "does not answer"


def test_readyz_answers_soon_when_the_database_hangs(client, monkeypatch, silent_server):
    """As a check that waits for a socket: a database behind a dead network does just that."""

    def hang():
        with suppress(OSError), socket.create_connection(("127.0.0.1", silent_server)) as waiting:
            waiting.settimeout(10)
            waiting.recv(1)

    stuck = health.Probe(hang)
    monkeypatch.setitem(health.PROBES, "database", stuck)
    began = time.monotonic()
    response = client.get("/readyz")
    assert time.monotonic() - began < health.ANSWER_SECONDS + 1
    assert response.json()["database"] == "does not answer"
    first = stuck.thread
    client.get("/readyz")
    assert stuck.thread is first, "no second check is started while the first one hangs"


def test_a_fresh_answer_is_kept_for_the_next_poll(client):
    client.get("/readyz")
    heartbeat.send_heartbeat()
    assert client.get("/readyz").json()["worker"] != "ok"
    health.PROBES["worker"].known_at -= health.KEEP_SECONDS
    assert client.get("/readyz").json()["worker"] == "ok"


def test_health_pages_are_not_redirected_to_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    client.handler.load_middleware()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz/login").status_code == 301
    assert client.get("/login/").status_code == 301


def test_readyz_is_503_when_the_disk_has_only_its_reserve_left(client, settings):
    settings.IMR_DISK_RESERVE_MB = 1 << 30
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "below 1,073,741,824 MB nothing is accepted" in response.json()["disk"]
    assert response.json()["database"] == "ok"


def test_readyz_is_503_when_another_program_holds_the_database(client, tmp_path, monkeypatch):
    path = tmp_path / "db.sqlite3"
    options = connection.settings_dict["OPTIONS"] if connection.vendor == "sqlite" else {}
    other = DatabaseWrapper(connection.settings_dict | {"NAME": path, "OPTIONS": options})
    other.inc_thread_sharing()  # the probe has a thread of its own
    other.ensure_connection()
    monkeypatch.setattr(health, "connection", other)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        response = client.get("/readyz")
        assert time.monotonic() - began < health.ANSWER_SECONDS + 1
    assert response.status_code == 503
    assert response.json()["database"] == "locked by another program"
    assert response.json()["broker"] == "ok", "it answered long before"

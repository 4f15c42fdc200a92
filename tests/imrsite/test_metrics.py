"""/metrics: who may ask, what is told, and that labels stay few."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Document
from imrsite.operations import figures, queues
from imrsite.running import heartbeat
from imrsite.security.access import RULES
from tests.factories import stored_letter
from tests.imrsite.test_operations import document, waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted(broker):
    heartbeat.broker().delete(figures.KEY)
    figures.Rest.until = 0.0
    queues.KeptCounts.counted_at = float("-inf")


@pytest.mark.parametrize(
    ("token", "allow", "local", "sent", "status"),
    [
        ("", [], True, "", 200),  # one's own machine
        ("", [], False, "", 404),
        ("", [], False, "Bearer guess", 404),
        ("a-token", [], False, "", 404),
        ("a-token", [], False, "Bearer guess", 403),
        ("a-token", [], False, "Bearer a-token", 200),
        ("", ["127.0.0.0/8"], False, "", 200),
        ("", ["10.0.0.0/8"], False, "", 404),
    ],
)
def test_who_may_ask(client, settings, token, allow, local, sent, status):
    from ipaddress import ip_network

    settings.LOCAL, settings.METRICS_TOKEN = local, token
    settings.METRICS_NETWORKS = [ip_network(one) for one in allow]
    headers = {"Authorization": sent} if sent else {}
    assert client.get("/metrics", headers=headers).status_code == status


def told(client) -> dict[str, float]:
    """Every figure by its name and labels."""
    lines = client.get("/metrics").content.decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")
    }


def test_documents_that_wait_are_told_by_kind(client):
    document("a.pdf", status="queued")
    document("b.pdf", status="queued", bulk=True)
    document("c.pdf", status="received", bulk=True)
    document("d.pdf", status="failed", error_code="damaged")
    found = told(client)
    assert found['imr_queue_documents{queue="letters"}'] == 1
    assert found['imr_queue_documents{queue="bulk"}'] == 2
    assert 0 <= found['imr_queue_oldest_seconds{queue="bulk"}'] < 60
    assert found['imr_documents{status="queued"}'] == 2
    assert found['imr_documents{status="failed"}'] == 1
    assert found['imr_part_up{part="database"}'] == found['imr_part_up{part="broker"}'] == 1


def test_what_waits_to_go_out_is_told(client):
    waiting_mail("one", timedelta(minutes=2))
    waiting_mail("two", timedelta(minutes=1))
    found = told(client)
    assert found['imr_outgoing_messages{kind="mail"}'] == 2
    assert 120 <= found['imr_outgoing_oldest_seconds{kind="mail"}'] < 180
    assert found['imr_outgoing_messages{kind="webhooks"}'] == 0
    assert found['imr_outgoing_not_taken{kind="mail"}'] == 0


def test_what_workers_did_is_told_by_stage_and_reason(client):
    stored_letter()
    found = told(client)
    for stage in ("wait", "read", "store"):
        assert found[f'imr_stage_seconds_count{{stage="{stage}"}}'] == 1
        assert found[f'imr_stage_seconds_bucket{{le="+Inf",stage="{stage}"}}'] == 1
    assert found['imr_stage_seconds_count{stage="ocr"}'] == 0
    assert found['imr_documents_ended_total{reason="none"}'] == 1


def test_answers_are_timed_by_view_and_status(client):
    name = 'imr_http_request_seconds_count{status="200",view="healthz"}'
    before = told(client).get(name, 0)
    client.get("/healthz")
    assert told(client)[name] == before + 1


def test_no_label_is_an_id_or_words_that_somebody_sent(client):
    case = stored_letter().cases.get()
    for path in (f"/cases/{case.case_number}/", "/no/such/page/marker-7/", "/cases/?q=marker-7"):
        client.get(path)
    text = client.get("/metrics").content.decode()
    assert case.case_number not in text
    assert "marker-7" not in text
    views = set(re.findall(r'view="([^"]*)"', text))
    assert {one for one in views if not one.startswith("admin:")} <= {*RULES, "none"}


def test_without_a_broker_the_database_is_still_told(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = told(client)
    assert found['imr_part_up{part="broker"}'] == 0
    assert 'imr_queue_documents{queue="letters"}' in found


def test_it_asks_a_fixed_number_of_questions(client):
    with CaptureQueriesContext(connection) as few:
        client.get("/metrics")
    Document.objects.bulk_create(
        Document(name="x", sha256=f"{n:064x}", size=1, status="queued", bulk=n % 2)
        for n in range(500)
    )
    queues.KeptCounts.counted_at = float("-inf")
    with CaptureQueriesContext(connection) as many:
        client.get("/metrics")
    assert len(many) == len(few) <= 8

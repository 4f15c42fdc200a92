"""Webhooks: written with their event, signed, sent until they arrive, and never to inner addresses.

The receiver is a real HTTP server of the test's own.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction
from django.utils import timezone

from cases.corrections import proposals
from cases.intake import pipeline
from cases.models import Case, Proposal
from imrsite.models import Delivery, Webhook
from imrsite.security.roles import Role
from imrsite.webhooks import deliveries, sender, tasks
from imrsite.webhooks.addresses import AddressRefused, addresses_of, is_public, parse_target
from imrsite.webhooks.signing import new_secret, sign
from reviews.models import Review
from reviews.reviewing import workflow
from tests.factories import InProcess, stored_case
from tests.people import person

pytestmark = pytest.mark.django_db
State = Delivery.State


class Receiver(ThreadingHTTPServer):
    """Answers with `statuses`, one for each message and the last one on; None hangs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[dict, bytes]] = []
        self.statuses: list[int | None] = [204]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/imr?for=us"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers) | {"path": self.path}, body))
        left = self.server.statuses
        status = left.pop(0) if len(left) > 1 else left[0]
        if status is None:
            time.sleep(3)
            return
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver(settings):
    settings.IMR_WEBHOOKS_PRIVATE = True
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(receiver) -> Webhook:
    return register(receiver.url)


def register(url: str, *events: str) -> Webhook:
    names = list(events) or ["case.read", "review.closed"]
    site = "https://imr.example.org"
    return Webhook.objects.create(url=url, events=names, secret=new_secret(), site=site)


def make_due() -> None:
    """As if the pauses were over."""
    now = timezone.now()
    Delivery.objects.update(due_at=now)
    Webhook.objects.update(busy_until=None)


def told(receiver: Receiver) -> list[dict]:
    return [json.loads(body) for _, body in receiver.got]


def test_a_case_that_was_read_is_told(hook, receiver):
    case = stored_case()
    assert deliveries.deliver_due(hook.pk) == 1
    [message] = told(receiver)
    assert message["type"] == "case.read"
    data = message["data"]
    assert data["case_number"] == case.case_number
    assert data["again"] is False
    assert data["decisions"] == {
        "upheld": 1, "overturned": 0, "partially_overturned": 0, "none": 0,
    }  # fmt: skip
    assert data["url"] == f"https://imr.example.org/api/v1/cases/{case.case_number}/"
    assert data["html_url"] == f"https://imr.example.org/cases/{case.case_number}/"
    assert Delivery.objects.get().state == State.DELIVERED


def test_no_word_of_a_letter_is_told(hook, receiver):
    case = stored_case()
    deliveries.deliver_due(hook.pk)
    text = receiver.got[0][1].decode().lower()
    words = case.clinical_summary.lower().split() + case.issues.get().rationale.lower().split()
    assert not [word for word in words if len(word) > 8 and word in text]


def test_it_is_signed_as_standard_webhooks_are(hook, receiver):
    stored_case()
    deliveries.deliver_due(hook.pk)
    [(headers, body)] = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 10
    assert headers["path"] == "/imr?for=us"


def test_the_signature_is_that_of_the_scheme_s_own_example():
    """From the reference libraries of standardwebhooks.com."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example's own, no secret
    body = b'{"test": 2432232314}'
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_case_that_is_read_anew_is_told_again(hook, receiver):
    case = stored_case()
    case.reading.record["clinical_summary"] = "As an earlier version read it."
    case.reading.save()
    Case.objects.filter(pk=case.pk).update(clinical_summary="As an earlier version read it.")
    pipeline.reparse_document(case.document)
    pipeline.read_document(case.document_id, InProcess())
    deliveries.deliver_due(hook.pk)
    assert [one["data"]["again"] for one in told(receiver)] == [False, True]


def test_a_reading_that_a_person_accepts_is_told(hook, receiver):
    case = stored_case()
    proposal = Proposal.objects.create(case=case, reading=case.reading, kind="version")
    assert proposals.accept_reading(proposal, None)
    deliveries.deliver_due(hook.pk)
    assert [one["data"]["again"] for one in told(receiver)] == [False, True]


def test_a_closed_review_is_told(hook, receiver):
    reviewer, lead = person(Role.REVIEWER), person(Role.LEAD)
    case = stored_case()
    assignment = workflow.assign_reviewer(case.review, reviewer, lead)
    issue = case.issues.get()
    workflow.save_findings(
        assignment,
        version=1,
        notes="",
        findings={issue.pk: workflow.Finding("agree")},
        submit=True,
    )
    review = Review.objects.get(case=case)
    workflow.close_review(review, lead, version=review.version)
    deliveries.deliver_due(hook.pk)
    message = told(receiver)[-1]
    assert message["type"] == "review.closed"
    assert message["data"]["review_id"] == review.pk


def test_only_what_was_asked_for_is_told(receiver):
    hook = register(receiver.url, "review.closed")
    stored_case()
    assert not Delivery.objects.exists()
    assert deliveries.deliver_due(hook.pk) == 0


def test_a_message_goes_with_its_transaction(hook):
    try:
        with transaction.atomic():
            stored_case()
            assert Delivery.objects.exists()
            raise RuntimeError
    except RuntimeError:
        pass
    assert not Delivery.objects.exists()


def test_one_that_refuses_and_comes_back_gets_it(hook, receiver):
    stored_case()
    receiver.statuses = [500, 503, 200]
    for _ in range(2):
        assert deliveries.deliver_due(hook.pk) == 0
        row = Delivery.objects.get()
        assert row.state == State.WAITING
        assert row.due_at > timezone.now()
        make_due()
    assert deliveries.deliver_due(hook.pk) == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.status) == (State.DELIVERED, 3, 200)
    ids = {headers["webhook-id"] for headers, _ in receiver.got}
    assert len(ids) == 1  # by which the receiver knows it again


def test_one_that_hangs_is_left_alone_for_a_while(hook, receiver, monkeypatch):
    monkeypatch.setattr(sender, "SECONDS", 0.5)
    stored_case("CM14-0195168")
    stored_case("facsimile-000-final-2015")
    receiver.statuses = [None, 204]
    assert deliveries.deliver_due(hook.pk) == 0
    assert len(receiver.got) == 1  # the other message does not wait for another time-out
    assert Delivery.objects.filter(problem__contains="No answer").count() == 1
    assert deliveries.due_webhooks() == []
    assert deliveries.deliver_due(hook.pk) == 0
    make_due()
    assert deliveries.due_webhooks() == [hook.pk]
    assert deliveries.deliver_due(hook.pk) == 2


def test_one_that_answers_a_byte_at_a_time_is_given_up(hook, settings, monkeypatch):
    monkeypatch.setattr(sender, "DEADLINE", 0.5)
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            for byte in b"HTTP/1.1 200 OK\r\n" + b"x" * 100:
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return
                time.sleep(0.2)

    threading.Thread(target=drip, daemon=True).start()
    Webhook.objects.update(url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
    stored_case()
    began = time.monotonic()
    assert deliveries.deliver_due(hook.pk) == 0
    assert time.monotonic() - began < 3
    listening.close()


def test_one_that_is_not_there_gets_it_later(settings):
    settings.IMR_WEBHOOKS_PRIVATE = True
    receiver = Receiver()
    hook = register(receiver.url)
    receiver.shutdown()
    receiver.server_close()
    stored_case()
    assert deliveries.deliver_due(hook.pk) == 0
    assert "No answer" in Delivery.objects.get().problem
    back = Receiver()
    Webhook.objects.update(url=back.url)
    make_due()
    assert deliveries.deliver_due(hook.pk) == 1
    back.shutdown()
    back.server_close()


def test_a_message_that_is_refused_holds_up_no_other(hook, receiver):
    stored_case("CM14-0195168")
    stored_case("facsimile-000-final-2015")
    receiver.statuses = [422, 204]
    assert deliveries.deliver_due(hook.pk) == 1
    assert len(receiver.got) == 2


def test_after_a_day_it_has_failed_and_a_person_sends_it_again(hook, receiver, client):
    stored_case()
    receiver.statuses = [500]
    Delivery.objects.update(retry_until=timezone.now() + dt.timedelta(seconds=3))
    deliveries.deliver_due(hook.pk)
    row = Delivery.objects.get()
    assert row.state == State.FAILED
    make_due()
    assert deliveries.deliver_due(hook.pk) == 0
    client.force_login(person(Role.LEAD))
    page = client.get("/webhooks/").content.decode()
    assert "failed" in page
    assert "Answer 500." in page
    receiver.statuses = [200]
    client.post(f"/webhooks/deliveries/{row.pk}/resend/")
    assert deliveries.deliver_due(hook.pk) == 1
    assert "delivered" in client.get("/webhooks/").content.decode()


def test_the_pauses_grow_and_last_a_day():
    pauses = [deliveries.pause_after(number) for number in range(1, 30)]
    assert pauses == sorted(pauses)
    total, tries = dt.timedelta(), 0
    while total + pauses[tries] <= dt.timedelta(days=1):
        total += pauses[tries]
        tries += 1
    assert 10 <= tries <= 20
    assert total > dt.timedelta(hours=20)


def test_one_worker_sends_at_a_time(hook):
    with deliveries.turn_of(hook.pk) as mine:
        assert mine
        with deliveries.turn_of(hook.pk) as other:
            assert other is None
    with deliveries.turn_of(hook.pk) as again:
        assert again


def test_what_a_dead_worker_had_is_sent_by_another(hook, receiver):
    stored_case()
    Webhook.objects.update(busy_until=timezone.now() - dt.timedelta(seconds=1))
    assert deliveries.due_webhooks() == [hook.pk]
    assert deliveries.deliver_due(hook.pk) == 1


def test_a_broker_that_is_down_loses_nothing(
    hook, receiver, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("imrsite.webhooks.messages.is_paused", lambda: True)
    with django_capture_on_commit_callbacks(execute=True):
        stored_case()
    asked = []
    monkeypatch.setattr(tasks, "ask_to_deliver", asked.append)
    tasks.sweep()
    assert asked == [hook.pk]


def test_what_ended_long_ago_is_forgotten(hook):
    stored_case()
    Delivery.objects.update(state=State.DELIVERED, ended_at=timezone.now() - dt.timedelta(days=31))
    tasks.sweep()
    assert not Delivery.objects.exists()


# -- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    ],
)  # fmt: skip
def test_inner_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_outer_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https://",
        "example.org", "https://user:word@example.org/", "https://example.org/#part",
        "https://exa mple.org/", "https://example.org:99999/", "https://example.org\\@127.0.0.1/", "https://[::1",
        "https://example.org/\r\nX: y", "https://ex\u00e4mple.org/",
    ],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused(url):
    with pytest.raises(AddressRefused):
        parse_target(url, plain=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0"])
def test_this_machine_is_refused_however_it_is_written(host):
    with pytest.raises(AddressRefused):
        addresses_of(parse_target(f"https://{host}/", plain=False), private=False)


def test_a_name_that_turns_inward_later_is_refused_when_it_is_sent(hook, receiver, settings):
    settings.IMR_WEBHOOKS_PRIVATE = False
    stored_case()
    assert deliveries.deliver_due(hook.pk) == 0
    assert receiver.got == []
    assert "private network" in Delivery.objects.get().problem


def test_the_connection_goes_to_the_address_that_was_checked(hook, receiver, monkeypatch):
    """Whatever the name says by then."""
    port = receiver.server_address[1]
    Webhook.objects.update(url=f"http://imr.example.org:{port}/")
    looked_up = []

    def look_up(host: str, port: int, *_: object, **__: object) -> list:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("imrsite.webhooks.addresses.socket.getaddrinfo", look_up)
    stored_case()
    assert deliveries.deliver_due(hook.pk) == 1
    assert looked_up.count("imr.example.org") == 1
    assert receiver.got[0][0]["Host"] == f"imr.example.org:{port}"


def test_redirects_are_not_followed(hook, receiver):
    stored_case()
    receiver.statuses = [302, 204]
    assert deliveries.deliver_due(hook.pk) == 0
    assert len(receiver.got) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver, tmp_path, monkeypatch):
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    hook = register(receiver.url.replace("http://127.0.0.1", "https://localhost"))
    stored_case()
    assert deliveries.deliver_due(hook.pk) == 0
    assert "No secure connection" in Delivery.objects.get().problem
    monkeypatch.setattr(sender, "trust", lambda: ssl.create_default_context(cafile=certificate))
    make_due()
    assert deliveries.deliver_due(hook.pk) == 1


def self_signed(folder) -> tuple[str, str]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, none))
    return str(folder / "cert.pem"), str(folder / "key.pem")


# -- the page --------------------------------------------------------------------------------------


@pytest.fixture
def lead_client(client, db):
    client.force_login(person(Role.LEAD, "lena"))
    return client


def test_the_secret_is_shown_once(lead_client, receiver):
    form = {"url": receiver.url, "events": ["case.read"]}
    page = lead_client.post("/webhooks/", form).content.decode()
    hook = Webhook.objects.get()
    assert hook.secret in page
    assert hook.secret not in lead_client.get("/webhooks/").content.decode()
    assert hook.site == "http://testserver"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"url": "https://127.0.0.1/", "events": "case.read"}, "private network"),
        ({"url": "https://nowhere.invalid/", "events": "case.read"}, "no address"),
        ({"url": "gopher://example.org/", "events": "case.read"}, "begins with"),
        ({"url": "https://8.8.8.8/"}, "at least one event"),
        ({"url": "https://8.8.8.8/", "events": "case.deleted"}, "not one of the available"),
    ],
)
def test_a_mistaken_form_registers_nothing(lead_client, form, words):
    answer = lead_client.post("/webhooks/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Webhook.objects.exists()


def test_plain_http_is_for_one_s_own_machine(lead_client, settings):
    settings.LOCAL = False
    answer = lead_client.post("/webhooks/", {"url": "http://8.8.8.8/", "events": "case.read"})
    assert "begins with https://" in answer.content.decode()


def test_a_test_message_is_sent(lead_client, hook, receiver):
    lead_client.post(f"/webhooks/{hook.pk}/test/")
    deliveries.deliver_due(hook.pk)
    assert told(receiver)[0]["type"] == "webhook.test"


def test_a_removed_one_is_told_nothing(lead_client, hook, receiver):
    stored_case()
    lead_client.post(f"/webhooks/{hook.pk}/remove/")
    assert not Delivery.objects.exists()
    assert deliveries.deliver_due(hook.pk) == 0
    page = lead_client.get("/audit/").content.decode()
    assert f"removed the webhook {hook.url[:60]}"[:40] in page

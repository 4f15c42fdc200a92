"""What leaves the product about itself: log lines, reports of errors and figures of real processes.

None of them holds what a letter, a file name or a search says.
"""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from urllib.request import Request, urlopen

import pytest

from tests.faults import letters
from tests.faults.plant import Plant, wait_until

MARKER = "quetzalcoatl"  # stands in the letter, in its name, in searches and in errors
REQUEST_ID = "from-the-proxy-0001"


class Receiver(ThreadingHTTPServer):
    """Plays the server that error reports are sent to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Envelopes)
        self.events: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def dsn(self) -> str:
        return f"http://public@127.0.0.1:{self.server_port}/1"


class Envelopes(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        elif self.headers.get("Content-Encoding") == "br":  # where the package is installed
            body = import_module("brotli").decompress(body)
        self.server.events.append(body.decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def receiver():
    with Receiver() as one:
        yield one
        one.shutdown()


@pytest.fixture(scope="module")
def plant(tmp_path_factory, receiver):
    one = Plant(
        tmp_path_factory.mktemp("observed") / "var",
        LOG_FORMAT="json",
        LOG_LEVEL="INFO",
        METRICS_TOKEN="a-token-for-metrics",
        SENTRY_DSN=receiver.dsn,
        SENTRY_ENVIRONMENT="tests",
        SENTRY_RELEASE="9.9",
    )
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture(scope="module")
def provoked(plant):
    """A letter that is read, one that is not, searches, and errors on both sides."""
    visitor = plant.sign_in()
    visitor.opener.addheaders = [("X-Request-ID", REQUEST_ID)]
    words, letters.LINES = letters.LINES, letters.LINES.replace("a cook", f"a {MARKER}")
    try:
        first, second = letters.small_letter(1), letters.small_letter(2)
    finally:
        letters.LINES = words
    visitor.upload({f"{MARKER}-1.pdf": first})
    plant.await_status(f"{MARKER}-1.pdf", "parsed")
    for path in ("/cases/", "/documents/", f"/no/{MARKER}/", f"/cases/{MARKER}/"):
        visitor.send(Request(f"{visitor.url}{path}?q={MARKER}"))
    plant.rows(
        "CREATE TRIGGER refuse BEFORE INSERT ON cases_case BEGIN"
        f" SELECT RAISE(ABORT, '{MARKER} can not be stored'); END"
    )
    visitor.upload({f"{MARKER}-2.pdf": second})
    plant.await_status(f"{MARKER}-2.pdf", "failed")
    plant.rows("ALTER TABLE cases_documentevent RENAME TO elsewhere")
    visitor.send(Request(f"{visitor.url}/documents/1/?q={MARKER}"))
    plant.rows("ALTER TABLE elsewhere RENAME TO cases_documentevent")
    return visitor


def log_text(plant) -> str:
    return "".join((plant.folder / f"{name}.log").read_text() for name in ("web", "worker"))


def lines_of(plant, name: str) -> list[dict]:
    text = (plant.folder / f"{name}.log").read_text()
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_no_line_says_what_a_letter_a_name_or_a_search_says(plant, provoked):
    assert MARKER not in log_text(plant)


def test_every_line_of_the_web_server_is_json(plant, provoked):
    text = (plant.folder / "web.log").read_text()
    assert [line for line in text.splitlines() if not line.startswith("{")] == []


def test_a_request_s_id_is_on_its_lines_and_those_of_the_task_it_sent(plant, provoked):
    web = [line for line in lines_of(plant, "web") if line.get("request_id") == REQUEST_ID]
    upload = next(line for line in web if line.get("view") == "upload")
    assert upload["user_id"] == 1
    assert upload["message"].startswith("POST 302 in ")
    failed = next(line for line in lines_of(plant, "worker") if "could not be stored" in str(line))
    assert failed["request_id"] == REQUEST_ID
    assert failed["task"] == "parse_document"
    assert failed["document_id"] == 2
    assert failed["exception"] == "IntegrityError"
    assert any("store_reading" in place for place in failed["places"])


def test_an_id_that_is_none_is_replaced(plant, provoked):
    got = urlopen(
        Request(f"{provoked.url}/healthz", headers={"X-Request-ID": "<script> no id"}), timeout=10
    )
    assert len(got.headers["X-Request-ID"]) == 16
    got = urlopen(Request(f"{provoked.url}/healthz", headers={"X-Request-ID": REQUEST_ID}))
    assert got.headers["X-Request-ID"] == REQUEST_ID


def test_errors_of_both_sides_are_reported_without_any_words(receiver, provoked):
    wait_until(lambda: {"OperationalError", "IntegrityError"} <= reported(receiver), 20)
    text = "".join(receiver.events)
    assert MARKER not in text
    assert '"release":"9.9"' in text.replace(" ", "")
    assert '"environment":"tests"' in text.replace(" ", "")
    assert "store_reading" in text, "the places in the code"
    for word in ("sessionid", "csrftoken", "Cookie", "INSERT INTO"):
        assert word not in text


def reported(receiver) -> set[str]:
    return {
        name
        for name in ("OperationalError", "IntegrityError")
        if any(f'"{name}"' in event for event in receiver.events)
    }


def test_figures_are_those_of_all_processes(plant, provoked):
    for _ in range(40):
        plant.get("/healthz")
    request = Request(
        f"{provoked.url}/metrics", headers={"Authorization": "Bearer a-token-for-metrics"}
    )
    text = urlopen(request, timeout=20).read().decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
    asked = figures['imr_http_request_seconds_count{status="200",view="healthz"}']
    assert float(asked) >= 40
    assert float(figures['imr_stage_seconds_count{stage="read"}']) == 2
    assert float(figures['imr_documents_ended_total{reason="none"}']) == 1
    assert float(figures['imr_queue_workers{queue="letters"}']) == 1
    assert MARKER not in text

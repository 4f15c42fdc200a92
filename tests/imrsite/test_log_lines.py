"""JSON log lines: what is kept of the words of the product and of libraries."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from imrsite.running.error_tracking import without_words
from imrsite.running.log_context import LogContext, current, request_id_from
from imrsite.running.log_lines import SafeJsonFormatter

MARKER = "quetzalcoatl"


def line(name: str, words: str, *args: object, **more: object) -> dict:
    record = logging.makeLogRecord(
        {"name": name, "msg": words, "args": args, "levelname": "INFO", "levelno": 20, **more}
    )
    text = SafeJsonFormatter().format(record)
    assert MARKER not in text
    return json.loads(text)


def test_the_product_s_own_words_are_whole():
    told = line("cases.intake.pipeline", "Document %s could not be stored", 7, imr={"view": "x"})
    assert told["message"] == "Document 7 could not be stored"
    assert (told["logger"], told["level"], told["view"]) == ("cases.intake.pipeline", "INFO", "x")


@pytest.mark.parametrize(
    ("name", "words", "args", "kept"),
    [
        ("django.request", "%s: %s", ("Not Found", f"/no/{MARKER}/"), "Not Found"),
        ("django.security.csrf", "Forbidden (%s): %s", ("No cookie", MARKER), "Forbidden (…): …"),
        ("gunicorn.error", "Booting worker with pid: %s", (12,), "Booting worker with pid: 12"),
        ("gunicorn.error", "Error handling %s", (f"/?q={MARKER}",), "Error handling …"),
        ("celery.app.trace", "Task %(name)s: %(exc)s", {"name": "t", "exc": MARKER}, "Task t: …"),
    ],
)
def test_of_libraries_the_fixed_words_are_kept(name, words, args, kept):
    record = logging.makeLogRecord({"name": name, "msg": words, "args": args})
    assert json.loads(SafeJsonFormatter().format(record))["message"] == kept


def test_of_words_put_together_before_only_the_first_are_kept():
    told = line("boto3", f"a line that was put together before it was logged: {MARKER}")
    assert told["message"] == "a line that was put together before it…"


def test_an_exception_is_told_without_its_message():
    try:
        raise ValueError(MARKER)
    except ValueError:
        told = line("cases.x", "It failed", exc_info=sys.exc_info())
    assert told["exception"] == "ValueError"
    assert told["places"][0].endswith("test_an_exception_is_told_without_its_message")


def test_nothing_else_that_hangs_on_a_record_is_told():
    assert "request" not in line("django.request", "%s: %s", "Bad", "x", request=MARKER)


@pytest.mark.parametrize("sent", ["short", "with space 123", "x" * 65, "new\nline-1234", ""])
def test_a_request_s_id_that_is_none_is_made_anew(sent):
    assert request_id_from(sent) != sent
    assert request_id_from("sane-id.of_proxy-1") == "sane-id.of_proxy-1"


def test_a_message_to_a_worker_carries_the_id_of_its_request():
    from imrsite.celery import app

    token = current.set(LogContext(request_id="of-the-request"))
    try:
        with app.connection_for_write() as connection, connection.channel() as channel:
            channel.queue_purge("letters")
            app.send_task("cases.tasks.parse_document", (1,), queue="letters")
            message = channel.basic_get("letters", no_ack=True)
    finally:
        current.reset(token)
    assert message.headers["imr_request_id"] == "of-the-request"


def test_a_report_of_an_error_has_no_words():
    frame = {"filename": "a.py", "lineno": 3, "vars": {"text": MARKER}, "context_line": MARKER}
    told = without_words(
        {
            "exception": {
                "values": [
                    {"type": "ValueError", "value": MARKER, "stacktrace": {"frames": [frame]}}
                ]
            },
            "request": {"url": f"/?q={MARKER}", "data": MARKER},
            "breadcrumbs": {"values": [{"message": MARKER}]},
            "extra": {"args": MARKER},
            "contexts": {"celery-job": {"args": MARKER}, "runtime": {"name": "CPython"}},
            "tags": {"anything": MARKER},
            "logentry": {"message": "%s", "params": [MARKER]},
            "user": {"email": MARKER},
        }
    )
    assert MARKER not in json.dumps(told)
    [error] = told["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"] == [{"filename": "a.py", "lineno": 3}]
    assert told["contexts"] == {"runtime": {"name": "CPython"}}


def test_workers_load_nothing_of_what_is_not_asked_for():
    code = (
        "import django, sys; django.setup(); import cases.tasks;"
        "print(*{'sentry_sdk', 'prometheus_client', 'pythonjsonlogger'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == ""

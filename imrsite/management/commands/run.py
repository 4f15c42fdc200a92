"""`manage.py run`: the whole product on one's own machine, under one supervising process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from cases.intake import ocr
from imrsite.running import demo
from imrsite.running.broker import BrokerMissing, embedded_broker, wait_for_broker
from imrsite.running.broker_file import remove_broker_file, write_broker_file
from imrsite.running.port import HOST, CannotStart, claim_var_dir, local_url, open_port
from imrsite.running.stopping import MakeProcess, Stop, StopSignals, ignore_signals
from imrsite.running.supervisor import Crash, Part, Supervisor
from imrsite.web.static_files import collect_if_changed

WATCH_SECONDS = 0.25
READY_SECONDS = 120

READY = """
IMR Case Review is ready.

    Address    {address}
    User       {user}
    Password   {password}

Logs are in {logs}. Ctrl-C stops everything.
"""


class Command(BaseCommand):
    help = (
        "Serves the product on this machine: web server, Celery worker and scheduler, and a broker"
        " when REDIS_URL is unset. For production see README."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.signals, self.make = StopSignals(), MakeProcess()
        self.signals.listen()
        try:
            with (
                claim_var_dir(settings.VAR_DIR, settings.PORT) as was_killed,
                closing(open_port(settings.PORT, patient=was_killed)) as listener,
            ):
                self.supervise(listener)
        except Stop:
            self.say("Stopped.")
        except (CannotStart, BrokerMissing, Crash) as error:
            self.stderr.write(str(error))
            sys.exit(1)

    def say(self, text: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            self.stdout.write(text)
            self.stdout.flush()

    def supervise(self, listener: socket.socket) -> None:
        log_dir = settings.VAR_DIR / "log"
        log_dir.mkdir(exist_ok=True)
        supervisor = Supervisor(log_dir, settings.BASE_DIR, environment())
        try:
            self.start(supervisor, listener)
            while True:
                self.watch(supervisor)
        finally:
            try:
                supervisor.stop()
            finally:  # also at a second Ctrl-C, which has no patience
                ignore_signals()
                supervisor.kill()
                remove_broker_file(settings.VAR_DIR)

    def start(self, supervisor: Supervisor, listener: socket.socket) -> None:
        self.say("Starting …")
        start_broker(supervisor)
        migrate()
        supervisor.start(worker())
        collect_if_changed()
        supervisor.start(web_server(listener))
        password = demo.ensure_login()
        samples = demo.missing_samples()
        connection.close()
        self.wait_until_ready(supervisor)
        supervisor.restarts = True
        # These can wait: beside the others they would only take the processor from them.
        supervisor.start(scheduler())
        if ocr.is_available():
            supervisor.start(ocr_worker())
        self.say(
            READY.format(
                address=local_url(settings.PORT),
                user=demo.USERNAME,
                password=password,
                logs=supervisor.log_dir,
            )
        )
        if samples:
            self.say(f"{len(samples)} sample letters are being read in the background.")
            supervisor.start(ingest(samples))

    def wait_until_ready(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not (state := readiness()).get("ready"):
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"Not ready after {READY_SECONDS} seconds: {state or 'no answer'}."
                    f" The logs in {supervisor.log_dir} may say why."
                )
            self.watch(supervisor)

    def watch(self, supervisor: Supervisor) -> None:
        """A moment's pause in which all must go well."""
        time.sleep(WATCH_SECONDS)
        for notice in supervisor.check():
            self.say(f"{datetime.now():%H:%M:%S} {notice}\n")
        if self.signals.came or self.make.wants_stop():
            raise Stop


def environment() -> dict[str, str]:
    """What the parts are told: this is one's own machine, and what was made up for it."""
    return os.environ | {
        "IMR_LOCAL": "true",
        "IMR_VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": demo.secret_key(),
        "PYTHONUNBUFFERED": "1",
    }


def start_broker(supervisor: Supervisor) -> None:
    if settings.REDIS_URL_IS_SET:
        if not wait_for_broker(settings.REDIS_URL, seconds=3):
            raise CannotStart(
                "The broker that REDIS_URL names does not answer. Start it, or unset REDIS_URL:"
                " then a broker of our own is started."
            )
        return
    broker = embedded_broker(settings.VAR_DIR)
    supervisor.start(Part("broker", broker.command, stdin=broker.config, outlives_others=True))
    supervisor.env["REDIS_URL"] = broker.url
    if not wait_for_broker(broker.url, seconds=10):
        supervisor.check()  # says more, if it ended
        raise CannotStart("The broker does not answer.")
    write_broker_file(settings.VAR_DIR, broker.url)


def migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CannotStart(
            f"The database can't be used: {error}\nDATABASE_URL says which it is; unset, it is"
            " a file in the var folder."
        ) from error


def worker() -> Part:
    options = ("--concurrency=2", "--without-mingle", "--without-gossip", "--loglevel=INFO")
    return Part("worker", in_background(celery("worker", *options)), stop_signal=signal.SIGQUIT)


def in_background(command: tuple[str, ...]) -> tuple[str, ...]:
    """Where processors are short, people who wait for a page go first."""
    return ("nice", "-n", "10", *command)


def ocr_worker() -> Part:
    """Text recognition takes long: scans queue apart, so that letters needn't wait for them."""
    options = ("--queues=ocr", "--hostname=ocr@%h", "--concurrency=1", "--without-mingle")
    command = celery("worker", *options, "--without-gossip", "--loglevel=INFO")
    return Part("OCR worker", in_background(command), stop_signal=signal.SIGQUIT)


def scheduler() -> Part:
    # When each job was last done is not worth a start that a broken file prevents.
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    for file in schedule.parent.glob(f"{schedule.name}*"):
        file.unlink()
    return Part("scheduler", celery("beat", "--loglevel=INFO"))


def web_server(listener: socket.socket) -> Part:
    listener.setblocking(False)
    command = python("gunicorn", "--bind", f"fd://{listener.fileno()}", "imrsite.wsgi")
    return Part("web server", command, signal.SIGQUIT, pass_fds=(listener.fileno(),))


def ingest(letters: list[Path]) -> Part:
    command = (sys.executable, "manage.py", "ingest", *map(str, letters))
    return Part("reading of the sample letters", command, may_end=True)


def celery(*arguments: str) -> tuple[str, ...]:
    return python("celery", "--app", "imrsite", "--quiet", *arguments)


def python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def readiness() -> dict[str, Any]:
    """What /readyz says; nothing while the web server does not answer."""
    asked = http.client.HTTPConnection(HOST, settings.PORT, timeout=3)
    with closing(asked), suppress(OSError, http.client.HTTPException, ValueError):
        asked.request("GET", "/readyz")
        return json.loads(asked.getresponse().read())
    return {}

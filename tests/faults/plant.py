"""The product's parts as separate processes, each of which can be killed and started again."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from imrsite.running.broker import CONFIG, server_program, wait_for_broker
from tests.migrated import copy_migrated
from tests.product import ROOT, clean_environment, free_port

USER, PASSWORD = "ann", "words-on-a-page"
PREPARE = f"""
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
User.objects.create_superuser({USER!r}, password={PASSWORD!r})
"""


class Plant:
    """Broker, worker, scheduler and web server over one SQLite file, under one folder."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.broker_port, self.web_port = free_port(), free_port()
        self.broker_url = f"redis://:secret@127.0.0.1:{self.broker_port}/0"
        self.env = clean_environment(
            folder,
            REDIS_URL=self.broker_url,
            SECRET_KEY="only-for-tests-" + "x" * 50,
            IMR_LOCAL="true",
            IMR_LEASE_SECONDS="4",
            IMR_SWEEP_SECONDS="1",
            IMR_DISK_RESERVE_MB="0",  # small disks are filled to the last byte
            IMR_DATABASE_WAIT_SECONDS="5",
            **env,
        )
        self.processes = 2  # of the worker
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    # -- parts ---------------------------------------------------------------------------------

    def start(self) -> Plant:
        self.folder.mkdir(parents=True, exist_ok=True)
        copy_migrated(self.folder / "db.sqlite3")
        self.manage("shell", "--command", PREPARE)
        self.mend()
        return self

    def mend(self) -> None:
        """Starts what is not running."""
        for name in ("broker", "worker", "scheduler", "web"):
            if name not in self.parts or self.parts[name].poll() is not None:
                getattr(self, f"start_{name}")()

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start_broker(self) -> None:
        config = CONFIG.format(port=self.broker_port, password="secret", directory=self.folder)
        process = self.run("broker", server_program(), "-", stdin=subprocess.PIPE)
        process.stdin.write(config.encode())
        process.stdin.close()
        assert wait_for_broker(self.broker_url, seconds=10)

    def start_worker(self) -> None:
        options = (f"--concurrency={self.processes}", "--without-mingle", "--without-gossip")
        self.celery("worker", "worker", *options)

    def start_scheduler(self) -> None:
        self.celery("scheduler", "beat", "--max-interval=1")

    def celery(self, name: str, *arguments: str) -> None:
        command = (sys.executable, "-m", "celery", "--app", "imrsite", "--quiet")
        self.run(name, *command, *arguments, "--loglevel=WARNING")

    def start_web(self) -> None:
        address = f"127.0.0.1:{self.web_port}"
        self.run("web", sys.executable, "-m", "gunicorn", "--bind", address, "imrsite.wsgi")
        wait_until(lambda: self.get("/healthz")[0] == 200, 30)

    def run(self, name: str, *command: str, **options: Any) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.parts[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )
        return self.parts[name]

    def kill(self, name: str) -> None:
        """kill -9 of the part's own process; what it started has to see to its own end."""
        process = self.parts.pop(name)
        process.kill()
        process.wait()
        if name == "web":  # its processes hold the port a moment longer than it lives
            wait_until(lambda: self.get("/healthz")[0] == 0, 20)

    def stop(self) -> None:
        for process in self.parts.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.parts.clear()
        mark = f"IMR_VAR_DIR={self.folder}".encode()
        for one in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (one / "environ").read_bytes().split(b"\0"):
                    os.kill(int(one.name), signal.SIGKILL)

    # -- as a visitor --------------------------------------------------------------------------

    def get(self, path: str) -> tuple[int, str]:
        try:
            with build_opener().open(f"http://127.0.0.1:{self.web_port}{path}", timeout=5) as got:
                return got.status, got.read().decode()
        except OSError:
            return 0, ""

    def get_json(self, path: str) -> dict[str, Any]:
        """What the address says, whatever the status; {} without an answer."""
        try:
            with build_opener().open(f"http://127.0.0.1:{self.web_port}{path}", timeout=5) as got:
                return json.loads(got.read())
        except HTTPError as refusal:
            return json.loads(refusal.read())
        except OSError:
            return {}

    def sign_in(self) -> Visitor:
        return Visitor(f"http://127.0.0.1:{self.web_port}")

    # -- as the database has it ----------------------------------------------------------------

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "db.sqlite3", timeout=20, isolation_level=None)

    def rows(self, query: str, *values: Any) -> list[tuple]:
        with closing(self.connect()) as connection:
            return connection.execute(query, values).fetchall()

    def states(self) -> dict[str, int]:
        return dict(self.rows("SELECT status, count(*) FROM cases_document GROUP BY status"))

    def status(self, name: str) -> str:
        found = self.rows("SELECT status FROM cases_document WHERE name = ?", name)
        return found[0][0] if found else ""

    def await_status(self, name: str, status: str, seconds: float = 90) -> None:
        wait_until(lambda: self.status(name) == status, seconds)

    def unfinished(self) -> int:
        return sum(
            count for state, count in self.states().items()
            if state in ("received", "queued", "reading")
        )  # fmt: skip


class Visitor:
    """A signed-in browser without the browser."""

    def __init__(
        self,
        url: str,
        user: str = USER,
        password: str = PASSWORD,
        *,
        opener: OpenerDirector | None = None,
    ) -> None:
        self.url = url
        self.jar = CookieJar()
        self.opener = opener or build_opener()
        self.opener.add_handler(HTTPCookieProcessor(self.jar))
        form = self.opener.open(f"{url}/login/", timeout=30).read().decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
        fields = {"username": user, "password": password, "csrfmiddlewaretoken": self.token}
        self.opener.open(f"{url}/login/", urlencode(fields).encode(), timeout=30).read()
        self.token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.send(Request(f"{self.url}{path}", headers=named))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        data = urlencode(fields | {"csrfmiddlewaretoken": self.token}).encode()
        return self.send(Request(f"{self.url}{path}", data))

    def upload(self, files: dict[str, bytes]) -> tuple[int, str]:
        """Posts them in one form; the status and the page of the answer, redirects followed."""
        edge = uuid.uuid4().hex
        parts = [field(edge, 'name="csrfmiddlewaretoken"', self.token.encode())]
        parts += [
            field(edge, f'name="files"; filename="{name}"', data) for name, data in files.items()
        ]
        request = Request(
            f"{self.url}/upload/",
            b"".join(parts) + f"--{edge}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={edge}"},
        )
        return self.send(request)

    def send(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=120) as got:
                return got.status, got.read().decode()
        except HTTPError as refusal:
            return refusal.code, refusal.read().decode()


def field(edge: str, disposition: str, data: bytes) -> bytes:
    head = f"--{edge}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + data + b"\r\n"


def wait_until(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)

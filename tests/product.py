"""The real product as a test sees it: `manage.py run` in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a-password-for-tests"
START_SECONDS = 90
STOP_SECONDS = 15


def free_port() -> int:
    """One that nobody listens on, below those that the system gives to outgoing connections: such
    a connection of another test could take it before it is used."""
    for port in random.SystemRandom().sample(range(15_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("none of a hundred ports is free")


def clean_environment(var_dir: Path, **extra: str) -> dict[str, str]:
    """The environment of a fresh shell: none of the settings that the tests themselves run on."""
    ours = ("DJANGO_", "IMR_", "CELERY_")
    named = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "MEDIA_ROOT"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and name not in named and name != "MAKELEVEL"
    }
    return kept | {"IMR_VAR_DIR": str(var_dir)} | extra


class Product:
    """One run of the product in its own var folder, on its own port."""

    user = "demo"
    password = PASSWORD

    def __init__(self, var_dir: Path, port: int | None = None, **env: str) -> None:
        self.var_dir = var_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = clean_environment(
            var_dir, PORT=str(self.port), **{"DEMO_PASSWORD": PASSWORD} | env
        )
        self.output = var_dir / "console.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def take_over(self, folder: Path) -> Product:
        """Lets it find what an earlier run left there, as if it were its own."""
        shutil.copytree(folder, self.var_dir)
        return self

    def launch(self, *command: str) -> Product:
        """Starts it without waiting for anything."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as console:
            self.process = subprocess.Popen(
                command or (sys.executable, "manage.py", "run"),
                cwd=ROOT,
                env=self.env,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def start(self, *command: str) -> Product:
        """Starts it and returns when it has told its address."""
        ready = "IMR Case Review is ready"
        before = self.said().count(ready) if self.output.exists() else 0  # of earlier starts
        self.launch(*command)
        self.wait_until(lambda: self.said().count(ready) > before, START_SECONDS)
        return self

    def wait_until(self, condition: Any, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"it ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"it took too long:\n{self.said()}"
            time.sleep(0.1)

    def has_samples(self) -> bool:
        """Whether the letters it brings are read; it says that it is ready before they are."""
        database = f"file:{self.var_dir / 'db.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True)) as connection:
            asked = "SELECT count(*) FROM cases_document WHERE status = 'parsed'"
            [read] = connection.execute(asked).fetchone()
        letters = ROOT / "tests" / "letters"
        return read >= sum(len(list(letters.glob(name))) for name in ("CM*.pdf", "facsimile-*.pdf"))

    def said(self) -> str:
        return self.output.read_text()

    def end(self, number: int = signal.SIGINT) -> int:
        """Sends the signal and returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def clean_up(self) -> None:
        """Whatever the test did, nothing of this run goes on."""
        if self.process:
            self.process.kill()
            self.process.wait()
        for pid in self.leftovers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def leftovers(self) -> list[int]:
        """Every process that was started with this run's var folder and lives."""
        mark = f"IMR_VAR_DIR={self.var_dir}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return [pid for pid in found if pid != os.getpid()]

    def all_gone(self, seconds: float = 5) -> bool:
        deadline = time.monotonic() + seconds
        while self.leftovers() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.leftovers()

    def pids(self, word: str) -> list[int]:
        """Processes of this run whose command line holds the word, the oldest first."""
        lines = {
            pid: Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in self.leftovers()
        }
        return sorted(pid for pid, line in lines.items() if word in line)

    def get(self, path: str) -> tuple[int, str]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request("GET", path)
        answer = asked.getresponse()
        return answer.status, answer.read().decode()

    def readiness(self) -> dict[str, Any]:
        return json.loads(self.get("/readyz")[1])

    def wait_until_ready(self, seconds: float = 20) -> dict[str, Any]:
        """What /readyz says once all is well. A busy machine may make a part late once."""
        states = []
        self.wait_until(lambda: states.append(self.readiness()) or states[-1]["ready"], seconds)
        return states[-1]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a management command on this run's database and broker, and with its key."""
        key = self.var_dir / "secret_key"
        own = {"SECRET_KEY": key.read_text().strip()} if key.exists() else {}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env | {"IMR_LOCAL": "true"} | own,
            capture_output=True,
            text=True,
            timeout=120,
        )

"""Broker, worker and database as `make run` has them, and the processor time of each."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from imrsite.running.broker import embedded_broker, wait_for_broker
from tests.bench.ingest.clocks import FOLDER
from tests.migrated import copy_migrated
from tests.product import ROOT, clean_environment, free_port

TICKS = os.sysconf("SC_CLK_TCK")
USER, PASSWORD = "bench", "words-on-a-page"
PREPARE = f"""
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
User.objects.create_superuser({USER!r}, password={PASSWORD!r})
"""
ENDED = """
import json
from django.db.models import Count, Max
from cases.models import Batch, Case, Document
batch = Batch.objects.first()
of_batch = Document.objects.filter(batch_lines__batch=batch)
ended = of_batch.aggregate(last=Max("finished_at"))["last"]
print(json.dumps({
    "seconds": (ended - batch.created_at).total_seconds(),
    "parsed": of_batch.filter(status="parsed", cases__isnull=False).count(),
}))
"""
# As imrsite/management/commands/run.py starts it, but for the number of processes.
WORKER = (sys.executable, "-m", "celery", "--app", "imrsite", "--quiet", "worker")
WORKER += ("--without-mingle", "--without-gossip", "--loglevel=INFO")
# What a process is, by a word of its command line.
ROLES = {
    "letters.reading.child": "sandbox",
    "celery": "worker",
    "manage.py": "command",
    "valkey": "broker",
    "redis-server": "broker",
    "postgres": "database server",
    "gunicorn": "web server",
}


@dataclass(slots=True)
class Installation:
    """One database, one broker, and a worker of so many processes."""

    folder: Path
    database: str
    processes: int
    env: dict[str, str] = field(default_factory=dict)
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def clocks(self) -> Path:
        return self.folder / "clocks"

    def start(self, *, web: bool = False) -> Installation:
        self.clocks.mkdir(parents=True)
        broker = embedded_broker(self.folder)
        ours = {"REDIS_URL": broker.url, "SECRET_KEY": "only-for-the-bench-" + "x" * 40}
        ours |= {"IMR_LOCAL": "true", "LOG_LEVEL": "WARNING", FOLDER: str(self.clocks)}
        ours |= {"DJANGO_SETTINGS_MODULE": "tests.bench.ingest.settings"}
        ours |= {"PYTHONPATH": str(ROOT)} | (
            {"DATABASE_URL": self.database} if self.database else {}
        )
        self.env = clean_environment(self.folder, **ours)
        if not self.database:
            copy_migrated(self.folder / "db.sqlite3")
        self.shell(PREPARE)
        process = self.run(*broker.command, stdin=subprocess.PIPE)
        assert process.stdin
        with process.stdin:
            process.stdin.write(broker.config)
        assert wait_for_broker(broker.url, seconds=20)
        self.run(*WORKER, f"--concurrency={self.processes}")
        if web:
            self.port = free_port()
            address = f"127.0.0.1:{self.port}"
            self.run(sys.executable, "-m", "gunicorn", "--bind", address, "imrsite.wsgi")
            wait_for_port(self.port)
        return self

    def run(self, *command: str, stdin: int | None = None) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdin=stdin, stdout=log, stderr=log
            )
        self.parts.append(process)
        return process

    def shell(self, script: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", script]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def ingest(self, *paths: Path) -> subprocess.Popen[bytes]:
        command = ("manage.py", "ingest", "--wait", *map(str, paths))
        return self.run(sys.executable, *command)

    def start_clocks(self) -> None:
        (self.clocks / "start").touch()

    def ended(self) -> int:
        """How many documents have ended, as the database has it."""
        asked = "SELECT count(*) FROM cases_document WHERE finished_at IS NOT NULL"
        if self.database:
            with psycopg.connect(self.database) as server:
                return server.execute(asked).fetchone()[0]
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as file:
            return file.execute(asked).fetchone()[0]

    def seconds(self) -> dict[str, float]:
        """Processor time of all processes that the bench has started, by what they are."""
        return processor_seconds(os.getpid())

    def stop(self) -> None:
        """The worker first, which then writes what its clocks say."""
        for process in reversed(self.parts):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)

    def kill(self) -> None:
        for process in self.parts:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()

    def shares(self) -> dict[str, dict[str, dict[str, float]]]:
        """Role of the process → wall, work, calls → part → figure."""
        found: dict[str, dict[str, Counter[str]]] = {}
        for path in self.clocks.glob("*.json"):
            figures = json.loads(path.read_text())
            role = found.setdefault(figures.pop("role"), {})
            for kind, parts in figures.items():
                role.setdefault(kind, Counter()).update(parts)
        return {role: {k: dict(v) for k, v in kinds.items()} for role, kinds in found.items()}


def processor_seconds(root: int) -> dict[str, float]:
    """Of the processes below one, with those of them that have ended, by their role."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            values = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid] = int(values[1])
            spent[pid] = sum(map(int, values[11:15])) / TICKS
    found: Counter[str] = Counter()
    for pid in parents:
        above = pid
        while above in parents and above != root:
            above = parents[above]
        if above == root and pid != root:
            found[role_of(pid)] += spent[pid]
    return dict(found)


def role_of(pid: int) -> str:
    with suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        return next((role for word, role in ROLES.items() if word in line), "other")
    return "other"


def wait_for_port(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on port {port}")

"""Databases of made-up cases, in a folder that goes when the run ends, or that is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.migrated import copy_migrated
from tests.postgres import answers, programs, unprivileged
from tests.product import free_port

ROOT = Path(__file__).resolve().parents[3]
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
"""


@dataclass(slots=True)
class Database:
    """A database of `size` cases and the process that answers for it."""

    engine: str
    size: int
    env: dict[str, str]
    process: subprocess.Popen | None = None

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def fill(self, seed: int = 1) -> float:
        """Makes the cases up, unless a run before did, by whatever seed; how long that took."""
        if self.engine == "sqlite":
            copy_migrated(Path(self.env["IMR_VAR_DIR"]) / "db.sqlite3")
        self.manage("shell", "--command", PREPARE)
        filled = Path(self.env["IMR_VAR_DIR"]) / "filled"
        started = time.monotonic()
        if not filled.exists():
            self.manage("synthesize", str(self.size), "--seed", str(seed), "-v0")
            filled.touch()
        return time.monotonic() - started

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.scale.asked"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert json.loads(self.process.stdout.readline()) == {"ready": True}

    def ask(self, address: str, what: str = "cost") -> dict:
        self.process.stdin.write(f"{what} {address}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        if self.process:
            self.process.stdin.close()
            self.process.wait(timeout=30)
            self.process = None


def environment(folder: Path, url: str) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    ours = {
        "IMR_VAR_DIR": str(folder),
        "DATABASE_URL": url,
        "IMR_LOCAL": "true",
        "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
        "LOG_LEVEL": "ERROR",
    }
    return os.environ | ours


@contextmanager
def databases(engine: str, sizes: list[int], folder: Path) -> Iterator[list[Database]]:
    with ExitStack() as stack:
        if engine == "postgresql":
            server = stack.enter_context(postgresql(folder / "postgresql"))
        made = []
        for size in sizes:
            own = folder / f"{engine}-{size}"
            url = f"sqlite:///{own / 'db.sqlite3'}" if engine == "sqlite" else named(server, size)
            one = Database(engine, size, environment(own, url))
            stack.callback(one.stop)
            made.append(one)
        yield made


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server whose data stays in the folder; the address to add a database's name to."""
    bin_dir = programs()
    assert bin_dir, "PostgreSQL (Debian package postgresql) is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    owner, data, port = unprivileged(folder), folder / "data", free_port()
    if not data.exists():
        made = [bin_dir / "initdb", "-D", data, "-U", "imr", "-A", "trust", "-E", "UTF8"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)
    served = [f"--{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
    served += ["--listen_addresses=127.0.0.1", f"--port={port}"]
    served.append("--unix_socket_directories=")
    with (folder / "log").open("ab") as log:
        command = [bin_dir / "postgres", "-D", data, *served]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **owner)
    try:
        assert answers(f"postgres://imr@127.0.0.1:{port}"), (folder / "log").read_text()
        yield f"postgres://imr@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)  # its fast shutdown
        process.wait(timeout=60)


def named(server: str, size: int) -> str:
    """The address of the database for this many cases, made if there is none."""
    name = f"scale_{size}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def settle(database: Database) -> None:
    """Statistics as a database in use has them (PostgreSQL gathers them in the background)."""
    if database.engine == "postgresql":
        with psycopg.connect(database.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

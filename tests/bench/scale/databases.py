"""Databases of made-up cases, in a folder that goes when the run ends (or that is kept)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.postgres import new_database, private_server, programs

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

    def fill(self, seed: int) -> float:
        """Makes the cases up; how long that took."""
        self.manage("shell", "--command", PREPARE)
        started = time.monotonic()
        self.manage("synthesize", str(self.size), "--seed", str(seed), "-v0")
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
            bin_dir = programs()
            assert bin_dir, "PostgreSQL (Debian package postgresql) is not installed"
            server = stack.enter_context(private_server(bin_dir))
        made = []
        for size in sizes:
            own = folder / f"{engine}-{size}"
            url = f"sqlite:///{own / 'db.sqlite3'}" if engine == "sqlite" else new_database(server)
            one = Database(engine, size, environment(own, url))
            stack.callback(one.stop)
            made.append(one)
        yield made


def settle(database: Database) -> None:
    """Statistics as a database in use has them (PostgreSQL gathers them in the background)."""
    if database.engine == "postgresql":
        with psycopg.connect(database.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

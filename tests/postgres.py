"""A private PostgreSQL server from Debian's programs, gone when the tests are."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.product import ROOT, free_port

START_SECONDS = 30


def programs() -> Path | None:
    """The folder of the newest server installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def private_server(
    bin_dir: Path, host: str = "127.0.0.1", options: Sequence[str] = ()
) -> Iterator[str]:
    """Yields the server's address, to which a database's name is to be added."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="imr-postgres-"))
    owner = unprivileged(folder)
    data = folder / "data"
    subprocess.run(
        [bin_dir / "initdb", "-D", data, "-U", "imr", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **owner,
    )
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write("host all all samenet trust\n")
    ours = {"listen_addresses": host, "port": port, "unix_socket_directories": folder}
    ours |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [bin_dir / "postgres", "-D", data, *(f"--{k}={v}" for k, v in ours.items()), *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            **owner,
        )
    try:
        url = f"postgres://imr@{host}:{port}"
        assert answers(url), (folder / "log").read_text()
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # its fast shutdown
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged(folder: Path) -> dict[str, Any]:
    """How to run it: as the user who owns the folder, which must not be root."""
    if os.geteuid() != 0:
        return {}
    names = {one.pw_name: one for one in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def answers(url: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(psycopg.OperationalError), psycopg.connect(f"{url}/postgres"):
            return True
        time.sleep(0.1)
    return False


def new_database(server: str, template: str = "template1") -> str:
    """The DATABASE_URL of a new database: empty, or a copy of the template, which nobody may use
    at that moment."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM pg_database").fetchone()
        connection.execute(f"CREATE DATABASE imr_{count} TEMPLATE {template}")
    return f"{server}/imr_{count}"


def require_kept_index() -> None:
    """Skips a test of what the index keeps from one look to the next. tests/cases/index tries that
    on both databases, with rows that are committed."""
    if connection.vendor == "postgresql":
        pytest.skip("The index reads the cases of a test's own transaction each time there")


def run_script(script: str, address: str) -> subprocess.CompletedProcess[str]:
    """Runs it in the product's shell, on the database at this address: with threads and locks of
    its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", script],
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

"""Upgrading a PostgreSQL database while people work: the last release's processes go on."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.postgres import new_database
from tests.product import ROOT


def test_old_processes_go_on_while_the_newest_migrations_run(postgres_server):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrating", "200"],
        env=os.environ | {"DATABASE_URL": new_database(postgres_server)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert "200 cases migrated" in done.stdout

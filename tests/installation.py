"""Installations of the product in folders of their own, used through its commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.measured import python
from tests.migrated import copy_migrated
from tests.product import ROOT

FILL = """
from django.core.management import call_command
from tests.filled import fill

call_command("migrate", verbosity=0)
fill(made_up=12)
"""

EXPORTS = """
import hashlib, json
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from cases.management.commands.export import EXPORTED
from imrsite.models import Access

def addresses(patterns, before=""):
    for one in patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, route)
        elif "export." in route and "<" not in route and not route.startswith("audit"):
            yield "/" + route

# The access log grows by each export, and so do the rows of sessions: all that is taken back.
found = {"access log": repr(list(Access.objects.order_by("pk").values_list()))}
with transaction.atomic():
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.get(username="lead"))
    for address in sorted(addresses(get_resolver().url_patterns)):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        found[address] = hashlib.sha256(answer.getvalue()).hexdigest()
    transaction.set_rollback(True)
for name in EXPORTED:
    call_command("export", name, file="%s")
    found[name] = hashlib.sha256(open("%s", "rb").read()).hexdigest()
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder and a database. Nothing of it runs unless it is told to."""

    folder: Path
    database: str = ""
    env: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        self.folder.mkdir(exist_ok=True)
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "IMR_TEST_VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database or f"sqlite:///{self.folder / 'db.sqlite3'}",
            # No broker: a letter is read in the process that takes it in.
            "REDIS_URL": "redis://127.0.0.1:1/0",
            **self.env,
        }

    def manage(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*python(), "manage.py", *map(str, arguments)],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    def run(self, script: str) -> str:
        """What a script says in the product's shell."""
        done = self.manage("shell", "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, script: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-c", script],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def fill(self) -> Installation:
        """Made-up cases and read letters, corrected and annotated."""
        if not self.database:
            copy_migrated(self.folder / "db.sqlite3")
        self.run(FILL)
        return self

    def exports(self) -> dict[str, str]:
        """Address or name of every export there is → digest of its bytes."""
        file = self.folder / "tmp" / "export"
        return json.loads(self.run(EXPORTS % (file, file)).splitlines()[-1])

    def files(self) -> dict[str, bytes]:
        media = self.folder / "media"
        return {
            path.relative_to(media).as_posix(): path.read_bytes()
            for path in media.rglob("*")
            if path.is_file()
        }


def wait_for(path: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.05)

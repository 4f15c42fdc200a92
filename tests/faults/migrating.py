"""Traffic of the last release's processes on PostgreSQL while the newest migrations run.

Old processes know the tables as they were: the traffic goes through the models of that release, as
its migrations have them. It reads, writes back and adds rows of every table; each statement may
wait for LOCK_SECONDS at most. On many cases, by hand, on an empty database:

    DATABASE_URL=postgres://… python -m tests.faults.migrating 100000
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.models import AutoField, DateField, DateTimeField  # noqa: E402
from django.utils import timezone  # noqa: E402
from psycopg.errors import UniqueViolation  # noqa: E402

from tests.filled import fill  # noqa: E402
from tests.product import ROOT  # noqa: E402
from tests.released import LAST_RELEASE  # noqa: E402

LOCK_SECONDS = 2
THREADS = 3
LATEST = 500  # rows that traffic is about
APPEND_ONLY = {"imrsite.Access", "imrsite.Pruning"}  # the database refuses changes


@dataclass
class Traffic:
    """What the threads met: how often each table was used, the slowest time, and failures."""

    done: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    problems: Counter[str] = field(default_factory=Counter)
    stopped: Event = field(default_factory=Event)

    def run(self, models: list[Any], seed: int) -> None:
        chance = random.Random(seed)
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        while not self.stopped.is_set():
            model = chance.choice(models)
            for act in (read, save, add):
                self.measure(act, model, chance)
        connection.close()

    def measure(self, act: Any, model: Any, chance: random.Random) -> None:
        """Nothing that it writes stays."""
        began, name = time.monotonic(), f"{act.__name__} {model._meta.label}"
        try:
            with transaction.atomic():
                act(model, chance)
                transaction.set_rollback(True)
        except Exception as problem:
            self.problems[f"{name}: {str(problem).splitlines()[0]}"] += 1
        self.done[act.__name__] += 1
        self.slowest = max(self.slowest, (time.monotonic() - began, name))

    def __str__(self) -> str:
        seconds, what = self.slowest
        counts = ", ".join(f"{kind} {count:,} times" for kind, count in self.done.items())
        lines = [f"{counts}; the slowest took {seconds * 1000:.0f} ms: {what}"]
        return "\n".join(
            [*lines, *(f"FAILED {n} times: {one}" for one, n in self.problems.items())]
        )


def read(model: Any, chance: random.Random) -> None:
    list(model.objects.order_by("-pk")[:50])


def save(model: Any, chance: random.Random) -> None:
    if model._meta.label not in APPEND_ONLY and (row := some_row(model, chance)):
        row.save(force_update=True)


def add(model: Any, chance: random.Random) -> None:
    if isinstance(model._meta.pk, AutoField) and (row := some_row(model, chance)):
        row.pk = None
        try:
            row.save(force_insert=True)
        except IntegrityError as problem:  # it is a copy, after all
            if not isinstance(problem.__cause__, UniqueViolation):
                raise


def some_row(model: Any, chance: random.Random) -> Any:
    keys = list(model.objects.order_by("-pk").values_list("pk", flat=True)[:LATEST])
    return model.objects.filter(pk=chance.choice(keys)).first() if keys else None


def released_models() -> list[Any]:
    """The last release's models of our tables."""
    state = MigrationLoader(connection).project_state(list(LAST_RELEASE.items()))
    return [
        model
        for app in LAST_RELEASE
        for model in state.apps.get_app_config(app).get_models()
        if model._meta.managed
    ]


def any_row(model: Any) -> Any:
    """The first row of a table; made up where there is none."""
    if row := model.objects.first():
        return row
    values = {
        one.name: made_up(one)
        for one in model._meta.concrete_fields
        if not (one.primary_key or one.null or one.has_default() or getattr(one, "auto_now", 0))
    }
    return model.objects.create(**values)


def made_up(field: Any) -> Any:
    if field.is_relation:
        return any_row(field.related_model)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, DateField | DateTimeField):
        return timezone.now()
    return field.to_python(1)


def main(cases: int) -> int:
    call_command("migrate", verbosity=0)
    fill(made_up=cases)
    # Not by the command, which goes on to refresh what is derived by today's code.
    MigrationExecutor(connection).migrate(list(LAST_RELEASE.items()))
    connection.close()
    traffic, models = Traffic(), released_models()
    for model in models:
        any_row(model)
    connection.close()
    threads = [Thread(target=traffic.run, args=(models, seed)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    began = time.monotonic()
    migrated = subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT)
    print(f"{cases:,} cases migrated in {time.monotonic() - began:.1f} s")
    time.sleep(1)  # the old processes are not gone at once
    traffic.stopped.set()
    for thread in threads:
        thread.join()
    print(traffic)
    return migrated.returncode or bool(traffic.problems)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

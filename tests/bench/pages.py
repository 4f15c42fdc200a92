"""Prints what each page costs, as times of a signed-in page that shows nothing.

`python -m tests.bench.pages [N]`: with N made-up cases, 100,000 unless told. All pages are asked in
turn, round by round, so that whatever else the machine does slows all alike; the figures are
medians. The requests enter at the WSGI application, as those of the web server do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.scale.databases import ROOT, databases

CASES = 100_000
ROUNDS = 40
EMPTY = "/empty/"
PAGES = {
    "empty page": EMPTY,
    "case list": "/cases/",
    "case list, filtered": "/cases/?decision=overturned&category=surgery",
    "case list, searched": "/cases/?q=lumbar+epidural",
    "filters of the case list": "/cases/filters",
    "issue list": "/issues/",
    "case page": "{case}",
    "case page, from the list": "{case}?from=cases&list=&at=5",
    "inbox": "/",
    "compare": "/compare/",
}
# Times of the empty page, by the processor, that a page may take.
GOALS = {"case list": 6.0, "case page": 5.0}
FIFTH_OF_THE_LIST = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """A page's medians in milliseconds, and its queries."""

    name: str
    ms: float
    cpu_ms: float
    queries: int
    bytes: int

    def times(self, empty: Measured) -> float:
        return self.cpu_ms / empty.cpu_ms


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-pages-") as folder:
        place = Path(options.keep or folder).resolve()
        with databases("sqlite", [options.cases], place) as (database,):
            taken = database.fill(seed=1)
            print(f"{options.cases:,} cases, made up in {taken:.0f} s", flush=True)
            command = [sys.executable, "-m", "tests.bench.pages", "--rounds", str(options.rounds)]
            done = subprocess.run(
                [*command, "--of-this-database"],
                cwd=ROOT,
                env=database.env,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
    pages = [Measured(**one) for one in json.loads(done.stdout.splitlines()[-1])]
    print_table(pages)
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(one) for one in pages], indent=2) + "\n")
    return int(options.strict and not goals_reached(pages))


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    cases = int(os.environ.get("N") or CASES)
    parser.add_argument("cases", type=int, nargs="?", default=cases)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", metavar="DIR", help="where the database stays for the next run")
    parser.add_argument("--json", metavar="FILE", help="where the figures are written too")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--of-this-database", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def print_table(pages: list[Measured]) -> None:
    empty = pages[0]
    print(
        "page                         ms   on the processor   times the empty page   queries    kB"
    )
    for page in pages:
        goal = GOALS.get(page.name)
        mark = f"  (goal {goal:g}){'' if page.times(empty) <= goal else ' ←'}" if goal else ""
        print(
            f"{page.name:<26}{page.ms:6.2f}{page.cpu_ms:18.2f}{page.times(empty):22.2f}"
            f"{page.queries:9}{page.bytes / 1000:8.1f}{mark}"
        )


def goals_reached(pages: list[Measured]) -> bool:
    return all(page.times(pages[0]) <= GOALS[page.name] for page in pages if page.name in GOALS)


# -- in a process of its own, whose settings name the database -----------------------------------


def measure_here(rounds: int) -> list[Measured]:
    ask, addresses = prepare()
    queries = {name: count_queries(ask, address) for name, address in addresses.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in addresses}
    sizes: dict[str, int] = {}
    for _ in range(rounds):
        for name, address in addresses.items():
            wall, work = time.perf_counter(), time.process_time()
            sizes[name] = len(ask(address))
            wall, work = time.perf_counter() - wall, time.process_time() - work
            times[name].append((wall * 1000, work * 1000))
    return [
        Measured(
            name,
            median(wall for wall, _ in times[name]),
            median(work for _, work in times[name]),
            queries[name],
            sizes[name],
        )
        for name in addresses
    ]


Ask = Callable[[str], bytes]


def prepare() -> tuple[Ask, dict[str, str]]:
    """What asks for an address as a signed-in person, and the addresses by the pages' names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")
    from django.conf import settings

    settings.ROOT_URLCONF = "tests.bench.web.empty_page"
    from imrsite.wsgi import application  # isort: skip  (sets Django up as the web server does)
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    from cases.models import Case
    from imrsite.security.roles import Role

    user, _ = get_user_model().objects.get_or_create(username="bench-lead")
    user.groups.add(Group.objects.get(name=Role.LEAD))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    client.get(EMPTY)  # sets the cookie that forms are checked by, as a browser has it
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def ask(address: str) -> bytes:
        status: list[str] = []
        parts = application(environ_of(address, cookie), lambda said, *_: status.append(said))
        try:
            body = b"".join(parts)
        finally:
            parts.close()
        assert status[0].startswith("200"), (address, status[0])
        return body

    newest = Case.objects.order_by("-decision_date", "-pk")
    case = newest[FIFTH_OF_THE_LIST].get_absolute_url()
    return ask, {name: address.replace("{case}", case) for name, address in PAGES.items()}


def environ_of(address: str, cookie: str) -> dict[str, Any]:
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def count_queries(ask: Ask, address: str) -> int:
    """Of a second look: at the first, things are loaded once and a line is logged."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(address)
    with CaptureQueriesContext(connection) as asked:
        ask(address)
    return len(asked)


if __name__ == "__main__":
    if parse_options().of_this_database:
        print(json.dumps([asdict(one) for one in measure_here(parse_options().rounds)]))
    else:
        sys.exit(main())

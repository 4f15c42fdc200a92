"""Prints how many pages a second the web server of `make run` serves, and how long people wait.

`python -m tests.bench.http [N]`: with N made-up cases, 100,000 unless told. It starts everything as
`make run` does, signs in, and asks over HTTP as a number of people do at once: each for the next
page as soon as it has the last one (the most that the server gives), or every few seconds, as
people who read. The asking takes a part of the same processors; how large it is, is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from tests.bench.scale.databases import databases
from tests.product import Product

CASES = 100_000
SECONDS = 8.0
WARM_UP = 2.0
READING = 2.0  # seconds between the pages of one person
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """People at once, and the seconds that each lets pass between two pages."""

    people: int
    pause: float = 0.0

    def __str__(self) -> str:
        pause = f", a page every {self.pause:g} s" if self.pause else ", without a pause"
        return f"{self.people} {'person' if self.people == 1 else 'people'}{pause}"


LOADS = (Load(1), Load(2), Load(50), Load(50, READING))


@dataclass(frozen=True, slots=True)
class Served:
    """What one load got of one page; times in milliseconds, `server_ms` on the processor."""

    page: str
    load: str
    per_second: float
    p50: float
    p95: float
    server_ms: float
    client_ms: float
    failed: int


@dataclass(slots=True)
class Site:
    """The running product and the cookies of somebody who is signed in."""

    product: Product
    cookie: str = ""

    def sign_in(self) -> None:
        _, csrf, page = self.ask("GET", "/login/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, page
        form = {
            "username": self.product.user,
            "password": self.product.password,
            "csrfmiddlewaretoken": found[1],
        }
        self.cookie = csrf
        status, cookies, _ = self.ask("POST", "/login/", urlencode(form))
        assert status == 302, "the demo login was refused"
        self.cookie = cookies

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Status, the cookies that it sets as a request sends them, and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=30)
        headers = {"Cookie": self.cookie, "Referer": self.product.url}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        cookies = [value for name, value in answer.getheaders() if name == "Set-Cookie"]
        return (
            answer.status,
            "; ".join(one.partition(";")[0] for one in cookies),
            answer.read().decode(),
        )

    def first_case(self) -> str:
        """The address of the case that the list shows first, with the way back to the list."""
        _, _, page = self.ask("GET", "/cases/")
        found = re.search(r'<a href="(/cases/[^"]+)" data-open', page)
        assert found, page
        return found[1].replace("&amp;", "&")

    def processor_seconds(self) -> float:
        """What the processes of the web server have used up."""
        return sum(map(seconds_of, self.product.pids("gunicorn")))


def seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def answered(reader: asyncio.StreamReader) -> int:
    """Reads one answer to its end; its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"content-length: (\d+)", head)
    assert length, head
    await reader.readexactly(int(length[1]))
    return int(head.split(b" ", 2)[1])


async def one_person(site: Site, path: str, load: Load, until: float, start: float) -> list[float]:
    """Milliseconds of each page, NaN of one that failed; over one connection, as a browser."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.product.port}\r\nCookie: {site.cookie}\r\n"
        "Accept: text/html\r\n\r\n"
    ).encode()
    times: list[float] = []
    writer = None
    await asyncio.sleep(max(0.0, start - time.monotonic()))
    while time.monotonic() < until:
        began = time.perf_counter()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", site.product.port)
            writer.write(request)
            status = await answered(reader)
            took = (time.perf_counter() - began) * 1000
            times.append(took if status == 200 else float("nan"))
        except (OSError, asyncio.IncompleteReadError):
            # A connection that was let go while nobody used it is opened anew, as browsers do.
            writer = None
            continue
        if load.pause:
            await asyncio.sleep(max(0.0, load.pause - (time.perf_counter() - began)))
    if writer is not None:
        writer.close()
    return times


async def all_people(site: Site, path: str, load: Load, seconds: float) -> list[float]:
    now = time.monotonic()
    gap = load.pause / load.people  # they don't all ask at the same moment
    people = (
        one_person(site, path, load, now + seconds, now + gap * i) for i in range(load.people)
    )
    return [took for times in await asyncio.gather(*people) for took in times]


def measure(site: Site, page: str, path: str, load: Load, seconds: float) -> Served:
    asyncio.run(all_people(site, path, Load(load.people), min(WARM_UP, seconds)))
    began, server, client = time.monotonic(), site.processor_seconds(), time.process_time()
    times = asyncio.run(all_people(site, path, load, seconds))
    took = time.monotonic() - began
    server, client = site.processor_seconds() - server, time.process_time() - client
    good = [one for one in times if one == one]  # NaN is not itself
    assert len(good) > 1, f"{path} was not served"
    percentiles = quantiles(good, n=20)
    return Served(
        page,
        str(load),
        len(good) / took,
        percentiles[9],
        percentiles[18],
        1000 * server / len(times),
        1000 * client / len(times),
        len(times) - len(good),
    )


def print_table(rows: Sequence[Served]) -> None:
    print(f"{'page':<12}{'load':<34}{'a second':>9}{'p50 ms':>9}{'p95 ms':>9}", end="")
    print(f"{'server ms':>11}{'client ms':>11}{'failed':>8}")
    for one in rows:
        print(
            f"{one.page:<12}{one.load:<34}{one.per_second:9.1f}{one.p50:9.1f}{one.p95:9.1f}"
            f"{one.server_ms:11.1f}{one.client_ms:11.2f}{one.failed:8}"
        )
    print("server ms, client ms: on the processor, for each page")


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.http", description=__doc__)
    cases = int(os.environ.get("N") or CASES)
    parser.add_argument("cases", type=int, nargs="?", default=cases)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each load")
    parser.add_argument("--keep", metavar="DIR", help="where the installation stays")
    parser.add_argument("--json", metavar="FILE", help="where the figures are written too")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="imr-http-") as folder:
        place = Path(options.keep or folder).resolve()
        with databases("sqlite", [options.cases], place) as (database,):
            print(f"{options.cases:,} cases, made up in {database.fill(seed=1):.0f} s", flush=True)
        product = Product(place / f"sqlite-{options.cases}")
        try:
            rows = serve(product.start(), options.seconds)
        finally:
            if product.process and product.process.poll() is None:
                product.end()
            product.clean_up()
    print_table(rows)
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(one) for one in rows], indent=2) + "\n")
    return int(any(one.failed for one in rows))


def serve(product: Product, seconds: float) -> list[Served]:
    product.wait_until(product.has_samples, 120)  # reading letters takes a processor
    site = Site(product)
    site.sign_in()
    pages = {"case list": "/cases/", "case page": site.first_case()}
    return [
        measure(site, page, path, load, seconds) for page, path in pages.items() for load in LOADS
    ]


if __name__ == "__main__":
    sys.exit(main())

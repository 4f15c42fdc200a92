"""One database's side of the measurement: reads addresses on stdin, answers what each cost.

A process of its own for each database, which answers as the product does: the whole of Django from
the URL to the last byte, only without a socket.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")
    import imrsite.wsgi  # noqa: F401  sets Django up as the web server does

    client, case = signed_in()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        what, address = line.strip().replace("{case}", case).split(" ", 1)
        print(json.dumps(ASKED[what](client, address)), flush=True)


def signed_in():
    from django.contrib.auth import get_user_model
    from django.test import Client

    from cases.models import Case

    user, _ = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_staff": True}
    )
    # At the site's own host name, and as if by TLS, so that no answer is a redirect.
    client = Client(
        raise_request_exception=False,
        SERVER_NAME="127.0.0.1",
        headers={"x-forwarded-proto": "https"},
    )
    client.force_login(user)
    return client, Case.objects.order_by("-pk").first().get_absolute_url()


def cost(client, address: str) -> dict:
    """Without a look at its queries: to write down one that names a thousand rows takes longer than
    to answer it."""
    started, worked = time.perf_counter(), time.process_time()
    status, size = get(client, address)
    taken, work = time.perf_counter() - started, time.process_time() - worked
    return {"ms": taken * 1000, "cpu_ms": work * 1000, "status": status, "bytes": size}


def queries(client, address: str) -> dict:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        status, _ = get(client, address)
    slowest = max(asked.captured_queries, key=lambda q: float(q["time"]), default={})
    return {"status": status, "queries": len(asked), "slowest": slowest}


def get(client, address: str) -> tuple[int, int]:
    """The answer's status and its size in bytes; of `address#target`, what HTMX fetches there."""
    address, _, target = address.partition("#")
    response = client.get(address, secure=True, headers=htmx(target))
    size = len(response.content) if not response.streaming else sum(map(len, response))
    return response.status_code, size


def body(client, address: str) -> dict:
    """The whole answer, for the numbers in it."""
    address, _, target = address.partition("#")
    response = client.get(address, secure=True, headers=htmx(target))
    return {"status": response.status_code, "text": response.getvalue().decode()}


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target} if target else {}


def memory(client, address: str) -> dict:
    return {"own_mb": own_memory(), "resident_mb": megabytes("VmRSS")}


def export(client, address: str) -> dict:
    """A whole CSV: how soon its first row comes, and how much memory of its own the process takes
    at the most while it streams."""
    before = peak = own_memory()
    started = time.perf_counter()
    response = client.get(address, secure=True)
    size = rows = first = 0
    for count, part in enumerate(response):
        size += len(part)
        rows += part.count(b"\r\n")
        if rows > 1 and not first:  # after the header
            first = time.perf_counter() - started
        if count % 50 == 0:
            peak = max(peak, own_memory())
    return {
        "seconds": time.perf_counter() - started,
        "first_ms": first * 1000,
        "rows": rows - 1,
        "status": response.status_code,
        "bytes": size,
        "before_mb": before,
        "peak_mb": peak,
    }


def own_memory() -> float:
    """Megabytes that are the process's own: without files of the database that it maps."""
    return megabytes("RssAnon")


def megabytes(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


ASKED = {"cost": cost, "queries": queries, "export": export, "body": body, "memory": memory}

if __name__ == "__main__":
    main()

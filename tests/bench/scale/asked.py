"""One database's side of the measurement: reads addresses on stdin, answers what each cost.

A process of its own for each database, which answers as the product does: the whole of Django from
the URL to the last byte, only without a socket.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")
    django.setup()
    client, case = signed_in()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        address = line.strip().replace("{case}", case)
        print(json.dumps(cost(client, address)), flush=True)


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
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        response = client.get(address, secure=True)
        size = sum(map(len, response)) if response.streaming else len(response.content)
        taken = time.perf_counter() - started
    return {
        "ms": taken * 1000,
        "status": response.status_code,
        "bytes": size,
        "queries": len(queries),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "slowest": max(queries.captured_queries, key=lambda q: float(q["time"]), default={}),
    }


if __name__ == "__main__":
    main()

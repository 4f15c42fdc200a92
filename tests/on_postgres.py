"""`make test-postgres`: the tests on a PostgreSQL and a Redis server of their own, instead of on
SQLite and the embedded broker. Arguments are pytest's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from imrsite.running.broker import wait_for_broker
from tests.postgres import new_database, private_server, programs
from tests.product import free_port

DATABASES = 64  # of Redis, one for each process that runs tests


def main(arguments: list[str]) -> int:
    bin_dir = programs()
    if not bin_dir or not shutil.which("redis-server"):
        sys.exit("PostgreSQL or Redis is missing (Debian packages postgresql and redis-server).")
    with private_server(bin_dir) as server, private_redis() as redis:
        env = {"DATABASE_URL": new_database(server), "IMR_TEST_REDIS_URL": redis}
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, env=os.environ | env).returncode


@contextmanager
def private_redis() -> Iterator[str]:
    port = free_port()
    with TemporaryDirectory(prefix="imr-redis-") as folder:
        ours = {"port": port, "bind": "127.0.0.1", "dir": folder, "databases": DATABASES}
        ours |= {"save": "", "appendonly": "no"}
        command = ["redis-server", *(word for k, v in ours.items() for word in (f"--{k}", str(v)))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            url = f"redis://127.0.0.1:{port}"
            assert wait_for_broker(url, seconds=10), "Redis does not answer"
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

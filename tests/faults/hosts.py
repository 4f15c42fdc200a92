"""The product on several hosts, which share nothing but the network (`tests.faults.network`)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psycopg
from botocore.exceptions import BotoCoreError
from redis import Redis, RedisError

from imrsite.running.broker import server_program
from tests.faults.network import Network
from tests.faults.plant import PREPARE, Visitor, wait_until
from tests.postgres import new_database, private_server
from tests.product import ROOT, clean_environment

HOSTS = ("visitor", "web", "broker", "database", "store", "one", "two")
BUCKET = "letters"
LEASE_SECONDS = 4


@dataclass
class Hosts:
    """A web server, a broker, a database, a store of files, a scheduler and a worker, another
    worker once it is started, and the host of a visitor, from which the test looks at all."""

    folder: Path
    network: Network
    postgres_programs: Path
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)
    database: str = ""
    left: ExitStack = field(default_factory=ExitStack)
    in_background: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))

    def __enter__(self) -> Hosts:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self) -> None:
        with self.network.inside("database"):
            server = private_server(self.postgres_programs, self.network.address("database"))
            self.database = new_database(self.left.enter_context(server))
        self.start_broker()
        self.start_store()
        self.manage("shell", "--command", PREPARE)
        shutil.copytree(self.var_dir("visitor") / "static", self.var_dir("web") / "static")
        address = f"{self.network.address('web')}:8000"
        self.run("web", sys.executable, "-m", "gunicorn", "--bind", address, "imrsite.wsgi")
        self.celery("one", "beat", "--max-interval=1", name="beat")
        self.start_worker("two")

    def __exit__(self, *_: object) -> None:
        for process in self.parts:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        marks = {f"IMR_VAR_DIR={self.var_dir(host)}".encode() for host in HOSTS}
        for one in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if marks & set((one / "environ").read_bytes().split(b"\0")):
                    os.kill(int(one.name), signal.SIGKILL)
        self.left.close()
        self.in_background.shutdown()

    # -- parts ---------------------------------------------------------------------------------

    def start_broker(self) -> None:
        address = self.network.address("broker")
        options = ("--bind", address, "--save", "", "--protected-mode", "no", "--port", "6379")
        self.run("broker", server_program(), *options)
        self.wait_for(lambda: Redis(address, 6379).ping(), RedisError)

    def start_store(self) -> None:
        address = self.network.address("store")
        self.run("store", sys.executable, "-m", "moto.server", "-H", address, "-p", "5000")
        self.wait_for(lambda: self.s3().create_bucket(Bucket=BUCKET), BotoCoreError)

    def s3(self) -> Any:
        return boto3.session.Session().client(
            "s3",
            endpoint_url=f"http://{self.network.address('store')}:5000",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )

    def start_worker(self, host: str) -> None:
        self.celery(host, "worker", "--concurrency=2", f"--hostname={host}@%h")

    def celery(self, host: str, *arguments: str, name: str = "") -> None:
        command = (sys.executable, "-m", "celery", "--app", "imrsite", "--quiet")
        self.run(host, *command, *arguments, "--loglevel=WARNING", name=name)

    def run(self, host: str, *command: str, name: str = "") -> None:
        self.var_dir(host).mkdir(parents=True, exist_ok=True)
        with self.network.inside(host), (self.folder / f"{name or host}.log").open("ab") as log:
            self.parts.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=self.environment(host),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def manage(self, *arguments: str) -> str:
        with self.network.inside("visitor"):
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=self.environment("visitor"),
                capture_output=True,
                text=True,
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def environment(self, host: str) -> dict[str, str]:
        store = self.network.address("store")
        return clean_environment(
            self.var_dir(host),
            DATABASE_URL=self.database,
            REDIS_URL=f"redis://{self.network.address('broker')}:6379/0",
            STORAGE_URL=f"s3+http://key:secret@{store}:5000/{BUCKET}?region=us-east-1",
            SECRET_KEY="only-for-tests-" + "x" * 50,
            ALLOWED_HOSTS=self.network.address("web"),
            IMR_LOCAL="true",
            IMR_LEASE_SECONDS=str(LEASE_SECONDS),
            IMR_SWEEP_SECONDS="1",
        )

    def var_dir(self, host: str) -> Path:
        return self.folder / host

    def wait_for(self, ask: Callable[[], Any], *errors: type[Exception]) -> None:
        def answers() -> bool:
            with suppress(*errors):
                ask()
                return True
            return False

        with self.network.inside("visitor"):
            wait_until(answers, 90)

    # -- as a visitor --------------------------------------------------------------------------

    def visit(self) -> Visitor:
        with self.network.inside("visitor"):
            url = f"http://{self.network.address('web')}:8000"
            self.wait_for(lambda: Visitor(url), OSError)
            return Visitor(url)

    def upload(self, visitor: Visitor, name: str, data: bytes) -> tuple[int, str]:
        """Status and page; 0 if there was no answer."""
        with self.network.inside("visitor"):
            try:
                return visitor.upload({name: data})
            except OSError as error:
                return 0, str(error)

    def get(self, visitor: Visitor, path: str) -> tuple[int, bytes]:
        with (
            self.network.inside("visitor"),
            visitor.opener.open(visitor.url + path, timeout=30) as got,
        ):
            return got.status, got.read()

    # -- as the database and the store have it -------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[tuple]:
        with self.network.inside("visitor"), psycopg.connect(self.database) as connection:
            return connection.execute(query, values).fetchall()

    def holds(self, query: str, *values: Any, seconds: float = 120) -> None:
        """Waits until the query gives a row."""
        wait_until(lambda: self.rows(query, *values), seconds)

    def stored(self) -> list[str]:
        with self.network.inside("visitor"):
            pages = self.s3().get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
            return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def cut(self, host: str, seconds: float) -> None:
        """Pulls the host's cable for a while."""
        self.network.cut(host)
        time.sleep(seconds)
        self.network.mend(host)

"""Fixtures that start the real parts: broker, PostgreSQL, the whole product, a browser.

Everything lies in folders of the session's own (tests/settings.py). A test whose requirement is
not installed is skipped and says so; where CI=true, that is a failure.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from redis import Redis

from tests.migrated import (
    copy_test_databases_from_template,
    make_migrated,
    restore_migrated_rows,
    start_test_databases_from,
)
from tests.postgres import new_database, private_server, programs
from tests.product import Product

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from playwright.sync_api import Browser, Page

LETTERS = Path(__file__).parent / "letters"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHROMIUM += ["--disable-component-update", "--disable-sync", "--no-first-run"]


def require(present: object, what: str) -> None:
    """Skips the test, or fails it in CI, when what it needs is not installed."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed, and CI must not skip", pytrace=False)
    pytest.skip(f"{what} is not installed")


# How long an example takes says how busy the machine is, nothing about the code.
hypothesis.settings.register_profile(
    "ours", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session")
def letters() -> Path:
    """The folder of example letters: `letters / "CM14-0195168.pdf"`."""
    return LETTERS


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[str]:
    """The address of a real broker, which Celery uses all through the session. No worker runs.

    It is a server of the session's own, or where IMR_TEST_REDIS_URL names one for tests, a database
    of its own there.
    """
    from imrsite.celery import app

    given = os.environ.get("IMR_TEST_REDIS_URL", "")
    with broker_at(given) if given else broker_of_our_own() as url:
        settings.REDIS_URL = settings.CELERY_BROKER_URL = url
        app.conf.broker_url = url
        yield url


@contextmanager
def broker_at(given: str) -> Iterator[str]:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = urlsplit(given)._replace(path=f"/{number}").geturl()
    Redis.from_url(url).flushdb()
    yield url
    Redis.from_url(url).flushdb()


@contextmanager
def broker_of_our_own() -> Iterator[str]:
    from imrsite.running.broker import embedded_broker, wait_for_broker

    server = embedded_broker(settings.VAR_DIR)
    process = subprocess.Popen(server.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    process.stdin.write(server.config)
    process.stdin.close()
    assert wait_for_broker(server.url, seconds=10)
    yield server.url
    process.terminate()
    process.wait(timeout=10)


def pytest_collection() -> None:
    """The lists of every app come with the addresses, and tests are made for each of them."""
    import_module(settings.ROOT_URLCONF)


@pytest.fixture(scope="session", autouse=True)
def flush_knows_the_access_log() -> Iterator[None]:
    """Tests with real transactions end by emptying every table; the access log refuses that."""
    import datetime as dt

    from django.db import connection
    from django.test import TransactionTestCase

    empty = TransactionTestCase._fixture_teardown

    def empty_the_log_first(self):
        from imrsite.models import Access, Pruning

        if connection.vendor == "sqlite" and Access.objects.exists():
            Pruning.objects.create(before=dt.datetime(9999, 1, 1, tzinfo=dt.UTC))
            Access.objects.all().delete()
        empty(self)
        restore_migrated_rows()

    TransactionTestCase._fixture_teardown = empty_the_log_first
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for all the processes that share the tests."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    shared_folder: Path, django_db_modify_db_settings_parallel_suffix: None, django_db_blocker
) -> None:
    """pytest-django's place for what comes before the test database is made."""
    from django.db import connection

    start_test_databases_from(make_migrated(shared_folder))
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            copy_test_databases_from_template(shared_folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a private PostgreSQL server, without a database's name at its end."""
    bin_dir = programs()
    require(bin_dir, "PostgreSQL (Debian package postgresql)")
    with private_server(bin_dir) as url:
        yield url


@pytest.fixture
def postgres(postgres_server: str, migrated_postgres: str) -> str:
    """The DATABASE_URL of a PostgreSQL database with all tables, empty, a new one for each test."""
    return new_database(postgres_server, migrated_postgres)


@contextmanager
def instead_of_default(other: BaseDatabaseWrapper) -> Iterator[None]:
    from django.db import connections

    usual = connections["default"]
    connections["default"] = other
    try:
        yield
    finally:
        connections["default"] = usual


def connect(address: str) -> BaseDatabaseWrapper:
    import dj_database_url
    from django.db import connections
    from django.db.utils import load_backend

    settings = connections["default"].settings_dict | {"OPTIONS": {}}
    settings |= dj_database_url.parse(address)
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str, django_db_setup: None, django_db_blocker) -> str:
    """The name of a migrated database that others are copies of."""
    from django.core.management import call_command

    address = new_database(postgres_server)
    connection = connect(address)
    with django_db_blocker.unblock(), instead_of_default(connection):
        call_command("migrate", verbosity=0)
        connection.close()
    return address.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def postgres_with_tables(
    postgres_server: str, migrated_postgres: str, django_db_blocker
) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a PostgreSQL database that the session's tests share."""
    connection = connect(new_database(postgres_server, migrated_postgres))
    yield connection
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture
def on_postgres(db: None, postgres_with_tables: BaseDatabaseWrapper) -> Iterator[None]:
    """All that the test reads and writes is in PostgreSQL, and taken back when it ends."""
    from django.db import transaction

    with instead_of_default(postgres_with_tables), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, db: None) -> str:
    """All that the test reads and writes is in this one, once in either."""
    from django.db import connection

    if request.param == "postgresql":
        request.getfixturevalue("on_postgres")
    elif connection.vendor != "sqlite":
        pytest.skip("These tests run on PostgreSQL by themselves")
    return request.param


@pytest.fixture(scope="session")
def earlier_run(shared_folder: Path) -> Path:
    """What a first run leaves behind: tables, static files, the sample letters as cases.

    To start from nothing costs twice the work of starting again. One run is enough for all the
    processes that share the tests: the first to come here makes it, the others wait.
    """
    kept = shared_folder / "earlier-run"
    with (shared_folder / "earlier-run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            run_once(shared_folder / "earlier-run-begun", kept)
    return kept


def run_once(var_dir: Path, kept: Path) -> None:
    one = Product(var_dir)
    try:
        one.start().wait_until(one.has_samples, 60)
        assert one.end() == 0, one.said()
    finally:
        one.clean_up()
    # Each run makes up its own key, says its own words and claims the folder for itself.
    for name in ("secret_key", "console.txt", "run.lock"):
        (var_dir / name).unlink(missing_ok=True)
    var_dir.rename(kept)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A run of the product for one test, not yet started."""
    one = Product(tmp_path / "var")
    yield one
    one.clean_up()


@pytest.fixture
def used_product(tmp_path: Path, earlier_run: Path) -> Iterator[Product]:
    """The same in the folder of an earlier run, for tests that are not about the first start."""
    one = Product(tmp_path / "var").take_over(earlier_run)
    yield one
    one.clean_up()


@pytest.fixture(scope="session")
def live_product(tmp_path_factory: pytest.TempPathFactory, earlier_run: Path) -> Iterator[Product]:
    """The product, running for the whole session: `.url`, `.user`, `.password`.

    It holds the sample letters. Tests share it, so none may count on being its only user.
    """
    one = Product(tmp_path_factory.mktemp("live") / "var").take_over(earlier_run)
    try:
        one.start()
        assert one.has_samples()
        yield one
        assert one.end() == 0, one.said()
        assert one.all_gone(), f"still running: {one.leftovers()}"
    finally:
        one.clean_up()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. By module: while Playwright runs, Django takes this thread for an async one."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    require(program, "Chromium (Debian package chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_product: Product) -> Iterator[Page]:
    """A page of a new visitor to the live product: `page.goto("/login/")`.

    A test in which a script of ours throws fails.
    """
    context = browser.new_context(
        base_url=live_product.url, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"scripts threw: {errors}"


@pytest.fixture
def signed_in(page: Page, live_product: Product) -> Page:
    """The same page, signed in as the demo user."""
    page.goto("/login/")
    page.fill("[name=username]", live_product.user)
    page.fill("[name=password]", live_product.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page

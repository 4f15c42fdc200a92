"""Fixtures that start the real parts: broker, PostgreSQL, the whole product, a browser.

Everything lies in a folder of the session's own (tests/settings.py). A test whose requirement is
not installed is skipped and says so; in CI, where CI=true, that is a failure.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

LETTERS = Path(__file__).parent / "letters"


def require(present: object, what: str) -> None:
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI must not skip", pytrace=False)
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def letters() -> Path:
    """The folder of example letters: `letters / "CM14-0195168.pdf"`."""
    return LETTERS


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[str]:
    """The address of a real broker, which Celery uses all through the session. No worker runs."""
    from django.conf import settings

    from imrsite.broker import embedded_broker, wait_for
    from imrsite.celery import app

    server = embedded_broker(settings.VAR_DIR)
    process = subprocess.Popen(server.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    process.stdin.write(server.config)
    process.stdin.close()
    assert wait_for(server.url, seconds=10)
    settings.REDIS_URL = settings.CELERY_BROKER_URL = server.url
    app.conf.broker_url = server.url
    yield server.url
    process.terminate()
    process.wait(timeout=10)

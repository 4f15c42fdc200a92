"""`manage.py ingest`: by the workers that run, or in its own process where none does."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from cases.intake import messages, workers
from cases.models import Document
from tests.factories import LETTERS
from tests.migrated import copy_migrated
from tests.product import ROOT, clean_environment, free_port

pytestmark = pytest.mark.django_db
LETTER = LETTERS / "facsimile-000-final-2015.pdf"


def manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def installation(tmp_path) -> dict[str, str]:
    """The environment of a migrated installation in which nothing runs."""
    copy_migrated(tmp_path / "var" / "db.sqlite3")
    return clean_environment(tmp_path / "var", SECRET_KEY="x" * 60)


@pytest.mark.parametrize("wait", [[], ["--wait"]])
def test_without_a_worker_it_reads_in_its_own_process_and_says_so(installation, wait):
    ended = manage(installation, "ingest", str(LETTER), *wait)
    assert ended.stdout == "ingested 1, duplicate 0, failed 0\n", ended.stderr
    assert "No worker is running: reading in this process." in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 0


def test_a_broker_that_is_gone_is_no_worker(installation):
    env = installation | {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    ended = manage(env, "ingest", str(LETTER), "--wait")
    assert ended.stdout == "ingested 1, duplicate 0, failed 0\n", ended.stderr
    assert "No worker is running" in ended.stderr


def test_the_file_of_a_run_that_was_killed_counts_for_nothing(installation, tmp_path):
    (tmp_path / "var" / "broker.json").write_text(
        '{"url": "redis://127.0.0.1:1/0", "pid": 999999999, "started": "1"}'
    )
    ended = manage(installation, "ingest", str(LETTER))
    assert ended.stdout == "ingested 1, duplicate 0, failed 0\n", ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_without_tables_is_said_in_words(tmp_path):
    ended = manage(clean_environment(tmp_path / "var"), "ingest", str(LETTER))
    assert ended.returncode == 1
    assert "The database can't be used" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_failures_are_counted_and_named(tmp_path):
    shutil.copy(LETTER, tmp_path / "good.pdf")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 and no more")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit):
        call_command("ingest", str(tmp_path), stdout=out, stderr=err)
    assert out.getvalue() == "ingested 1, duplicate 0, failed 1\n"
    assert "bad.pdf: " in err.getvalue()
    assert set(Document.objects.values_list("status", flat=True)) == {"parsed", "failed"}


def test_a_worker_that_goes_while_one_waits_is_replaced(monkeypatch):
    heard = iter([True, False])
    monkeypatch.setattr(workers, "is_worker_running", lambda: next(heard))
    monkeypatch.setattr("cases.management.commands.ingest.SILENT_SECONDS", 0.5)
    out, err = io.StringIO(), io.StringIO()
    call_command("ingest", str(LETTER), wait=True, stdout=out, stderr=err)
    assert out.getvalue() == "ingested 1, duplicate 0, failed 0\n"
    assert "No worker is running any more" in err.getvalue()


def test_hints_are_given_again_after_it(tmp_path):
    before = messages.SendingPause.until
    call_command("ingest", str(LETTER), stdout=io.StringIO(), stderr=io.StringIO())
    assert messages.SendingPause.until == before


def test_an_unknown_user_is_said(tmp_path):
    with pytest.raises(CommandError, match="There is no user"):
        call_command("ingest", str(LETTER), user="nobody")

"""Migrations can be taken back, with cases on file, and applied again."""

import os
import sqlite3
import subprocess
import sys

from django.conf import settings

from tests.postgres import run_script


def test_the_latest_migrations_can_be_taken_back_and_applied_again(tmp_path):
    env = os.environ | {
        "IMR_VAR_DIR": str(tmp_path),
        "IMR_LOCAL": "true",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "imrsite.settings",
    }

    def manage(*arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments, "-v0"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()

    manage("migrate")
    manage("synthesize", "30")
    manage("migrate", "cases", "0007")
    manage("migrate")
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        ((documents,),) = database.execute("SELECT count(*) FROM document_index")
        ((notes, lacking),) = database.execute(
            "SELECT count(*), sum(case_number = '') FROM reviews_annotation"
        )
        ((indexed,),) = database.execute("SELECT count(*) FROM annotation_index")
    assert documents == 30
    assert notes == indexed > 0
    assert lacking == 0


NARROWED = """
from django.core.management import call_command
from django.db import connection

def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()

def pages():
    return asked("SELECT pg_relation_size('issue_index') / 8192")[0][0]

rows = "SELECT rowid, facts, words FROM issue_index ORDER BY rowid"
with connection.cursor() as cursor:
    cursor.execute("ALTER TABLE issue_index RESET (toast_tuple_target)")
call_command("migrate", "cases", "0008", verbosity=0)
call_command("synthesize", "60", verbosity=0)
before, wide = asked(rows), pages()
call_command("migrate", verbosity=0)
assert asked(rows) == before
assert pages() < wide / 3, (pages(), wide)
assert asked("SELECT reloptions FROM pg_class WHERE relname = 'issue_index'") == [
    (["toast_tuple_target=128"],)
]
print("narrowed")
"""


def test_an_index_from_before_is_narrowed_on_postgresql_and_keeps_its_rows(postgres):
    done = run_script(NARROWED, postgres)
    assert "narrowed" in done.stdout, done.stderr

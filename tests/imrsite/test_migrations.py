"""Migrations can be taken back, with cases on file, and applied again."""

import os
import sqlite3
import subprocess
import sys

from django.conf import settings


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

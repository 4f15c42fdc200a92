"""`manage.py export annotations` as a program that no page was asked of before."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.product import ROOT


def test_annotations_can_be_exported_by_the_command():
    said = subprocess.run(
        [sys.executable, "manage.py", "export", "--help"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "{cases,issues,citations,annotations}" in said.stdout
